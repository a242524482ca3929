"""Answers without a citation."""

CHANGES = [("answers", "citations=[Citation(document=best.document, quote=quote[:400])]", "citations=[]")]
HALF = "run"
LOSES = {"contract", "citation_precision", "web_app"}
