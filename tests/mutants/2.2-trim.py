"""Faults that learners make in 2.2-trim."""

MUTANTS = [
    ("drops the newest turns first", "keeps", "turns[start:] for start in range(len(turns))", "turns[: len(turns) - start] for start in range(len(turns))"),
    ("drops the system messages with the rest", "keeps", "kept = [*system, *(message for turn in part for message in turn)]", "kept = [message for turn in part for message in turn]"),
    ("forgets that the system messages count too", "keeps", "if count(kept) <= budget:", "if count(kept[len(system) :]) <= budget:"),
    ("keeps the last turn only", "most", "range(len(turns))", "range(len(turns) - 1, len(turns))"),
    ("stops one token early", "most", "count(kept) <= budget", "count(kept) < budget"),
    ("cuts between a question and its answer", "most", 'if message["role"] == "user":', "if True:"),
    ("sends what is too long all the same", "refuses", 'raise ValueError(f"the system messages and the last turn are longer than {budget} tokens")', "return kept"),
    ("answers with nothing instead of an error", "refuses", 'raise ValueError(f"the system messages and the last turn are longer than {budget} tokens")', "return []"),
    ("shortens the conversation itself", "untouched", "            return kept", "            messages[:] = kept\n            return messages"),
]
