"""No numpy: random.choices, sorted means, ends by position."""

import random


def interval(values, level=0.95, draws=2000, seed=0):
    if not values:
        raise ValueError("no values")
    dice = random.Random(seed)
    means = sorted(sum(dice.choices(values, k=len(values))) / len(values) for _ in range(draws))
    aside = round(draws * (1 - level) / 2)
    return means[aside], means[draws - 1 - aside]
