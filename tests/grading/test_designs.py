"""Designs with a fault graded as whole runs in the sandbox, from the recordings: each loses what its file says and nothing else.

Two faults that have nothing to do with each other share a run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.calibration.designs import find, patched
from autograder.grading import Options, grade
from autograder.paths import course_root
from autograder.reports.report import Report
from autograder.verdict import Status

pytestmark = [pytest.mark.model, pytest.mark.sandbox, pytest.mark.slow]
MILESTONE = "a_document_qa"
REPLAYED = [
    ("worst_first", "flattering_figures"),
    ("appends_only", "long_tail", "no_citations"),
    ("pointing_answers", "improved_quotes"),
]
"""In what is graded, none of these asks the model anything that the reference does not ask."""


def graded(submission: Path, folder: Path, **options: Any) -> Report:
    chosen = Options(**{"seed": 0, "out": folder / "report", "journal": folder / "journal.sqlite", **options})
    return grade(submission, chosen).report


def lost(report: Report, reference: Report) -> set[str]:
    before = {row.id: row.score for row in reference.criteria}
    return {row.id for row in report.criteria if row.score < before[row.id]}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Report:
    report = graded(course_root() / "solutions" / "milestones" / MILESTONE, tmp_path_factory.mktemp("reference"), mode="replay_only")
    assert (report.status, report.cassettes.live) == (Status.PASS, 0)
    return report


@pytest.mark.parametrize("names", REPLAYED, ids="+".join)
def test_a_run_loses_what_its_designs_say(names: tuple[str, ...], reference: Report, tmp_path: Path) -> None:
    chosen = [find(MILESTONE, name) for name in names]
    report = graded(patched(MILESTONE, chosen, tmp_path / "copy"), tmp_path, mode="replay_only")
    assert lost(report, reference) == set().union(*(design.loses for design in chosen))


def test_an_answer_for_everything_loses_abstention(reference: Report, tmp_path: Path) -> None:
    """The few questions that the reference leaves unanswered are asked live, and answers to them seldom rest on the right document."""
    design = find(MILESTONE, "answers_everything")
    report = graded(patched(MILESTONE, [design], tmp_path / "copy"), tmp_path)
    assert design.loses <= lost(report, reference) <= design.loses | {"citation_precision"}
