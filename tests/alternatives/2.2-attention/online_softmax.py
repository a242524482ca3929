"""Goes over the positions once and keeps a running maximum, sum and average, as kernels for long contexts do."""

import numpy as np


def causal_attention(queries, keys, values):
    queries, keys, values = (np.asarray(x, dtype=float) for x in (queries, keys, values))
    own = np.arange(len(queries)) + len(keys) - len(queries)
    largest = np.full(len(queries), -1e300)
    total = np.zeros(len(queries))
    mixed = np.zeros((len(queries), values.shape[1]))
    for position, (key, value) in enumerate(zip(keys, values, strict=True)):
        sees = own >= position
        score = queries @ key / np.sqrt(keys.shape[1])
        new = np.where(sees, np.maximum(largest, score), largest)
        shrink = np.exp(np.maximum(largest - new, -700.0))
        weight = np.where(sees, np.exp(np.minimum(score - new, 0.0)), 0.0)
        total = total * shrink + weight
        mixed = mixed * shrink[:, None] + weight[:, None] * value
        largest = new
    return mixed / total[:, None]
