"""Keeps, for each row, how near the nearest picked one is, and masks what is taken."""

import numpy as np


def mmr(relevance, similar, lam, k):
    relevance, similar = np.asarray(relevance, dtype=float), np.asarray(similar, dtype=float)
    taken = np.zeros(len(relevance), dtype=bool)
    picked = []
    worth = relevance
    nearest = np.full(len(relevance), -np.inf)
    for _ in range(min(k, len(relevance))):
        row = int(np.argmax(np.where(taken, -np.inf, worth)))
        picked.append(row)
        taken[row] = True
        nearest = np.maximum(nearest, similar[row])
        worth = lam * relevance - (1 - lam) * nearest
    return picked
