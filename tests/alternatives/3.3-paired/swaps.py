"""Exchanges the two scores of a question at the toss of a coin, without numpy."""

import random


def p_value(first, second, draws=5000, seed=0):
    if len(first) != len(second) or len(first) == 0:
        raise ValueError("two lists of the same length, please")
    pairs = list(zip(first, second, strict=True))
    observed = abs(sum(a - b for a, b in pairs))
    steps = [a - b for a, b in pairs if a != b]
    dice = random.Random(seed)
    count = 1
    for _ in range(draws):
        coins = dice.getrandbits(len(steps) + 1)
        total = sum(-step if coins >> place & 1 else step for place, step in enumerate(steps))
        count += abs(total) >= observed - 1e-9
    return count / (draws + 1)
