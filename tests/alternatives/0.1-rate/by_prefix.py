"""Builds the field names from a prefix and lets a failed division speak."""


def tokens_per_second(reply):
    found = {}
    for kind, prefix in {"prompt": "prompt_eval", "generation": "eval"}.items():
        try:
            found[kind] = 1e9 * reply[f"{prefix}_count"] / reply[f"{prefix}_duration"] or None
        except (KeyError, TypeError, ZeroDivisionError):
            found[kind] = None
    return found
