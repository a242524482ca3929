"""The answer is the sentence that is quoted, in place of the model's few words."""

CHANGES = [("answers", "answer=draft.answer.strip()", "answer=quote[:400]")]
HALF = "answers"
LOSES: set[str] = set()
