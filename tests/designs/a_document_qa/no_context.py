"""Chunks without title and heading as context: "it is renewed within 30 days", and nobody knows what."""

CHANGES = [("index", 'words = [f"{piece.context}\\n{piece.text}" for piece in chunks]', "words = [piece.text for piece in chunks]")]
HALF = "search"
LOSES = {"hit_rate", "mrr"}
