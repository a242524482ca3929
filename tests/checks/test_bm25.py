"""The reference of 3.4-bm25 against an independent implementation."""

from __future__ import annotations

import bm25s
import pytest

from autograder.checks.n3_4_hybrid import bm25, words
from autograder.checks.n3_4_hybrid import recorded as recorded_codes

PASSAGES = [
    "The freezer alarm rang; the alarm rang again.",
    "Sensor VB-3195 pairs with the gateway.",
    "Sensor VB-3159 does not pair with the gateway of the freezer.",
    "Your invoice is attached.",
    "An alarm of the gateway: battery low.",
]


@pytest.mark.parametrize(("k1", "b"), [(1.2, 0.75), (0.5, 0.3), (2.0, 0.0), (1.5, 1.0)])
@pytest.mark.parametrize("query", ["alarm of the freezer", "VB-3195", "the the gateway", "invoice battery"])
def test_the_reference_ranks_as_bm25s_does(query: str, k1: float, b: float) -> None:
    split = [words(text) for text in PASSAGES]
    theirs = bm25s.BM25(method="lucene", k1=k1, b=b)
    theirs.index(split, show_progress=False)
    scores = theirs.get_scores(words(query))
    ours = dict(bm25(query, split, k1, b))
    assert {row for row, score in enumerate(scores) if score > 0} == set(ours)
    for row, score in ours.items():
        assert score == pytest.approx(float(scores[row]) * (k1 + 1), rel=1e-5), "bm25s leaves out the constant k1 + 1"


def test_the_recorded_codes_have_both_arms() -> None:
    rows = recorded_codes()
    assert len(rows) >= 150
    assert all(row["near"] and row["relevant"] and len(set(row["near"])) == len(row["near"]) for row in rows)
