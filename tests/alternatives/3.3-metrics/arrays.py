"""Arrays of length k, padded with zeros, and dot products with the discounts."""

import numpy as np


def score(results, relevant, k):
    if not relevant:
        raise ValueError("there is nothing to find")
    discounts = 1 / np.log2(np.arange(2, k + 2))
    names = np.array([name for name, _ in results], dtype=str)
    order = np.lexsort((names, [-value for _, value in results]))[:k] if len(names) else []
    gains, ideal = np.zeros(k), np.zeros(k)
    gains[: len(order)] = [relevant.get(str(names[i]), 0) for i in order]
    best = np.sort(list(relevant.values()))[::-1][:k]
    ideal[: len(best)] = best
    places = np.flatnonzero(gains)
    return {
        "hit": float(len(places) > 0),
        "precision": float(np.mean(gains > 0)),
        "recall": len(places) / len(relevant),
        "rr": float(1 / (places[0] + 1)) if len(places) else 0.0,
        "ndcg": float(gains @ discounts / (ideal @ discounts)),
    }
