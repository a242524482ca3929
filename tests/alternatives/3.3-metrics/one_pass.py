"""One walk down the ranking, with a running account of everything; two stable sorts for the ties."""

from math import log


def score(results, relevant, k):
    if len(relevant) == 0:
        raise ValueError("nothing is relevant")
    ranking = sorted(sorted(results), key=lambda pair: pair[1], reverse=True)
    found, earned, first = 0, 0.0, 0.0
    for rank in range(1, min(k, len(ranking)) + 1):
        name = ranking[rank - 1][0]
        if name in relevant:
            found += 1
            first = first or 1 / rank
            earned += relevant[name] * log(2) / log(rank + 1)
    best, possible = sorted(relevant.values()), 0.0
    for rank in range(1, k + 1):
        possible += best.pop() * log(2) / log(rank + 1) if best else 0
    return {"ndcg": earned / possible, "rr": first, "hit": 1 if found else 0, "recall": found / len(relevant), "precision": found / k}
