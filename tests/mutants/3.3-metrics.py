"""Faults that learners make in 3.3-metrics."""

MUTANTS = [
    ("looks for a hit anywhere in the ranking", "first", "pair[0]))][:k]", "pair[0]))]"),
    ("takes the rank of the last relevant passage", "first", "hits.index(True) + 1", "k - hits[::-1].index(True)"),
    ("counts ranks from zero", "first", "1 / (hits.index(True) + 1)", "1 / max(hits.index(True), 1)"),
    ("takes the first result as the only hit", "first", "float(any(hits))", "float(hits[0])"),
    ("divides precision by what was returned", "shares", "sum(hits) / k", "sum(hits) / max(len(hits), 1)"),
    ("divides recall by k at most", "shares", "sum(hits) / len(relevant)", "sum(hits) / min(k, len(relevant))"),
    ("weighs recall by gains", "shares", "sum(hits) / len(relevant)", "sum(gains) / sum(relevant.values())"),
    ("forgets the gains", "ndcg", "dcg(gains) / dcg(sorted(relevant.values(), reverse=True)[:k])", "dcg(hits) / dcg([1] * min(k, len(relevant)))"),
    ("compares with the best order of what was found", "ndcg", "dcg(sorted(relevant.values(), reverse=True)[:k])", "(dcg(sorted(gains, reverse=True)) or 1)"),
    ("never cuts the ideal at k", "ndcg", "reverse=True)[:k])", "reverse=True))"),
    ("discounts by the rank itself", "ndcg", "math.log2(rank + 1)", "rank"),
    ("does not discount the first two", "ndcg", "math.log2(rank + 1)", "max(1, math.log2(rank))"),
    ("leaves ties in the order they came in", "ties", "(-pair[1], pair[0])", "-pair[1]"),
    ("puts the later id first", "ties", "sorted(results, key=lambda pair: (-pair[1], pair[0]))", "sorted(results, key=lambda pair: (pair[1], pair[0]), reverse=True)"),
    ("gives a question without an answer a perfect recall", "empty", 'raise ValueError("no passage is relevant, so there is nothing to find")', 'return dict.fromkeys(("hit", "precision", "recall", "rr", "ndcg"), 1.0)'),
    ("stumbles over an empty result", "empty", "float(any(hits))", "float(max(hits))"),
]
