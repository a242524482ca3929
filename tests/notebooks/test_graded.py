"""Each phase notebook's solution, graded in the sandbox as a learner's would be: it runs through from recordings and earns everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.source import Source, every
from autograder.grading import Options, grade
from autograder.verdict import Status

PHASES = [source for source in every() if not source.guide and "phases" in source.release.parts]


@pytest.mark.sandbox
@pytest.mark.slow
@pytest.mark.parametrize("source", PHASES, ids=lambda source: source.id)
def test_the_solution_of_a_phase_notebook_earns_everything(source: Source, tmp_path: Path) -> None:
    report = grade(source.solution, Options(seed=4, out=tmp_path / "report", journal=tmp_path / "journal.sqlite")).report
    assert (report.status, report.why, report.raised) == (Status.PASS, "", [])
    assert report.score == report.max_score
    assert report.exit_code == 0
