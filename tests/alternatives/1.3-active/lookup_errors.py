"""Lets the look-ups fail and says so once."""

import string


def resolve(name, registry, active):
    try:
        chosen = {"version": active[name], **registry[name][active[name]]}
    except KeyError as error:
        raise ValueError(f"{name}: {error} is not there") from None
    parts = chosen["model"].split("@")
    if len(parts) != 2 or not parts[0] or not 12 <= len(parts[1]) <= 64 or set(parts[1]) - set(string.digits + "abcdef"):
        raise ValueError("not pinned: " + chosen["model"])
    chosen["model"], chosen["digest"] = parts
    return chosen
