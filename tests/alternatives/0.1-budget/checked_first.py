"""Checks what it needs before it computes anything."""


def timeout_for(prompt_tokens, answer_tokens, machine, *, margin=3.0, floor=5.0):
    halves = [(n, machine.get(kind)) for kind, n in {"prompt": prompt_tokens, "generation": answer_tokens}.items() if n > 0]
    if any(not rate or rate < 0 for _, rate in halves):
        raise ValueError("measure this machine first")
    return max([floor, margin * sum(n / rate for n, rate in halves)])
