"""The reference of Milestone A, graded from its recordings in the sandbox: what it earns, twice the same, and what the untouched starter earns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.calibration.designs import Design, patched
from autograder.grading import Options, grade
from autograder.paths import course_root
from autograder.reports.report import Report
from autograder.verdict import Status
from autograder.world.company import draw
from autograder.world.draws import draws

pytestmark = [pytest.mark.model, pytest.mark.sandbox, pytest.mark.slow]
REFERENCE = course_root() / "solutions" / "milestones" / "a_document_qa"
STARTER = course_root() / "milestones" / "a_document_qa"
SEED = 0


def graded(submission: Path, folder: Path, **options: Any) -> Report:
    chosen = Options(**{"seed": SEED, "out": folder / "report", "journal": folder / "journal.sqlite", **options})
    return grade(submission, chosen).report


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return graded(REFERENCE, tmp_path_factory.mktemp("reference"), mode="replay_only")


def test_the_reference_passes_from_its_recordings_alone(reference: Report) -> None:
    assert (reference.status, reference.why, reference.raised) == (Status.PASS, "", [])
    assert reference.exit_code == 0
    assert reference.sandbox == "bubblewrap"
    assert reference.cassettes.live == 0
    assert {row.id: row.status for row in reference.criteria if row.id in ("contract", "passages", "honest_figures")} == {
        "contract": Status.PASS,
        "passages": Status.PASS,
        "honest_figures": Status.PASS,
    }


def test_the_same_seed_earns_the_same_score(reference: Report, tmp_path: Path) -> None:
    again = graded(REFERENCE, tmp_path, mode="replay_only")
    assert [(row.id, row.score, row.observed) for row in again.criteria] == [(row.id, row.score, row.observed) for row in reference.criteria]


def test_the_untouched_starter_earns_little_and_hears_why(tmp_path: Path) -> None:
    report = graded(STARTER, tmp_path)
    assert report.exit_code == 1
    assert report.score <= 0.1 * report.max_score
    assert len(report.criteria) == 12
    assert all(row.hint for row in report.criteria if row.status is not Status.PASS)
    assert any("NotImplementedError" in raised.kind for raised in report.raised)


def lost(report: Report, reference: Report) -> set[str]:
    before = {row.id: row.score for row in reference.criteria}
    return {row.id for row in report.criteria if row.score < before[row.id]}


def test_answers_learnt_by_heart_from_another_seed_lose_correctness_alone(tmp_path: Path) -> None:
    """Seed 0's answer to each question, whatever wording it is asked in, handed in on seed 1."""
    by_heart = {question.id: question.answer for question in draw(0).questions}
    learnt = {wording: by_heart.get(question.id, "") for question in draw(1).questions for wording in question.wordings}
    asked = {one.text for split in draws(draw(1).questions, 1) for one in split}
    table = json.dumps({wording: answer for wording, answer in learnt.items() if wording in asked}, ensure_ascii=False)
    by_heart_alone = ("answers", "answer=draft.answer.strip()", f"answer={table}.get(question, '')")
    design = Design("by_heart", "Answers learnt from another seed.", (by_heart_alone,), "answers")
    submission = patched("a_document_qa", [design], tmp_path / "copy")
    reference = graded(REFERENCE, tmp_path / "reference", seed=1)
    assert lost(graded(submission, tmp_path, seed=1), reference) == {"answer_correctness"}


def test_a_report_is_what_the_design_says_it_is(reference: Report) -> None:
    data = json.loads(reference.as_json())
    assert data["schema"] == "autograder.report/1"
    assert {"assignment", "submission", "seed", "model", "status", "score", "max_score", "sandbox", "criteria", "ledger", "seconds"} <= set(data)
    assert set(data["criteria"][0]) >= {"id", "title", "status", "score", "max_score", "expected", "observed", "hint"}
    assert data["ledger"]["calls"] > 0 and data["model"]["digest"]
