"""Brings everything to length one first, and breaks ties with a second sort key."""

import numpy as np


def unit(vectors):
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.where(lengths > 0, vectors / np.where(lengths > 0, lengths, 1), 0.0)


def topk(query, matrix, k):
    similarities = unit(np.asarray(matrix, dtype=float)) @ unit(np.asarray(query, dtype=float))
    order = np.lexsort((np.arange(len(similarities)), -similarities))
    return [(i, similarities[i]) for i in order[:k]]
