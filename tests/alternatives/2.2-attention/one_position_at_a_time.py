"""A loop over the queries; each looks at a slice, so that there is nothing to mask."""

import numpy as np


def causal_attention(queries, keys, values):
    first = len(keys) - len(queries)
    rows = []
    for number, query in enumerate(queries):
        seen = first + number + 1
        scores = keys[:seen] @ query / keys.shape[1] ** 0.5
        shares = np.exp(scores - np.max(scores))
        rows.append(shares @ values[:seen] / shares.sum())
    return np.stack(rows)
