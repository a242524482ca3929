"""A matrix of hits, a row per valid outcome."""

import numpy as np


def score(outcomes, names):
    hits = np.array([[got[name] == want[name] for name in names] for got, want in outcomes if got is not None], dtype=float)
    if not outcomes:
        return {"valid": None, "fields": dict.fromkeys(names), "usable": None}
    if not len(hits):
        return {"valid": 0.0, "fields": dict.fromkeys(names), "usable": 0.0}
    fields = {name: float(hits[:, column].mean()) for column, name in enumerate(names)}
    return {"valid": len(hits) / len(outcomes), "fields": fields, "usable": float(hits.all(axis=1).sum()) / len(outcomes)}
