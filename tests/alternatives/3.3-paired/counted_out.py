"""The exact share: all sums that signs can make, with the number of ways to each."""

from collections import defaultdict


def p_value(first, second, draws=5000, seed=0):
    if not first or len(first) != len(second):
        raise ValueError(f"{len(first)} scores against {len(second)}")
    differences = [a - b for a, b in zip(first, second, strict=True)]
    ways = {0.0: 1}
    for step in differences:
        after = defaultdict(int)
        for total, count in ways.items():
            after[round(total + step, 9)] += count
            after[round(total - step, 9)] += count
        ways = after
    far = abs(sum(differences)) - 1e-9
    return sum(count for total, count in ways.items() if abs(total) >= far) / 2 ** len(differences)
