"""Faults that learners make in 1.4-key."""

MUTANTS = [
    ("forgets which model was asked", "model", "[digest, request", "[request"),
    ("uses Python's own hash", "model", "hashlib.sha256(text.encode()).hexdigest()", "str(hash(text))"),
    ("looks at the last message only", "messages", 'request["messages"]', 'request["messages"][-1:]'),
    ("runs the messages together", "messages", 'request["messages"]', '"".join(m["role"] + m["content"] for m in request["messages"])'),
    ("runs the contents together", "messages", 'request["messages"]', '"".join(m["content"] for m in request["messages"])'),
    ("ignores the roles", "messages", 'request["messages"]', '[m["content"] for m in request["messages"]]'),
    ("sorts the messages", "messages", 'request["messages"]', 'sorted(json.dumps(m, sort_keys=True) for m in request["messages"])'),
    ("thinks that case does not matter", "messages", "text.encode()", "text.lower().encode()"),
    ("strips the contents", "messages", 'request["messages"]', '[{**m, "content": m["content"].strip()} for m in request["messages"]]'),
    ("forgets the options", "options", "asked = [digest, ", "options = {}\n    asked = [digest, "),
    ("takes zero for not given", "options", "if value is not None", "if value"),
    ("keeps the values and not their names", "options", '["messages"], options]', '["messages"], sorted(map(str, options.values()))]'),
    ("rounds the temperature", "options", "isinstance(value, float) and value.is_integer()", "isinstance(value, float)"),
    ("keys the whole request", "same", "[digest, request[\"messages\"], options]", "[digest, request]"),
    ("lets the order of a dict decide", "same", ", sort_keys=True", ""),
    ("tells 1.0 from 1", "same", "value = int(value)", "pass"),
    ("tells None from not given", "same", "if value is not None", "if True"),
]
