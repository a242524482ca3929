"""Least squares through the origin for each kind; what is unknown takes the largest prediction of all."""

import numpy as np


def fit_counts(samples):
    slopes = {}
    for kind in {sample["kind"] for sample in samples}:
        x = np.array([len(s["text"]) for s in samples if s["kind"] == kind], dtype=float)
        y = np.array([s["tokens"] for s in samples if s["kind"] == kind], dtype=float)
        slopes[kind] = float(x @ y / (x @ x))

    def predict(kind, text):
        if kind in slopes:
            return slopes[kind] * len(text)
        return max(slope * len(text) for slope in slopes.values())

    return predict
