"""Passages handed out with the best last, which the answer step makes up for."""

CHANGES = [
    ("index", "for row in found[:k]", "for row in found[:k][::-1]"),
    ("answers", "shown = passages[:SHOWN]", "shown = passages[::-1][:SHOWN]"),
]
HALF = "search"
LOSES = {"hit_rate", "mrr"}
