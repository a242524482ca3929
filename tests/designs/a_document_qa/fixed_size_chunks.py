"""Chunks of 700 characters without regard to lines or headings, and without overlap."""

CHANGES = [
    (
        "passages",
        "    for line in (piece for raw in document.text.splitlines() for piece in pieces(raw.strip())):",
        """    for start in range(0, len(document.text), CHUNK_CHARS):
        lines = [document.text[start : start + CHUNK_CHARS]]
        close()
        lines = []
    for line in list[str]():""",
    ),
]
HALF = "search"
LOSES: set[str] = set()
LOWERS = {"hit_rate", "mrr"}
