"""The first sentence of the passage as quote, whatever it says."""

CHANGES = [("answers", "quote = max(candidates, key=lambda s: (support(draft.answer, s), len(terms(question) & terms(s))))", "quote = candidates[0]")]
HALF = "answers"
LOSES = {"citation_precision"}
