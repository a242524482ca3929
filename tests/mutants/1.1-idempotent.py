"""Faults that learners make in 1.1-idempotent."""

MUTANTS = [
    ("acts every time", "once", "if key in store:", "if False:"),
    ("remembers nothing", "once", "    store[key] = (body, reply)\n", ""),
    ("answers a repetition without its body", "once", "(200, reply) if asked", "(200, {}) if asked"),
    ("one memory for all keys", "once", "if key in store:", "key = 'last'\n    if key in store:"),
    ("does not compare the body", "conflict", "(200, reply) if asked == body else (409, {\"error\": f\"key {key} was used for another request\"})", "(200, reply)"),
    ("compares the field names only", "conflict", "asked == body", "set(asked) == set(body)"),
    ("says 422 for a conflict", "conflict", "else (409,", "else (422,"),
    ("remembers a failure", "failure", "        return 502,", "        store[key] = (body, {})\n        return 502,"),
    ("writes the key down before it acts", "failure", "    try:\n", "    store[key] = (body, None)\n    try:\n"),
    ("lets the failure out", "failure", "        return 502, {\"error\": str(error)}", "        raise"),
    ("calls a failure a success", "failure", "return 502,", "return 200,"),
]
