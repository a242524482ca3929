"""The answer says where to look and not what stands there."""

CHANGES = [("answers", "answer=draft.answer.strip()", 'answer=f"See passage {draft.passage} below."')]
HALF = "answers"
LOSES = {"answer_correctness"}
