"""Answers clipped to eight characters, as by a column that is too narrow."""

CHANGES = [("answers", "answer=draft.answer.strip()", "answer=draft.answer.strip()[:8]")]
HALF = "answers"
LOSES = {"answer_correctness"}
