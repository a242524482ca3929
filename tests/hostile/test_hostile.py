"""Hostile and broken submissions: each gets a named status and exactly the score it earned, and nobody else notices."""

from __future__ import annotations

import re

import pytest

from autograder.grading.batch import Result
from autograder.sandbox import available
from autograder.sandbox.trial import Trial

from .canary import survivors
from .case import HONEST, Case
from .conftest import Batch
from .table import Nowhere, cases

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
ALL = cases(Nowhere())
every_case = pytest.mark.parametrize("case", ALL, ids=[case.id for case in ALL])


def test_the_table_covers_every_known_attack_and_as_many_of_our_own() -> None:
    assert {case.row for case in ALL if case.row} == set(range(1, 36))
    assert len({case.id for case in ALL}) == len(ALL)
    assert sum(case.row == 0 for case in ALL) >= 25


@every_case
def test_status_and_score_are_exactly_what_was_earned(case: Case, batch: Batch) -> None:
    result = batch.hostile[case.id]
    assert result.graded is not None, result.error
    report = result.graded.report
    found = (report.status.value, report.score, tuple(row.status.value for row in report.criteria))
    assert found == (case.status, case.score, case.criteria if report.criteria else ()), f"{report.why} {report.raised} {report.criteria}"
    assert report.sandbox == "bubblewrap"
    if case.report:
        assert re.search(case.report, report.as_json()), report.as_json()


@every_case
def test_the_submission_after_it_is_graded_as_always(case: Case, batch: Batch) -> None:
    result = batch.honest[case.id]
    assert result.graded is not None, result.error
    report = result.graded.report
    assert (report.status.value, report.score, tuple(row.status.value for row in report.criteria)) == ("pass", 4.0, HONEST)


@every_case
def test_no_report_carries_what_a_browser_or_a_terminal_would_act_on(case: Case, batch: Batch) -> None:
    for name, text in written(batch.hostile[case.id]).items():
        assert not name.endswith(".html") or "<script" not in text
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)


def written(result: Result) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in result.graded.files} if result.graded else {}


def test_the_host_is_as_it_was(batch: Batch) -> None:
    assert batch.files == batch.canary.before
    assert batch.visitors == 0
    assert batch.survivors == []


def test_a_sandbox_that_was_left_behind_would_be_seen() -> None:
    with Trial(available()):
        assert len(survivors(0)) >= 2
    assert survivors() == []
