"""Begins with everything and drops the last passage until it fits."""


def fits_budget(instructions, passages, question, count, *, window, answer):
    kept = list(passages)
    while True:
        parts = [instructions]
        parts.extend(kept)
        parts.append(question)
        if count("\n\n".join(parts)) + answer <= window:
            return len(kept)
        if not kept:
            raise ValueError(f"window of {window} tokens: too small")
        kept.pop()
