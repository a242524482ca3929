"""Verdicts: one row per expected criterion, and nothing passes without evidence."""

from __future__ import annotations

import pytest

from autograder.verdict import Criterion, Finding, Status, conclude

FIRST, SECOND = Criterion("first", "The first", 3, "try this"), Criterion("second", "The second", 1)


def test_a_full_share_passes_and_drops_the_hint() -> None:
    assert Finding.of(FIRST, 1.0).status is Status.PASS
    assert Finding.of(FIRST, 1.0).hint == ""
    almost = Finding.of(FIRST, 0.99)
    assert (almost.status, almost.hint, almost.score) == (Status.FAIL, "try this", 2.97)


def test_a_share_is_never_more_than_the_whole_nor_less_than_nothing() -> None:
    assert Finding.of(FIRST, 7.0).score == 3
    assert Finding.of(FIRST, -1.0).score == 0


def test_missing_evidence_is_an_error_and_never_a_silent_zero() -> None:
    verdict = conclude([FIRST, SECOND], [Finding.of(FIRST, 1.0)], pass_mark=0.7)
    assert [f.status for f in verdict.findings] == [Status.PASS, Status.ERROR]
    assert verdict.status is Status.PASS
    assert verdict.score == 3
    assert verdict.max_score == 4


@pytest.mark.parametrize("ended", [Status.TIMEOUT, Status.MEMORY, Status.DEAD_KERNEL, Status.BUDGET])
def test_a_run_that_ended_early_keeps_what_was_earned(ended: Status) -> None:
    verdict = conclude([FIRST, SECOND], [Finding.of(FIRST, 1.0)], pass_mark=0.7, run_status=ended, why="after 5 s")
    assert verdict.status is ended
    assert [f.status for f in verdict.findings] == [Status.PASS, ended]
    assert verdict.findings[1].observed == "after 5 s"
    assert verdict.score == 3


def test_a_finding_nobody_asked_for_is_a_fault_of_the_grader() -> None:
    with pytest.raises(ValueError, match="not asked"):
        conclude([FIRST], [Finding.of(SECOND, 1.0)], pass_mark=0.5)


def test_no_criteria_is_no_pass() -> None:
    assert not conclude([], [], pass_mark=0.0).passed
