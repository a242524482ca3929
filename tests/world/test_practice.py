"""The practice company is written once, and again when its sources change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder.world import practice, practice_company
from autograder.world.practice_company import fingerprint


def test_written_once_under_a_name_that_follows_the_sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path))
    folder = practice(5)
    assert folder.parent == tmp_path / "practice" and folder.name.startswith("seed-5-")
    golden = (folder / "golden.jsonl").read_text(encoding="utf-8")
    assert json.loads(golden.splitlines()[0])["question"]
    (folder / "note.txt").write_text("mine", encoding="utf-8")
    assert practice(5) == folder
    assert (folder / "note.txt").exists()
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_other_sources_are_another_company(monkeypatch: pytest.MonkeyPatch, sources: Path, tmp_path: Path) -> None:
    before = fingerprint()
    changed = tmp_path / "company"
    shutil.copytree(sources, changed)
    with (changed / "facts" / "company.yaml").open("a", encoding="utf-8") as file:
        file.write("motto: {fixed: cold}\n")
    assert fingerprint() == before
    monkeypatch.setattr(practice_company, "home", lambda: changed)
    assert fingerprint() != before
