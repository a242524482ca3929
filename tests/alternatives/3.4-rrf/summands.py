"""Collects what each id gets, adds it up at the end, and remembers when each was first met."""

import math


def rrf(rankings, k=60):
    summands, met = {}, {}
    for ranking in rankings:
        for place in range(len(ranking)):
            name = ranking[place]
            summands.setdefault(name, []).append(1 / (k + place + 1))
            met[name] = met.get(name, len(met))
    scored = [(-math.fsum(parts), met[name], name) for name, parts in summands.items()]
    scored.sort()
    return [(name, -score) for score, _, name in scored]
