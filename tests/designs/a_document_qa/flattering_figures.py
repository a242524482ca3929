"""A hit rate@10 reported as hit rate@5."""

CHANGES = [("scores", "any(row[:5])", "any(row[:10])")]
HALF = "run"
LOSES = {"honest_figures"}
