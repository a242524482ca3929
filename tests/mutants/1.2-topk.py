"""Faults that learners make in 1.2-topk."""

MUTANTS = [
    ("takes the dot product for the cosine", "values", "out=np.zeros(len(dots)), where=lengths > 0)", "out=np.zeros(len(dots)), where=lengths > 0) * lengths"),
    ("divides by the query's length only", "values", "np.linalg.norm(matrix, axis=1) * np.linalg.norm(query)", "np.full(len(matrix), np.linalg.norm(query))"),
    ("takes the lengths of the columns", "values", "axis=1", "axis=0"),
    ("puts the worst first", "values", "np.argsort(-similarities", "np.argsort(similarities"),
    ("takes opposite for alike", "values", "np.argsort(-similarities", "np.argsort(-abs(similarities)"),
    ("picks the best k without sorting them", "values", 'np.argsort(-similarities, kind="stable")[:k]', "sorted(np.argsort(-similarities)[:k])"),
    ("always returns one too few", "values", "[:k]", "[: k - 1]"),
    ("returns the rows without their similarity", "values", "(int(row), float(similarities[row]))", "int(row)"),
    ("reverses an ascending sort, and with it the ties", "ties", 'np.argsort(-similarities, kind="stable")[:k]', 'np.argsort(similarities, kind="stable")[::-1][:k]'),
    ("sorts pairs, so that the later of two equals comes first", "ties", 'np.argsort(-similarities, kind="stable")[:k]', "[i for _, i in sorted(zip(similarities, range(len(dots))), reverse=True)][:k]"),
    ("divides by zero", "zero", "np.divide(dots, lengths, out=np.zeros(len(dots)), where=lengths > 0)", "dots / lengths"),
    ("leaves rows of length zero out", "zero", "float(similarities[row])) for row in order]", "float(similarities[row])) for row in order if lengths[row]]"),
    ("calls a row of length zero opposite", "zero", "out=np.zeros(len(dots))", "out=-np.ones(len(dots))"),
]
