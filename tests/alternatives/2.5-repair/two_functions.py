"""Parsing gives a value or a complaint; what to do about a complaint stands apart."""

import copy


def attempt(parse, reply):
    try:
        return parse(reply), None
    except ValueError as complaint:
        return None, complaint


def ask_valid(ask, parse, messages):
    own = copy.deepcopy(messages)
    reply = ask(own)
    value, complaint = attempt(parse, reply)
    if complaint is None:
        return (value, False)
    own.append({"role": "assistant", "content": reply})
    own.append({"role": "user", "content": f"Your reply was refused.\n{complaint}\nAnswer again."})
    value, complaint = attempt(parse, ask(own))
    if complaint is not None:
        raise complaint
    return (value, True)
