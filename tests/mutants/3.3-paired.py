"""Faults that learners make in 3.3-paired."""

MUTANTS = [
    ("looks one way only", "value", "np.abs((signs * differences).mean(axis=1))", "(signs * differences).mean(axis=1)"),
    ("returns the share that is less extreme", "value", "(1 + as_extreme) / (1 + draws)", "1 - as_extreme / (1 + draws)"),
    ("flips all questions together", "value", "size=(draws, len(differences))", "size=(draws, 1)"),
    ("tests the difference of the first question", "value", "observed = abs(differences.mean())", "observed = abs(differences[0])"),
    ("compares whether it is more extreme only", "equal", ">= observed - 1e-12", "> observed + 1e-12"),
    ("shuffles scores across questions", "paired", "np.abs((signs * differences).mean(axis=1))", "np.abs(rng.permuted(np.tile(np.concatenate([first, second]), (draws, 1)), axis=1) @ np.repeat([1, -1], len(first)) / len(first))"),
    ("draws signs with a zero", "value", "rng.choice([-1, 1]", "rng.choice([-1, 0, 1]"),
    ("says that chance is impossible", "zero", "(1 + as_extreme) / (1 + draws)", "as_extreme / draws"),
    ("cuts the longer list off", "refuses", "len(first) != len(second) or not len(first)", "not len(first)", "np.asarray(first, dtype=float) - np.asarray(second, dtype=float)", "np.array([a - b for a, b in zip(first, second)])"),
    ("calls no questions certain", "refuses", "if len(first) != len(second) or not len(first):", "if not len(first):\n        return 0.0\n    if len(first) != len(second):"),
]
