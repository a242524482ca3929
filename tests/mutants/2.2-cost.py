"""Faults that learners make in 2.2-cost."""

MUTANTS = [
    ("prices reading only", "machine", 'prompt_tokens * costs["read"] + answer_tokens * costs["write"]', 'prompt_tokens * costs["read"]'),
    ("prices writing only", "recorded", 'prompt_tokens * costs["read"] + answer_tokens * costs["write"]', 'answer_tokens * costs["write"]'),
    ("one price for every token", "machine", 'answer_tokens * costs["write"]', 'answer_tokens * costs["read"]'),
    ("mixes up the two halves", "recorded", 'prompt_tokens * costs["read"] + answer_tokens * costs["write"]', 'prompt_tokens * costs["write"] + answer_tokens * costs["read"]'),
    ("returns tokens per second", "machine", 'row[f"{half}_seconds"] / row[f"{half}_tokens"]', 'row[f"{half}_tokens"] / row[f"{half}_seconds"]'),
    ("takes the mean", "spoilt", "np.median", "np.mean"),
    ("takes the slowest call, to be safe", "spoilt", "np.median", "np.max"),
    ("takes the fastest call", "spoilt", "np.median", "np.min"),
]
