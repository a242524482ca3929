"""Walks back from the last turn and stops at the first that does not fit."""


def trim(messages, budget, count):
    rest = [message for message in messages if message["role"] != "system"]
    system = [message for message in messages if message["role"] == "system"]
    end, kept = len(rest), []
    while end:
        begin = end - 1
        while begin > 0 and rest[begin]["role"] != "user":
            begin -= 1
        longer = rest[begin:end] + kept
        if count(system + longer) > budget:
            break
        kept, end = longer, begin
    if not kept:
        raise ValueError("not even the last turn fits")
    return system + kept
