"""The search half of a design on a small company, with the real embedding model: both revisions, kept by content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring import reference
from autograder.calibration import search as searching
from autograder.calibration.companies import Drawn
from autograder.calibration.designs import Design, find, patched
from autograder.calibration.search import key, searched

pytestmark = pytest.mark.model
MILESTONE = "a_document_qa"
OLD, NEW = "Refunds are paid within fourteen days of the return.", "Refunds are paid within thirty days of the return."


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Five pages, of which one says something else in the second revision."""
    monkeypatch.setattr(searching, "home", lambda: tmp_path / "home")
    for name, sentence in (("corpus", OLD), ("corpus_next", NEW)):
        (tmp_path / "company" / name).mkdir(parents=True)
        (tmp_path / "company" / name / "refunds.md").write_text(f"# Refunds\n\n{sentence}\n", encoding="utf-8")
        for topic in ("probes", "gateways", "invoices", "couriers"):
            (tmp_path / "company" / name / f"{topic}.md").write_text(f"# {topic}\n\nAll about {topic}, and nothing else.\n", encoding="utf-8")
    question = {"id": "q1", "question": "How long do refunds take?", "answer_this": False}
    (tmp_path / "company" / "questions.jsonl").write_text(json.dumps(question) + "\n", encoding="utf-8")
    return Drawn(0, tmp_path / "company", {})


def texts(records: list[Any]) -> dict[int, list[str]]:
    return {record["revision"]: [passage["text"] for passage in record["passages"]] for record in records}


def test_both_revisions_are_searched(drawn: Drawn) -> None:
    records = searched(reference.folder(MILESTONE), drawn)
    assert [(record["question_id"], record["split"], record["revision"]) for record in records] == [("q1", "grading", 1), ("q1", "grading", 2)]
    found = texts(records)
    assert found[1][0] == OLD and found[2][0] == NEW
    assert OLD not in found[2]


def test_a_design_is_searched_with_its_own_modules(drawn: Drawn, tmp_path: Path) -> None:
    copy = patched(MILESTONE, [find(MILESTONE, "appends_only")], tmp_path / "copy")
    assert set(texts(searched(copy, drawn))[2]) >= {OLD, NEW}


def test_what_was_found_is_kept(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    first = searched(reference.folder(MILESTONE), drawn)
    monkeypatch.setattr(searching, "search", lambda *_: pytest.fail("searched again"))
    assert searched(reference.folder(MILESTONE), drawn) == first


def test_another_design_and_other_documents_are_kept_apart(drawn: Drawn, tmp_path: Path) -> None:
    home = reference.folder(MILESTONE)
    names = {key(home, drawn), key(patched(MILESTONE, [find(MILESTONE, "larger_chunks")], tmp_path / "copy"), drawn)}
    (drawn.folder / "corpus" / "refunds.md").write_text("# Refunds\n\nNone.\n", encoding="utf-8")
    names.add(key(home, Drawn(0, drawn.folder, {})))
    assert len(names) == 3


def test_a_change_to_the_answer_step_alone_is_the_same_search(drawn: Drawn, tmp_path: Path) -> None:
    told = Design("quiet", "Never answers.", (("answers", "SHOWN = 3", "SHOWN = 2"),), "answers")
    assert key(patched(MILESTONE, [told], tmp_path / "copy"), drawn) == key(reference.folder(MILESTONE), drawn)
