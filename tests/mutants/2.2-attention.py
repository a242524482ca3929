"""Faults that learners make in 2.2-attention."""

MUTANTS = [
    ("forgets the square root of the width", "formula", " / np.sqrt(keys.shape[1])", ""),
    ("divides by the width itself", "formula", "np.sqrt(keys.shape[1])", "keys.shape[1]"),
    ("softmax down the columns", "formula", "scores.max(axis=1, keepdims=True)", "scores.max(axis=0, keepdims=True)", "weights.sum(axis=1, keepdims=True)", "weights.sum(axis=0, keepdims=True)"),
    ("has no mask", "leak", "np.where(later, -np.inf, scores)", "scores"),
    ("masks with a score of zero", "leak", "np.where(later, -np.inf, scores)", "np.where(later, 0.0, scores)"),
    ("masks after the softmax and does not share out again", "formula", "    scores = np.where(later, -np.inf, scores)\n", "", "weights / weights.sum(axis=1, keepdims=True)", "np.where(later, 0.0, weights / weights.sum(axis=1, keepdims=True))"),
    ("sees one position too far", "leak", "np.arange(m)[:, None] + n - m", "np.arange(m)[:, None] + n - m + 1"),
    ("takes the queries for the first positions", "decode", "np.arange(m)[:, None] + n - m", "np.arange(m)[:, None]"),
    ("looks backwards: the mask is transposed", "leak", "np.arange(n)[None, :] > np.arange(m)[:, None] + n - m", "np.arange(n)[None, :] < np.arange(m)[:, None] + n - m"),
    ("does not subtract the largest score", "stable", "scores - scores.max(axis=1, keepdims=True)", "scores"),
    ("subtracts one row's largest score from all", "stable", "scores.max(axis=1, keepdims=True)", "scores.max()"),
]
