"""No arrays: lists in, lists out."""

import math


def softmax(logits, temperature=1.0):
    if temperature <= 0:
        raise ValueError(f"{temperature} is no temperature")
    highest = max(logits)
    parts = [math.exp((logit - highest) / temperature) for logit in logits]
    total = math.fsum(parts)
    return [part / total for part in parts]
