"""Faults that learners make in 3.3-interval."""

MUTANTS = [
    ("takes the spread of the values for that of the mean", "ends", "sample.mean(axis=1)", "sample[:, 0]"),
    ("averages the wrong axis", "ends", "sample.mean(axis=1)", "sample.mean(axis=0)"),
    ("resamples without replacement", "ends", "rng.choice(values, size=(draws, len(values)))", "np.array([rng.permutation(values) for _ in range(draws)])"),
    ("always 95 %", "ends", "[(1 - level) / 2, (1 + level) / 2]", "[0.025, 0.975]"),
    ("cuts off the whole rest on either side", "ends", "[(1 - level) / 2, (1 + level) / 2]", "[1 - level, level]"),
    ("resamples ten values, whatever there are", "ends", "size=(draws, len(values))", "size=(draws, 10)"),
    ("returns the upper end first", "ends", "return float(low), float(high)", "return float(high), float(low)"),
    ("takes two standard errors, below zero if need be", "inside", "return float(low), float(high)", "m, e = np.mean(values), 1.96 * np.std(values) / len(values) ** 0.5\n    return float(m - e), float(m + e)"),
    ("ignores the seed", "repeats", "default_rng(seed)", "default_rng()"),
    ("gives an interval for nothing", "empty", 'raise ValueError("there are no values to average")', "return 0.0, 0.0"),
]
