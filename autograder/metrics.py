"""Retrieval and answer metrics with their uncertainty, recomputed by the grader from raw predictions.

Relevance is given by rank, as a list of booleans (`relevant[i]` is true when the passage at rank i + 1 is relevant):
ties in a search engine's scores then cannot move a figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def hit_at(relevant: Sequence[bool], k: int) -> float:
    """1.0 if at least one of the first `k` results is relevant, else 0.0 (also called success@k)."""
    return float(any(relevant[:k]))


def reciprocal_rank(relevant: Sequence[bool], k: int = 10) -> float:
    """1 / rank of the first relevant result within the first `k`, or 0.0 when there is none (trec_eval's recip_rank, cut at k)."""
    return next((1.0 / rank for rank, hit in enumerate(relevant[:k], start=1) if hit), 0.0)


def recall_at(relevant: Sequence[bool], total: int, k: int) -> float:
    """Relevant results among the first `k`, divided by *all* relevant documents (trec_eval's recall_k)."""
    return sum(relevant[:k]) / total if total else 0.0


def precision_at(relevant: Sequence[bool], k: int) -> float:
    """Relevant results among the first `k`, divided by `k` even when fewer were returned (trec_eval's P_k)."""
    return sum(relevant[:k]) / k


def ndcg_at(gains: Sequence[float], ideal: Sequence[float], k: int) -> float:
    """Normalised discounted cumulative gain with linear gains and log2(rank + 1) discounts (Järvelin & Kekäläinen 2002)."""

    def dcg(values: Sequence[float]) -> float:
        return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(values[:k], start=1))

    best = dcg(sorted(ideal, reverse=True))
    return dcg(gains) / best if best else 0.0


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; of nothing, 0.0."""
    return float(np.mean(values)) if len(values) else 0.0


def bootstrap_interval(values: Sequence[float], *, level: float = 0.95, draws: int = 2000, seed: int = 0) -> tuple[float, float]:
    """Percentile bootstrap interval of the mean of `values` (Efron 1979). Empty input gives (0.0, 0.0)."""
    if not len(values):
        return 0.0, 0.0
    sample = np.asarray(values, dtype=float)
    picks = np.random.default_rng(seed).integers(0, len(sample), size=(draws, len(sample)))
    low, high = np.quantile(sample[picks].mean(axis=1), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def wilson_interval(successes: int, trials: int, *, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's score interval for a proportion (Wilson 1927); no trials gives (0.0, 1.0)."""
    if trials == 0:
        return 0.0, 1.0
    p = successes / trials
    centre = p + z * z / (2 * trials)
    spread = z * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
