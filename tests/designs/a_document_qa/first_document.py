"""The best-ranked passage's document is cited, whichever passage the answer comes from."""

CHANGES = [("answers", "Citation(document=best.document,", "Citation(document=shown[0].document,")]
HALF = "answers"
LOSES = {"citation_precision"}
