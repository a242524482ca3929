"""The grader graded: every seeded fault is caught by the criterion that must, and every correct solution is accepted."""

from __future__ import annotations

import json
import re

import pytest

from autograder import checks, cli
from autograder.checks import audit_command
from autograder.checks.audit import Row, alternative, audit, fault, findings, missing_from, shortfall
from autograder.checks.audit_table import Audit, as_markdown, as_text, summarised
from autograder.checks.exercise import Exercise
from autograder.paths import course_root
from autograder.rubrics import MILESTONES
from autograder.verdict import Finding, Status

EXERCISES = checks.all_exercises()
SEEDS = (0, 1, 2)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_faults_are_caught_and_correct_solutions_accepted(exercise: Exercise) -> None:
    wrong = [f"{row.kind} {row.name!r} on seed {seed}" for seed in SEEDS for row in audit(exercise, seed) if not row.good]
    assert wrong == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_an_exercise_brings_enough_faults_for_every_criterion(exercise: Exercise) -> None:
    assert shortfall(exercise) == ""
    caught_by = {row.criterion for row in audit(exercise) if row.kind == "fault"}
    assert caught_by == {prop.criterion.id for prop in exercise}


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_an_unwritten_solution_fails_every_criterion(exercise: Exercise) -> None:
    stub = "\n".join(f"def {name}(*args, **kwargs):\n    raise NotImplementedError" for name in exercise.names)
    assert {finding.status for finding in findings(exercise, stub, 0)} == {Status.FAIL}


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_hints_come_in_three_steps_and_do_not_hold_the_solution(exercise: Exercise) -> None:
    assert len(exercise.hints) == 3 and all(len(hint) > 40 for hint in exercise.hints)


def test_nothing_in_tests_belongs_to_no_exercise() -> None:
    assert missing_from(course_root(), MILESTONES) == []


def finding(id: str, status: Status) -> Finding:
    return Finding(id, id, status, float(status is Status.PASS), 1.0, "this", "that")


def test_a_fault_counts_only_if_its_own_criterion_catches_it() -> None:
    both = [finding("a", Status.FAIL), finding("b", Status.PASS)]
    assert fault("x", "n", "a", both).good
    assert not fault("x", "n", "b", both).good
    assert not fault("x", "n", "c", both).good
    assert not alternative("x", "n", both).good
    assert not alternative("x", "n", []).good


def rows() -> list[Row]:
    passed, failed = [finding("a", Status.PASS)], [finding("a", Status.FAIL)]
    return [
        fault("m", "caught", "a", failed),
        fault("m", "survives on one seed", "a", failed),
        fault("m", "survives on one seed", "a", passed),
        alternative("m", "reference", passed),
        alternative("m", "other", failed),
    ]


def test_the_table_counts_what_holds_on_every_seed_and_names_the_rest() -> None:
    found = Audit(summarised(rows()), (), (0, 1))
    assert not found.good
    for text in (as_text(found), as_markdown(found)):
        assert "1 of 2 (50%)" in text and "0 of 1 (0%)" in text
        assert "m: the fault 'survives on one seed' survives." in text
        assert "m: the correct solution 'other' is rejected (a: expected this, got that)." in text


def test_the_command_prints_the_table_and_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit", "--only", "0.1-*"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"0\.1-rate +\d+ of \d+ +2 of 2", shown) and "1.1" not in shown


def milestone_rows(milestone: str, seed: int) -> list[Row]:
    """What stands in for a graded run: one fault that nobody catches."""
    assert (milestone, seed) == ("toy", 4)
    return [fault("toy", "says 42 to everything", "answers", [finding("answers", Status.PASS)])]


def test_a_milestones_survivor_makes_it_exit_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(audit_command.MILESTONE_AUDITS, "toy", f"{__name__}:milestone_rows")
    assert cli.main(["audit", "--only", "toy", "--seed", "4", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["good"] is False
    assert report["assignments"] == [
        {"id": "toy", "faults": {"says 42 to everything": False}, "alternatives": {}, "survivors": ["says 42 to everything"], "rejected": []}
    ]


def test_an_unknown_assignment_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit", "--only", "9.9-*"]) == 2
    assert "1.1-retry" in capsys.readouterr().err
