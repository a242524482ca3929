"""Faults that learners make in 3.4-mmr."""

MUTANTS = [
    ("begins with the first row", "one", "picked = [int(np.argmax(relevance))]", "picked = [0]"),
    ("takes lam for the weight of variety", "one", "lam * relevance[row] - (1 - lam) * nearest(row)", "(1 - lam) * relevance[row] - lam * nearest(row)"),
    ("puts the last row first among equals", "one", "best = max(rest, key=worth)", "best = max(reversed(rest), key=worth)"),
    ("begins with no relevance at lam 0", "zero", "picked = [int(np.argmax(relevance))]", "picked = [int(np.argmax(lam * relevance))]"),
    ("looks only at the last one picked", "zero", "max(similar[row][other] for other in picked)", "similar[row][picked[-1]]"),
    ("looks only at the first one picked", "zero", "max(similar[row][other] for other in picked)", "similar[row][picked[0]]"),
    ("averages the similarity to those picked", "zero", "max(similar[row][other] for other in picked)", "sum(similar[row][other] for other in picked) / len(picked)"),
    ("adds up the similarity to those picked", "between", "max(similar[row][other] for other in picked)", "sum(similar[row][other] for other in picked)"),
    ("takes the least similar of those picked", "between", "max(similar[row][other] for other in picked)", "min(similar[row][other] for other in picked)"),
    ("subtracts the similarity in full", "between", "relevance[row] - (1 - lam) * nearest(row)", "relevance[row] - nearest(row)"),
    ("rewards similarity", "between", "relevance[row] - (1 - lam)", "relevance[row] + (1 - lam)"),
    ("penalises only what is similar, never rewards the opposite", "between", "(1 - lam) * nearest(row)", "(1 - lam) * max(0.0, nearest(row))"),
    ("picks two at least", "all", "min(k, len(relevance))", "min(max(k, 2), len(relevance))"),
    ("runs out of rows", "all", "while len(picked) < min(k, len(relevance)):", "while len(picked) < k:"),
    ("picks rows twice", "all", "if row not in picked]", "]"),
]
