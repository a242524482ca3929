"""Faults that learners make in 3.5-threshold."""

MUTANTS = [
    ("lists the points from the lowest", "curve", "sorted(set(scores), reverse=True)", "sorted(set(scores))"),
    ("gives the share of right ones for the risk", "curve", "answered.count(False) / len(answered)", "answered.count(True) / len(answered)"),
    ("divides the wrong ones by all", "curve", "answered.count(False) / len(answered)", "answered.count(False) / len(scores)"),
    ("counts instead of giving a share", "curve", "len(answered) / len(scores)", "len(answered)"),
    ("a point for each answer", "ties", "sorted(set(scores), reverse=True)", "sorted(scores, reverse=True)"),
    ("answers above the threshold only", "curve", "if score >= level]", "if score > level or level == max(scores)]"),
    ("stops at the first point that is too risky", "target", "allowed = [point for point in curve(scores, right) if point[2] <= target + 1e-9]", "allowed = []\n    for point in curve(scores, right):\n        if point[2] > target + 1e-9:\n            break\n        allowed.append(point)"),
    ("takes the surest point", "target", "allowed[-1]", "allowed[0]"),
    ("keeps below the target", "target", "point[2] <= target + 1e-9", "point[2] < target"),
    ("takes the least risky point", "target", "allowed[-1]", "min(allowed, key=lambda point: point[2])"),
    ("answers the surest one in any case", "nothing", "if allowed else (None, 0.0, 0.0)", "if allowed else curve(scores, right)[0]"),
    ("makes a curve of nothing", "refuses", "if not len(scores) or len(scores) != len(right):", "if False:"),
    ("does not count the outcomes", "refuses", "if not len(scores) or len(scores) != len(right):", "if not len(scores):"),
    ("lets rounding decide", "target", "target + 1e-9", "target"),
]
