"""Chunks of 500 characters."""

CHANGES = [("passages", "CHUNK_CHARS = 700", "CHUNK_CHARS = 500")]
HALF = "search"
LOSES: set[str] = set()
