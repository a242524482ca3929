"""Faults that learners make in 1.4-diagnose."""

MUTANTS = [
    ("takes a server's trouble for a bad request", "status", 'status >= 500', 'status == 500'),
    ("thinks that 504 is a 503", "status", "status == 504 or status < 400", "status < 400"),
    ("takes a wrong key for a bad request", "status", "status in (401, 402, 403)", "status == 403"),
    ("backs off from a 404", "status", 'else "bad_request"', 'else "unavailable"'),
    ("takes too many requests for unavailable", "status", 'kind = "rate_limited"', 'kind = "unavailable"'),
    ("takes every timeout for no answer", "silence", "httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout", "httpx.ConnectError"),
    ("takes every silence for safe to repeat", "silence", '"unavailable" if unsent else "no_answer"', '"unavailable"'),
    ("takes a broken connection for one that never was", "silence", "httpx.PoolTimeout)", "httpx.PoolTimeout, httpx.ReadError)"),
    ("believes any 200", "silence", "status == 504 or status < 400", "status == 504"),
    ("waits for credit to come back", "quota", ' or code == "insufficient_quota"', ""),
    ("takes every 429 for want of credit", "quota", 'code == "insufficient_quota"', "status == 429"),
    ("reads Ollama's errors only", "words", 'isinstance(error, str)', "True"),
    ("reads OpenAI's errors only", "words", 'isinstance(error, str)', "False"),
    ("trusts that an error is JSON", "words", "(ValueError, KeyError, TypeError)", "KeyError"),
    ("trusts that an error has a sentence", "words", "(ValueError, KeyError, TypeError)", "ValueError"),
    ("hands the whole body on", "words", "return kind, said, ", "return kind, reply.text, "),
    ("does not read Retry-After", "wait", 'wait = reply.headers.get("Retry-After", "")', 'wait = ""'),
    ("trusts that Retry-After is a number", "wait", 'float(wait) if re.fullmatch(r"\\d+(\\.\\d+)?", wait) else None', "float(wait) if wait else None"),
    ("turns an unknown wait into zero", "wait", "wait) else None", "wait) else 0.0"),
    ("waits in whole seconds", "wait", "retry_after = float(wait)", "retry_after = round(float(wait))"),
]
