"""Puts minus infinity where the tail is and takes the softmax again, as transformers does."""

import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / e.sum()


def nucleus(logits, temperature=1.0, top_p=1.0):
    logits = np.asarray(logits, dtype=float)
    if not temperature:
        return np.eye(len(logits))[logits.argmax()]
    scores = logits / temperature
    order = np.lexsort((np.arange(len(scores)), -scores))
    sums = np.cumsum(softmax(scores)[order])
    last = min(int(np.searchsorted(sums, top_p)), len(scores) - 1)
    masked = np.full(len(scores), -np.inf)
    masked[order[: last + 1]] = scores[order[: last + 1]]
    return softmax(masked)
