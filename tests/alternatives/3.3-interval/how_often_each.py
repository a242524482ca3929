"""Draws how often each value comes, by a multinomial, and takes percentiles."""

import numpy as np


def interval(values, level=0.95, draws=2000, seed=0):
    n = len(values)
    if n == 0:
        raise ValueError("an interval of what?")
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)
    means = np.clip(counts @ np.asarray(values, dtype=float) / n, min(values), max(values))
    return list(np.percentile(means, [50 * (1 - level), 50 * (1 + level)]))
