"""No index: each search looks at every passage."""

import heapq
import math
import re


def split(text):
    return re.findall(r"\w+", text.lower())


class BM25:
    def __init__(self, passages, k1=1.2, b=0.75):
        self.passages = [split(text) for text in passages]
        self.k1, self.b = k1, b

    def score(self, asked, passage, average):
        total = 0.0
        for word in asked:
            f = passage.count(word)
            if f == 0:
                continue
            n = sum(word in other for other in self.passages)
            idf = math.log((len(self.passages) + 1) / (n + 0.5))
            total += idf * (self.k1 + 1) / (1 + self.k1 * (1 - self.b + self.b * len(passage) / average) / f)
        return total

    def search(self, query, depth):
        asked = split(query)
        average = sum(map(len, self.passages)) / (len(self.passages) or 1)
        scored = ((self.score(asked, passage, average), -row) for row, passage in enumerate(self.passages))
        best = heapq.nlargest(depth, (pair for pair in scored if pair[0] > 0))
        return [(-row, total) for total, row in best]
