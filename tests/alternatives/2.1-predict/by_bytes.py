"""A rate per byte instead of per character, in a class that can be called."""

from collections import Counter


class Counts:
    def __init__(self, samples):
        tokens, size = Counter(), Counter()
        for sample in samples:
            tokens[sample["kind"]] += sample["tokens"]
            size[sample["kind"]] += len(sample["text"].encode("utf-8"))
        self.rates = {kind: tokens[kind] / size[kind] for kind in size}

    def __call__(self, kind, text):
        rate = self.rates[kind] if kind in self.rates else max(self.rates.values())
        return rate * len(text.encode("utf-8"))


def fit_counts(samples):
    return Counts(samples)
