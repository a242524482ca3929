from itertools import combinations
from statistics import median


def capacity(measured, rows):
    """The median of the slopes between all pairs, and the median of what is left."""

    def at(points):
        slope = median((b - a) / (y - x) for (x, a), (y, b) in combinations(points, 2))
        return median(value - slope * size for size, value in points) + slope * rows

    quick = [(one["rows"], median(one["ms"])) for one in measured]
    return {"ms": at(quick), "bytes": at([(one["rows"], one["bytes"]) for one in measured])}
