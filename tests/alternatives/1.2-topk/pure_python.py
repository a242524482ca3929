"""Plain loops; Python's sort is stable, also under reverse=True."""

from math import sqrt


def length(vector):
    return sqrt(sum(x * x for x in vector))


def topk(query, matrix, k):
    scored = []
    for number, row in enumerate(matrix):
        both = length(query) * length(row)
        dot = sum(float(a) * float(b) for a, b in zip(query, row, strict=True))
        scored.append((number, dot / both if both else 0.0))
    scored.sort(key=lambda pair: pair[1], reverse=True)
    return scored[:k]
