"""No abstention of one's own: whether there is an answer is left to the model, which seldom says that there is none."""

CHANGES = [("answers", "MIN_SIMILARITY, MIN_SUPPORT = 0.43, 0.6", "MIN_SIMILARITY, MIN_SUPPORT = -1, 0")]
HALF = "answers"
LOSES = {"abstention"}
