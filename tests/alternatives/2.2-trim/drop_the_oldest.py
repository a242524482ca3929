"""Drops the oldest turn from a copy until what is left fits."""


def trim(messages, budget, count):
    kept = list(messages)
    while count(kept) > budget:
        asked = [index for index, message in enumerate(kept) if message["role"] == "user"]
        if len(asked) < 2:
            raise ValueError(f"{count(kept)} tokens do not fit into {budget}")
        del kept[asked[0] : asked[1]]
    return kept
