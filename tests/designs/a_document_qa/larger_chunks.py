"""Chunks of 1,000 characters."""

CHANGES = [("passages", "CHUNK_CHARS = 700", "CHUNK_CHARS = 1000")]
HALF = "search"
LOSES: set[str] = set()
