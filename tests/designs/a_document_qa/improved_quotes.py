"""Quotes that are rounded off with a few words of introduction: they stand in no document."""

CHANGES = [("answers", "quote=quote[:400]", 'quote=f"As our documents explain: {quote}"[:400]')]
HALF = "answers"
LOSES = {"citation_precision", "web_app"}
