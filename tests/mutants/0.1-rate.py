"""Faults that learners make in 0.1-rate."""

MUTANTS = [
    ("takes nanoseconds for seconds", "rates", " * 1e9", ""),
    ("takes nanoseconds for microseconds", "rates", "1e9", "1e6"),
    ("divides the wrong way round", "rates", "count / nanoseconds * 1e9", "nanoseconds / count / 1e9"),
    ("times the writing with the reading's clock", "rates", 'reply.get("eval_duration")', 'reply.get("prompt_eval_duration")'),
    ("rounds to whole tokens", "rates", "count / nanoseconds * 1e9", "round(count / nanoseconds * 1e9)"),
    ("calls an unknown rate zero", "unknown", "else None", "else 0.0"),
    ("trusts that every field is there", "unknown", 'reply.get("prompt_eval_count")', 'reply["prompt_eval_count"]'),
    ("forgets that a duration can be zero", "unknown", "if count and nanoseconds", "if count and nanoseconds is not None"),
    ("calls zero tokens a rate of zero", "unknown", "if count and nanoseconds", "if count is not None and nanoseconds"),
]
