"""Where designs land: judged by the milestone's own rubric, compared with what their files say, and told as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from autograder.calibration.designs import REFERENCE, Design
from autograder.calibration.distribution import Distribution
from autograder.calibration.landing import Landing, judged
from autograder.calibration.report import BEGIN, END, Calibration, as_json, as_markdown, as_text
from autograder.verdict import Finding, Status

GATED = ("hit_rate", "mrr", "freshness", "citation_precision", "answer_correctness", "abstention")
GATES = {name: {"gate": 0.6, "floor": 0.2} for name in GATED}


def finding(criterion: str, share: float, value: float) -> Finding:
    return Finding(criterion, criterion, Status.PASS if share == 1 else Status.FAIL, share * 10, 10, detail={"value": value})


def landed(design: Design, rows: Mapping[str, list[tuple[float, float]]]) -> Landing:
    return Landing(design, (0, 1), {name: [finding(name, *pair) for pair in pairs] for name, pairs in rows.items()})


def design(name: str, **said: Any) -> Design:
    return Design(name, f"What {name} does.", (), "search", **said)


RIGHT = landed(REFERENCE, {"hit_rate": [(1.0, 0.8), (1.0, 0.7)]})


@pytest.mark.parametrize(
    ("said", "pairs", "problem"),
    [
        ({"loses": frozenset({"hit_rate"})}, [(0.5, 0.4), (0.7, 0.5)], ""),
        ({"loses": frozenset({"hit_rate"})}, [(1.0, 0.8), (0.99, 0.59)], "other should lose hit_rate and loses nothing."),
        ({}, [(1.0, 0.9), (1.0, 0.6)], ""),
        ({}, [(0.5, 0.4), (1.0, 0.6)], "other should lose nothing and loses hit_rate."),
        ({"lowers": frozenset({"hit_rate"})}, [(1.0, 0.7), (1.0, 0.7)], ""),
        ({"lowers": frozenset({"hit_rate"})}, [(1.0, 0.8), (1.0, 0.8)], "other should lower hit_rate and does not."),
    ],
)
def test_a_design_lands_where_its_file_says_or_is_named(said: Any, pairs: list[tuple[float, float]], problem: str) -> None:
    assert landed(design("other", **said), {"hit_rate": pairs}).problem(RIGHT) == problem


def calibration(values: tuple[float, ...]) -> Calibration:
    weak = landed(design("weak", loses=frozenset({"hit_rate"})), {"hit_rate": [(0.5, 0.4), (0.7, 0.5)]})
    return Calibration("toy", "audit --calibrate toy", GATES, [Distribution("hit_rate", values, 100, "the search on 2 seeds")], {"search": [RIGHT, weak]})


def test_a_gate_that_is_held_above_the_reference_is_remarked_upon() -> None:
    assert calibration((0.7, 0.8)).remarks == []
    low = calibration((0.55, 0.75))
    assert low.remarks == ["The gate of hit_rate is held at 0.60; a run of the reference falls below it with probability 0.36."]
    assert as_text(low).endswith(low.remarks[0])


def test_the_table_gives_points_and_figures() -> None:
    found = calibration((0.7, 0.8))
    assert "weak       6.0 (0.45)     2" in as_text(found)
    told = as_markdown(found)
    assert told.startswith(BEGIN) and told.rstrip().endswith(END)
    assert "| What weak does. | 6.0 (0.45) | 2 |" in told
    assert as_json(found)["designs"]["search"]["weak"] == {
        "seeds": [0, 1],
        "loses": ["hit_rate"],
        "lowers": [],
        "points": {"hit_rate": 6.0},
        "figures": {"hit_rate": 0.45},
    }


def test_evidence_is_judged_by_the_milestones_own_rubric() -> None:
    source = {"document": "a.md", "span": "fourteen days"}
    question = {
        "id": "q", "split": "grading", "slice": "plain", "question": "How long?", "answerable": True, "answer": "fourteen days", "accept": ["fourteen days"],
        "sources": [source], "sources_next": [source], "changed": False, "answer_this": False,
    }  # fmt: skip
    expected = {"questions": [question], "stale": {}, "documents": {"a.md": "It takes fourteen days."}, "ui": {"documents": {}, "planted": {}}}

    def record(*texts: str) -> Any:
        passages = [{"document": "a.md", "text": text} for text in texts]
        return {"retrieval": [{"question_id": "q", "split": "grading", "revision": revision, "passages": passages} for revision in (1, 2)]}

    first = judged("a_document_qa", expected, record("It takes fourteen days."), GATES)
    second = judged("a_document_qa", expected, record("No.", "It takes fourteen days."), GATES)
    long = judged("a_document_qa", expected, record("It takes fourteen days. " + "And so on. " * 200), GATES)
    assert [(found["hit_rate"].detail["value"], found["mrr"].detail["value"]) for found in (first, second, long)] == [(1, 1), (1, 0.5), (0, 0)]
    assert [found["mrr"].detail["gate"] for found in (first, long)] == [0.6, 0.6]
    assert [found["passages"].status for found in (first, long)] == [Status.PASS, Status.FAIL]
