"""The rule by which 3.2-duplicates is judged, against what the drawn texts were made as."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from autograder.checks import articles
from autograder.checks.draw import examples

CASES: dict[str, dict[str, Any]] = {
    "copies": {"pages": 2, "most_copies": 1, "fewest_copies": 1, "siblings": 0},
    "siblings": {"pages": 2, "most_copies": 0, "fewest_copies": 0, "siblings": 2},
    "a footer": {"pages": 4, "most_copies": 0, "fewest_copies": 0, "siblings": 0, "footer": True},
    "all of it": {"pages": 3, "most_copies": 2, "fewest_copies": 1, "siblings": 2},
}


@pytest.mark.parametrize("name", CASES)
def test_the_rule_finds_the_copies_of_each_page_and_nothing_else(name: str) -> None:
    for case in examples(articles.labelled(**CASES[name]).map(list), 40, seed=11):
        pages, texts = zip(*case, strict=True)
        made = {(i, j) for i, j in itertools.combinations(range(len(case)), 2) if pages[i] == pages[j]}
        assert articles.pairs(texts, articles.NAMES) == made


def test_different_pages_have_less_than_a_third_of_their_wording_in_common() -> None:
    for case in examples(articles.others(), 40, seed=3):
        rows = [articles.WORD.findall(text.lower()) for text in case["texts"]]
        sets = [set(zip(row, row[1:], row[2:], strict=False)) for row in rows]
        assert all(3 * len(one & two) < len(one | two) for one, two in itertools.combinations(sets, 2))
        assert min(map(len, rows)) >= 40
