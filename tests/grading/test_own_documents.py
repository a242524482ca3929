"""`grade --corpus DIR --golden FILE`: a learner's own documents in place of a drawn company's."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.contracts import Passage
from autograder.errors import UsageError
from autograder.grading import Options, grade
from autograder.grading.command import add_arguments, options
from autograder.paths import course_root
from autograder.rubrics import OwnDocuments
from autograder.rubrics.a_document_qa import DocumentQA
from autograder.rubrics.qa_case import Question, graded
from autograder.sandbox import available
from autograder.verdict import Finding, Json, Status
from autograder.world.own_inputs import Own, write_own_inputs
from tests.world.test_own_inputs import write_own

from . import tiny
from .fixtures import GradeTiny

SEED = 5


DRAFT = """

def draft_stream(question, passages, model):
    asked = re.search(r"did (\\w) open in (\\w+)", question)
    for number, passage in enumerate(passages if asked else [], start=1):
        if found := re.search(rf"The {asked[1]} of {asked[2]} opened on (day \\d+)", passage.text):
            yield Draft(passage=number, answer=found[1]).model_dump_json()
            return
    yield Draft(passage=0, answer="").model_dump_json()
"""
"""The answer step without a model, so that the run is short: what wants a model's answers fails, and nothing else."""


class TinyOnDocuments(tiny.Tiny):
    """The tiny assignment, with the number of documents in one of its cases."""

    def prepare_own(self, seed: int, inputs: Path, own: Own) -> Json:
        cases = self.prepare(seed, inputs, model="")
        cases["pairs"][0] = [len(own.corpus.documents), len(own.golden.questions)]
        (inputs / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
        return cases


@pytest.fixture
def documents(tmp_path: Path) -> tuple[Path, Path]:
    return write_own(tmp_path / "mine")


def test_only_a_rubric_that_is_prepared_from_documents_takes_them() -> None:
    assert isinstance(DocumentQA(), OwnDocuments) and isinstance(TinyOnDocuments(), OwnDocuments)
    assert not isinstance(tiny.Tiny(), OwnDocuments)


@pytest.mark.sandbox
@pytest.mark.skipif(not available(), reason=f"nothing isolates here: {available().why}")
def test_own_documents_reach_the_run_its_notes_and_its_key(
    grade_tiny: GradeTiny, documents: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, golden = documents
    light: dict[str, Any] = {"model": "double:flaky"}
    with pytest.raises(UsageError, match="not graded on documents of your own"):
        grade_tiny(tiny.solved(), corpus=corpus, golden=golden, **light)
    monkeypatch.setattr("autograder.grading.assignments.Assignment.rubric", lambda self: TinyOnDocuments())
    drawn = grade_tiny(tiny.solved(), **light)
    first, again = (grade_tiny(tiny.solved(), corpus=corpus, golden=golden, **light) for _ in range(2))
    assert (drawn.reused, first.reused, again.reused) == (False, False, True)
    assert any(note.startswith("scan.pdf has no text: it is no PDF") for note in first.report.notes)
    assert f"--corpus {corpus}" in first.report.reproduce and "--golden" in first.report.reproduce
    (corpus / "towns" / "Corby.md").write_text("# Corby\n" + (corpus / "towns" / "Corby.md").read_text(encoding="utf-8"), encoding="utf-8")
    assert not grade_tiny(tiny.solved(), corpus=corpus, golden=golden, **light).reused


def submitted(folder: Path) -> Path:
    """A copy of Milestone A's reference, with DRAFT for the step that asks the model."""
    shutil.copytree(course_root() / "solutions" / "milestones" / "a_document_qa", folder)
    with (folder / "qa" / "answers.py").open("a", encoding="utf-8") as module:
        module.write(DRAFT)
    return folder


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.sandbox
@pytest.mark.skipif(not available(), reason=f"nothing isolates here: {available().why}")
def test_the_reference_on_own_documents_from_end_to_end(documents: tuple[Path, Path], tmp_path: Path) -> None:
    submission = submitted(tmp_path / "a_document_qa")
    chosen: dict[str, Any] = {"corpus": documents[0], "golden": documents[1], "model": "double:flaky", "allow_unsandboxed": True}
    report = grade(submission, Options(seed=SEED, out=tmp_path / "out", journal=tmp_path / "journal.sqlite", **chosen)).report
    marks = {row.id: row.status for row in report.criteria}
    assert report.raised == [] and marks.pop("contract") is Status.FAIL
    assert {name for name, status in marks.items() if status is not Status.PASS} <= {"abstention", "web_app", "failures"}
    assert "recall@10" in next(row.observed for row in report.criteria if row.id == "mrr")


@pytest.mark.parametrize(("words", "complaint"), [(["--corpus", "x"], "--corpus wants --golden"), (["--golden", "x"], "--golden wants --corpus")])
def test_one_without_the_other_is_bad_usage(words: list[str], complaint: str) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    with pytest.raises(UsageError, match=complaint):
        options(parser.parse_args(["a.ipynb", *words]))


def test_a_faulty_golden_set_is_named_before_anything_runs(
    documents: tuple[Path, Path], tiny_course: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, golden = documents
    golden.write_text(golden.read_text(encoding="utf-8") + '{"id": "x", "question": "q", "answers": ["a"], "citations": ["towns/corbi.md"]}\n')
    submission = submitted(tmp_path / "a_document_qa")
    code = main(["grade", str(submission), "--corpus", str(corpus), "--golden", str(golden), "--allow-unsandboxed"])
    said = capsys.readouterr().err
    assert code == 2 and "line 65: there is no document towns/corbi.md. Did you mean towns/Corby.md?" in said


def evidence(folder: Path, expected: Json, *, first: str = "right", cite: bool = True) -> Path:
    """What a perfect solution hands in; with `first` "wrong" each list begins with two passages that say nothing."""
    noise = [{"document": "elsewhere.md", "text": "nothing at all"}] * (0 if first == "right" else 2)

    def passages(sources: list[dict[str, Any]]) -> list[dict[str, str]]:
        return noise + [{"document": s["document"], "text": s["span"] or "any passage of it"} for s in sources]

    retrieval, answers = [], []
    for q in expected["questions"]:
        revisions = (1, 2) if q["split"] == "grading" else (1,)
        for revision in revisions:
            found = passages(q["sources"] if revision == 1 else q["sources_next"])
            retrieval.append({"question_id": q["id"], "split": q["split"], "revision": revision, "passages": found})
        if q["answer_this"]:
            cited = [{"document": s["document"], "quote": s["span"]} for s in q["sources"]] if cite else [{"document": "scan.pdf", "quote": "anything"}]
            given = {"answerable": q["answerable"], "answer": q["answer"], "citations": cited if q["answerable"] else []}
            answers.append({"question_id": q["id"], "split": q["split"], **given})
    folder.mkdir()
    for name, records in (("retrieval", retrieval), ("answers", answers)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return folder


def judged(expected: Json, folder: Path) -> dict[str, Finding]:
    ledger = {"calls": [{"format": {"type": "object"}, "status": 200}] * 60, "totals": {}}
    return {finding.id: finding for finding in DocumentQA().judge(json.loads(json.dumps(expected)), folder, ledger)}


def test_a_perfect_solution_has_full_marks_and_its_figures(documents: tuple[Path, Path], tmp_path: Path) -> None:
    expected = write_own_inputs(Own.read(*documents), SEED, tmp_path / "inputs")
    found = judged(expected, evidence(tmp_path / "evidence", expected))
    elsewhere = ("honest_figures", "web_app", "golden_set", "failures")  # what they are judged by was not handed in
    marks = {name: finding.status for name, finding in found.items() if name not in elsewhere}
    assert set(marks.values()) == {Status.PASS}, {name: found[name].observed for name, status in marks.items() if status is not Status.PASS}
    assert found["mrr"].detail["ndcg_at_10"] == found["mrr"].detail["recall_at_10"] == 1.0
    assert "nDCG@10 1.000, recall@10 1.000" in found["mrr"].observed


def test_worse_ranks_and_wrong_citations_cost_their_criteria(documents: tuple[Path, Path], tmp_path: Path) -> None:
    expected = write_own_inputs(Own.read(*documents), SEED, tmp_path / "inputs")
    found = judged(expected, evidence(tmp_path / "evidence", expected, first="wrong", cite=False))
    assert found["hit_rate"].status is Status.PASS and found["mrr"].status is Status.FAIL and found["citation_precision"].status is Status.FAIL
    assert found["mrr"].detail["ndcg_at_10"] == pytest.approx(0.5) and found["mrr"].detail["gate"] > 0.5


def test_an_index_that_does_not_forget_is_stale(documents: tuple[Path, Path], tmp_path: Path) -> None:
    expected = write_own_inputs(Own.read(*documents), SEED, tmp_path / "inputs")
    for question in expected["questions"]:
        question["sources_next"], question["kept"] = question["sources"], question["sources_next"]
    folder = evidence(tmp_path / "evidence", expected)
    for question in expected["questions"]:
        question["sources_next"] = question.pop("kept")
    freshness = judged(expected, folder)["freshness"]
    assert freshness.status is Status.FAIL and freshness.detail["stale"] > 0


def test_ndcg_and_recall_count_each_need_once() -> None:
    sources = [
        {"document": "a", "span": "one two three", "need": 0, "gain": 3.0},
        {"document": "copy", "span": "one two three", "need": 0, "gain": 3.0},
        {"document": "b", "span": "", "need": 1, "gain": 1.0},
    ]
    plain = {"id": "q", "split": "grading", "slice": "own", "question": "?", "answerable": True, "answer": "", "accept": []}
    question = Question.of({**plain, "sources": sources, "sources_next": [], "changed": False, "answer_this": False})

    def scored(*names: str) -> tuple[float, float]:
        texts = {"a": "one two three", "copy": "one two three", "b": "whatever", "c": "one two three"}
        return graded([Passage(document=name, text=texts[name]) for name in names], question)

    assert scored("copy", "b") == scored("a", "b") == (1.0, 1.0)
    assert scored("a", "copy", "a") == (pytest.approx(3 / (3 + 0.6309), abs=1e-3), 0.5)
    assert scored("b", "a")[0] < 1.0 and scored("b", "a")[1] == 1.0
    assert scored("c") == (0.0, 0.0)
