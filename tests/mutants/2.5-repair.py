"""Faults that learners make in 2.5-repair."""

MUTANTS = [
    ("repairs until it works", "once", "        return parse(ask(again)), True", "        return ask_valid(ask, parse, again)[0], True"),
    ("gives up at the first drift", "complains", "        return parse(ask(again)), True", "        raise"),
    ("asks the same again", "complains", "parse(ask(again))", "parse(ask(messages))"),
    ("does not show the model its reply", "complains", '{"role": "assistant", "content": reply}, ', ""),
    ("does not say what is wrong", "complains", "{error}", "invalid"),
    ("changes the caller's list", "complains", "again = [*messages, ", "again = messages\n        again += ["),
    ("hides the second drift", "once", "        return parse(ask(again)), True", "        try:\n            return parse(ask(again)), True\n        except ValueError:\n            return None, True"),
    ("raises the first drift when the second comes", "once", "        return parse(ask(again)), True", "        try:\n            return parse(ask(again)), True\n        except ValueError:\n            raise error from None"),
    ("takes a dead network for drift", "network", "    reply = ask(messages)\n    try:\n", "    try:\n        reply = ask(messages)\n", "except ValueError as error", "except Exception as error", 'again = [*messages, {"role": "assistant", "content": reply}, ', "again = [*messages, "),
    ("says that a first reply was repaired", "first", "parse(reply), False", "parse(reply), True"),
    ("asks twice to be sure", "first", "    reply = ask(messages)\n", "    ask(messages)\n    reply = ask(messages)\n"),
]
