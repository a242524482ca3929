"""Faults that learners make in 1.2-calibration."""

MUTANTS = [
    ("takes the absolute distance", "brier", "np.mean((said - was) ** 2)", "np.mean(abs(said - was))"),
    ("takes the root", "brier", "np.mean((said - was) ** 2)", "np.sqrt(np.mean((said - was) ** 2))"),
    ("adds up and does not average", "brier", "np.mean((said - was) ** 2)", "np.sum((said - was) ** 2)"),
    ("gives every bin the same weight", "ece", "* group.mean()", "/ bins"),
    ("lets gaps cancel", "ece", "abs(said[group].mean() - was[group].mean())", "(said[group].mean() - was[group].mean())"),
    ("takes the worst bin only", "ece", "ece += abs(said[group].mean() - was[group].mean()) * group.mean()", "ece = max(ece, abs(said[group].mean() - was[group].mean()))"),
    ("takes the middle of the bin for its confidence", "ece", "abs(said[group].mean() - was[group].mean())", "abs((number + 0.5) / bins - was[group].mean())"),
    ("squares the gaps", "ece", "abs(said[group].mean() - was[group].mean())", "(said[group].mean() - was[group].mean()) ** 2"),
    ("always makes ten bins", "edges", "np.minimum((said * bins).astype(int), bins - 1)", "np.minimum((said * 10).astype(int), 9)", "range(bins)", "range(10)"),
    ("loses 1.0", "edges", "np.minimum((said * bins).astype(int), bins - 1)", "(said * bins).astype(int)"),
    ("gives the edge to the bin below", "edges", "np.minimum((said * bins).astype(int), bins - 1)", "np.maximum(np.ceil(said * bins).astype(int) - 1, 0)"),
    ("rounds to the nearest bin", "ece", "(said * bins).astype(int)", "np.round(said * bins).astype(int)"),
    ("returns zero for nothing", "empty", "raise ValueError(\"there are no forecasts to score\")", "return {\"brier\": 0.0, \"ece\": 0.0}"),
    ("does not look whether there is anything", "empty", "if len(confidences) == 0:", "if False:"),
]
