"""Answers without a citation."""

CHANGES = [("answers", "citations=[Citation(document=best.document, quote=quote[:400])]", "citations=[]")]
HALF = "figures"
LOSES = {"contract", "citation_precision"}
