"""In tenth place, all that was found of the same page in one passage."""

CHANGES = [
    (
        "index",
        'Passage(row["document"], row["context"], row["text"], ',
        'Passage(row["document"], row["context"], row["text"] if place < 9 else "\\n".join(r["text"] for r in found if r["document"] == row["document"]), ',
    ),
    ("index", "for row in found[:k]", "for place, row in enumerate(found[:k])"),
]
HALF = "search"
LOSES = {"passages"}
