"""Faults that learners make in 1.1-retry."""

MUTANTS = [
    ("retries everything that is not a success", "retryable", "not in (429, 500, 502, 503, 504)", "== 200"),
    ("hands back 429 as if it were final", "retryable", "(429, 500, 502, 503, 504)", "(500, 502, 503, 504)"),
    ("thinks that only 500 is a server error", "retryable", "(429, 500, 502, 503, 504)", "(429, 500)"),
    ("lets the first timeout out", "bounded", "failure = error", "raise"),
    ("makes one attempt too many", "bounded", "range(max_attempts)", "range(max_attempts + 1)", "attempt + 1 == max_attempts", "attempt == max_attempts"),
    ("makes one attempt too few", "bounded", "range(max_attempts)", "range(max_attempts - 1)", "attempt + 1 == max_attempts", "attempt + 2 == max_attempts"),
    ("raises an error of its own at the end", "bounded", "raise failure\n    return reply", "raise failure\n    raise RuntimeError('gave up')"),
    ("ignores Retry-After", "pauses", 'reply is not None and "Retry-After" in reply.headers', "False"),
    ("reads Retry-After as milliseconds", "pauses", 'float(reply.headers["Retry-After"])', 'float(reply.headers["Retry-After"]) / 1000'),
    ("waits for Retry-After only, else not at all", "pauses", "wait = random.uniform(ceiling / 2, ceiling)", "wait = 0.0"),
    ("gives each attempt the whole deadline", "deadline", "timeout=deadline - (clock.now() - start)", "timeout=deadline"),
    ("gives the attempts no timeout", "deadline", "timeout=deadline - (clock.now() - start)", "timeout=None"),
    ("never looks at the clock before it waits", "in_vain", " or wait >= left", ""),
    ("sleeps the rest of the time away", "in_vain", "attempt + 1 == max_attempts or wait >= left", "attempt + 1 == max_attempts", "clock.sleep(wait)", "clock.sleep(min(wait, max(left, 0)))"),
]
