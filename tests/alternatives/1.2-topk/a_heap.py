"""Picks the k smallest (negated similarity, row) pairs from a heap."""

import heapq

import numpy as np


def topk(query, matrix, k):
    query = np.asarray(query, dtype=float)
    size = np.sqrt(query @ query)

    def cosine(row):
        product = size * np.sqrt(row @ row)
        return float(query @ row / product) if product else 0.0

    pairs = [(-cosine(np.asarray(row, dtype=float)), number) for number, row in enumerate(matrix)]
    return [[number, -negated] for negated, number in heapq.nsmallest(k, pairs)]
