"""Groups of equal scores, and Python's max."""

from itertools import groupby


def curve(scores, right):
    if not scores or len(scores) - len(right):
        raise ValueError("nothing to choose from")
    pairs = sorted(zip(scores, right, strict=True), reverse=True)
    points, shown, wrong = [], 0, 0
    for level, group in groupby(pairs, key=lambda pair: pair[0]):
        for _, good in group:
            shown += 1
            wrong += not good
        points.append([level, shown / len(pairs), wrong / shown])
    return points


def threshold(scores, right, target):
    safe = (point for point in curve(scores, right) if point[2] - target <= 1e-9)
    return max(safe, key=lambda point: point[1], default=[None, 0, 0])
