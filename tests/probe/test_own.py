"""What a notebook makes of the files beside it, whatever their state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.contracts import HistoryRow, OwnDocument, OwnQuestion, Readme
from autograder.matching import matches
from autograder.paths import course_root
from autograder.probe.own import COLUMNS, Own
from autograder.rubrics.a_own import failures, golden_set
from autograder.rubrics.qa_case import Case
from autograder.verdict import Status
from autograder.world.own_corpus import read_corpus, read_golden

REFERENCE = course_root() / "solutions" / "milestones" / "a_document_qa"
MODELS = {"own_documents": OwnDocument, "own_questions": OwnQuestion, "readme": Readme, "history": HistoryRow}


@dataclass
class Document:
    path: str
    text: str


class Desk:
    """Takes what is handed in, and checks it against its contract."""

    def __init__(self) -> None:
        self.records: list[tuple[str, dict[str, Any]]] = []

    def submit(self, artefact: str, record: dict[str, Any]) -> None:
        MODELS[artefact].model_validate_json(json.dumps(record))
        self.records.append((artefact, record))

    def of(self, artefact: str) -> list[dict[str, Any]]:
        return [record for name, record in self.records if name == artefact]


def test_a_folder_with_nothing_in_it(tmp_path: Path) -> None:
    desk = Desk()
    own = Own(tmp_path, desk.submit)
    own.hand_in([])
    own.hand_in_history()
    assert own.empty and not own.golden and not own.failures and not own.problems
    assert desk.records == [("readme", {"text": ""})]


def test_the_released_folder_is_empty_and_its_examples_are_handed_in() -> None:
    desk = Desk()
    own = Own(REFERENCE / "starter", desk.submit)
    own.hand_in([])
    assert own.empty and not own.failures
    assert [one["id"] for one in desk.of("own_questions")] == ["example-with-an-answer", "example-without-an-answer"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("nonsense", "not JSON"),
        ('["a"]', "no JSON object"),
        ('{"id": "a"}', "'question'"),
        ('{"id": "a", "question": 3}', "'question'"),
        ('{"id": "", "question": "b"}', "'id'"),
        ('{"id": "a", "question": "%s"}' % ("b" * 1001), "longer than 1,000"),
        ('{"id": "a", "question": "b", "answers": [4]}', "'answers'"),
        ('{"id": "a", "question": "b", "citations": [4]}', "a citation is"),
        ('{"id": "a", "question": "b", "citations": [{"quote": "c"}]}', "'document'"),
        ('{"id": "a", "question": "\\ud800"}', "surrogates"),
        ("[" * 5000, ""),
    ],
)
def test_a_line_that_cannot_be_read_costs_itself_only(line: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "golden.jsonl").write_text(line + '\n\n{"id": 7, "question": "b", "answers": "c", "citations": ["./d.md"]}\n', encoding="utf-8")
    desk = Desk()
    own = Own(tmp_path, desk.submit)
    own.hand_in([])
    first, second = desk.of("own_questions")
    assert problem in first["problem"] and first["problem"] in own.problems[0] and "line 1" in own.problems[0]
    assert second == {"line": 3, "problem": "", "id": "7", "question": "b", "answers": ["c"], "citations": [{"document": "d.md", "quote": ""}]}
    assert [one["sources"] for one in own.golden] == [[{"document": "d.md", "span": ""}]]


def test_documents_are_handed_in_as_they_were_read(tmp_path: Path) -> None:
    desk = Desk()
    Own(tmp_path, desk.submit).hand_in([Document("a.md", "words"), Document("b.md", "  "), Document("c.md", "x" * 1_500_000)])
    assert [(one["path"], len(one["text"])) for one in desk.of("own_documents")] == [("a.md", 5), ("c.md", 1_000_000)]


def test_the_history_is_read_whatever_its_columns(tmp_path: Path) -> None:
    rows = [f"{number},own,m,.5,more" for number in range(300)]
    (tmp_path / "eval_history.csv").write_bytes(b"\xef\xbb\xbfwhen,corpus,model,mrr,notes\r\n" + "\r\n".join(rows).encode() + b"\r\n\xff\r\n")
    desk = Desk()
    Own(tmp_path, desk.submit).hand_in_history()
    history = desk.of("history")
    assert len(history) == 200 and all(tuple(row) == COLUMNS for row in history)
    assert history[-2] == dict.fromkeys(COLUMNS, "") | {"when": "299", "corpus": "own", "model": "m", "mrr": ".5"}


class Test_reference:
    """The repair café's handbook: as the lint wants it, and as the judge does."""

    def test_the_lint_finds_nothing_to_mend(self) -> None:
        corpus = read_corpus(REFERENCE / "documents")
        golden = read_golden(REFERENCE / "golden.jsonl", corpus)
        assert not corpus.warnings
        assert [warning for warning in golden.warnings if "interval" not in warning] == []
        assert 24 <= len(golden.questions) <= 30 and sum(not question.answerable for question in golden.questions) >= 5

    def test_every_answer_stands_in_its_quotes(self) -> None:
        for one in Own(REFERENCE, Desk().submit).golden:
            assert not one["accept"] or any(matches(one["accept"], source["span"]) for source in one["sources"]), one["id"]

    def test_its_golden_set_is_accepted_and_its_failures_are_named(self, tmp_path: Path) -> None:
        desk = Desk()
        own = Own(REFERENCE, desk.submit)
        corpus = read_corpus(own.documents)
        own.hand_in(Document(path, text) for path, text in corpus.documents.items())
        for artefact in MODELS:
            (tmp_path / f"{artefact}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in desk.of(artefact)), encoding="utf-8")
        case = Case({"questions": [], "stale": {}, "documents": {}}, tmp_path, {"calls": []})
        finding = golden_set(case)
        assert (finding.status, finding.score) == (Status.PASS, 5), finding.observed
        named = failures(case).detail
        assert len(named["named"]) >= 4 and not named["without_cause"] and len(own.failures) == len(named["named"])
