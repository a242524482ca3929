"""Recorded data is found in the lab and in a graded run alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder import fixtures, rubrics
from autograder.authoring.source import every

READS = [(source.front.assignment, call) for source in every() for call in re.findall(r'fixtures\("([^"]+)"\)', source.text)]


@pytest.mark.parametrize(("assignment", "named"), READS)
def test_a_notebook_reads_its_own_folder_and_it_is_there(assignment: str, named: str) -> None:
    assert named == assignment
    assert any(fixtures(named).iterdir())


def test_a_graded_run_has_what_the_notebook_reads_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rubrics.find("2.3").prepare(0, tmp_path, model="smollm2:135m")
    in_the_lab = {path.name for path in fixtures("2.3").iterdir()}
    monkeypatch.setenv("AUTOGRADER_GRADED", "1")
    monkeypatch.setenv("AUTOGRADER_INPUTS", str(tmp_path))
    assert {path.name for path in fixtures("2.3").iterdir()} == in_the_lab == {"logits.npz"}
    assert {path.name for path in tmp_path.iterdir()} == {"cases", "fixtures"}


def test_a_notebook_without_recorded_data_gets_cases_only(tmp_path: Path) -> None:
    rubrics.find("1.1").prepare(0, tmp_path, model="smollm2:135m")
    assert {path.name for path in tmp_path.iterdir()} == {"cases"}
