"""An answer for everything: no limit of similarity, none of support, and the model's "no passage" is overruled.

What the README says about failures is then said of another system: one that was silent.
"""

CHANGES = [
    ("answers", "MIN_SIMILARITY, MIN_SUPPORT = 0.43, 0.6", "MIN_SIMILARITY, MIN_SUPPORT = -1, 0"),
    (
        "answers",
        """    if not 1 <= draft.passage <= len(shown) or not terms(draft.answer):
        return SILENCE
""",
        """    words = draft.answer if terms(draft.answer) else shown[0].text[:40]
    draft = Draft(passage=max(1, draft.passage), answer=words)
""",
    ),
]
HALF = "answers"
LOSES = {"abstention", "failures"}
