"""Our metrics against ir-measures (trec_eval) as the oracle, and the intervals against their definitions."""

from __future__ import annotations

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import metrics

grades = st.lists(st.integers(0, 3), min_size=1, max_size=12)


def oracle(measure: ir_measures.Measure, ranked: list[int], unseen: list[int]) -> float:
    qrels = [ir_measures.Qrel("q", f"d{i}", grade) for i, grade in enumerate(ranked + unseen)]
    run = [ir_measures.ScoredDoc("q", f"d{i}", float(100 - i)) for i in range(len(ranked))]
    return float(ir_measures.calc_aggregate([measure], qrels, run)[measure])


@given(grades, st.lists(st.integers(0, 3), max_size=4), st.sampled_from([1, 3, 5, 10]))
def test_agrees_with_trec_eval(ranked: list[int], unseen: list[int], k: int) -> None:
    relevant = [grade > 0 for grade in ranked]
    total = sum(relevant) + sum(grade > 0 for grade in unseen)
    assert metrics.hit_at(relevant, k) == pytest.approx(oracle(ir_measures.Success @ k, ranked, unseen))
    assert metrics.precision_at(relevant, k) == pytest.approx(oracle(ir_measures.P @ k, ranked, unseen))
    assert metrics.reciprocal_rank(relevant, k) == pytest.approx(oracle(ir_measures.RR @ k, ranked, unseen))
    assert metrics.recall_at(relevant, total, k) == pytest.approx(oracle(ir_measures.R @ k, ranked, unseen))
    assert metrics.ndcg_at(ranked, ranked + unseen, k) == pytest.approx(oracle(ir_measures.nDCG @ k, ranked, unseen))


def test_nothing_found_and_nothing_asked() -> None:
    assert metrics.hit_at([], 5) == metrics.reciprocal_rank([]) == metrics.recall_at([], 0, 5) == metrics.mean([]) == 0.0
    assert metrics.bootstrap_interval([]) == (0.0, 0.0)
    assert metrics.wilson_interval(0, 0) == (0.0, 1.0)


def test_wilson_covers_what_it_promises() -> None:
    """Of intervals drawn from a known rate, about 95 % hold it; the textbook's plus-minus would hold it in 88 %."""
    rng = np.random.default_rng(0)
    draws = rng.binomial(40, 0.9, size=4000)
    held = [low <= 0.9 <= high for low, high in (metrics.wilson_interval(int(n), 40) for n in draws)]
    assert 0.93 < np.mean(held) < 0.98


def test_bootstrap_is_repeatable_and_holds_the_mean() -> None:
    values = [0.0, 1.0, 1.0, 1.0, 0.5, 0.25]
    low, high = metrics.bootstrap_interval(values)
    assert (low, high) == metrics.bootstrap_interval(values)
    assert low < metrics.mean(values) < high
    assert metrics.bootstrap_interval([1.0] * 9) == (1.0, 1.0)
