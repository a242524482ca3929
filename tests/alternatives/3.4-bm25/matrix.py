"""A dense matrix of weights, passages by words; a query is a row of counts."""

import re

import numpy as np


class BM25:
    def __init__(self, passages, k1=1.2, b=0.75):
        split = [re.findall(r"\w+", text.lower()) for text in passages]
        self.column = {word: place for place, word in enumerate(sorted({word for row in split for word in row}))}
        counts = np.zeros((len(split), len(self.column)))
        for row, found in enumerate(split):
            for word in found:
                counts[row, self.column[word]] += 1
        lengths = counts.sum(axis=1, keepdims=True)
        average = lengths.mean() if len(split) else 1.0
        holding = (counts > 0).sum(axis=0)
        idf = np.log1p((len(split) - holding + 0.5) / (holding + 0.5))
        pay = 1 - b + b * lengths / (average or 1.0)
        with np.errstate(invalid="ignore"):
            self.weights = np.where(counts > 0, idf * counts * (k1 + 1) / (counts + k1 * pay), 0.0)

    def search(self, query, depth):
        columns = [self.column[word] for word in re.findall(r"\w+", query.lower()) if word in self.column]
        scores = self.weights[:, columns].sum(axis=1)
        order = np.argsort(-scores, kind="stable")[:depth]
        return [(int(row), float(scores[row])) for row in order if scores[row] > 0]
