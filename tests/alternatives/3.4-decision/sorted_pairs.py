"""Sorted lines of each search side by side; the standard library's random for the bootstrap."""

import json
import random
from statistics import fmean


def decision_row(path, first, second, measure, date):
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def column(search):
        return sorted((row["question"], row[measure]) for row in rows if row["search"] == search)

    left, right = column(first), column(second)
    if len(left) == 0 or [name for name, _ in left] != [name for name, _ in right]:
        raise ValueError("the two searches were not asked the same questions")
    gaps = [a - b for (_, a), (_, b) in zip(left, right, strict=True)]
    dice = random.Random(3)
    means = sorted(fmean(dice.choices(gaps, k=len(gaps))) for _ in range(2000))
    low, high = means[49], means[1950]
    if low <= 0 <= high:
        decision = "no decision"
    else:
        decision = first if low > 0 else second
    return {
        "date": date,
        "compared": first + " - " + second,
        "measure": measure,
        "n": len(gaps),
        "difference": fmean(gaps),
        "low": low,
        "high": high,
        "decision": decision,
    }
