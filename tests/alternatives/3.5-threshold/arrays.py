"""Sorted once, with running sums, and the last of each run of equal scores."""

import numpy as np


def curve(scores, right):
    if len(scores) == 0 or len(scores) != len(right):
        raise ValueError("as many outcomes as scores, and one at least")
    order = np.argsort(-np.asarray(scores, dtype=float), kind="stable")
    levels, wrong = np.asarray(scores, dtype=float)[order], ~np.asarray(right, dtype=bool)[order]
    last = np.append(levels[1:] != levels[:-1], True)
    shown = np.arange(1, len(levels) + 1)
    table = np.column_stack([levels, shown / len(levels), np.cumsum(wrong) / shown])
    return table[last]


def threshold(scores, right, target):
    table = curve(scores, right)
    fits = np.flatnonzero(table[:, 2] <= target + 1e-9)
    return tuple(table[fits[-1]].tolist()) if len(fits) else (None, 0.0, 0.0)
