"""A helper per half, which refuses to guess."""


def half(tokens, rate):
    if tokens == 0:
        return 0.0
    if rate is None or not rate > 0:
        raise ValueError(f"unknown rate: {rate}")
    return tokens / rate


def timeout_for(prompt_tokens, answer_tokens, machine, *, margin=3.0, floor=5.0):
    expected = half(prompt_tokens, machine["prompt"]) + half(answer_tokens, machine["generation"])
    return floor if margin * expected < floor else margin * expected
