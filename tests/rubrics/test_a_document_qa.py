"""Milestone A's rubric: every fault loses exactly the criteria it should, and different right hand-ins pass all of them."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from autograder import rubrics
from autograder.evidence import Evidence
from autograder.grading.milestone_audit import CALLS, changed, prepared
from autograder.verdict import Finding, Status

SEED = 3
TOLD = runpy.run_path(str(Path(__file__).parents[1] / "mutants" / "a_document_qa.py"))

ALSO = {
    "a field that the contract does not know": {"citation_precision", "answer_correctness", "abstention", "honest_figures", "failures"},
    "whole documents as passages": {"hit_rate", "mrr"},
    "the right passage ranks eighth": {"mrr"},
    "the right document, the wrong paragraph": {"mrr"},
    "answers nothing": {"citation_precision", "answer_correctness"},
}
"""What a fault costs beside the criterion that names it, because it cannot but do so."""


@pytest.fixture(scope="module")
def expected() -> Any:
    return prepared("a_document_qa", SEED)


@pytest.fixture(scope="module")
def right(expected: Any) -> Any:
    return TOLD["perfect"](expected)


def judged(expected: Any, made: Any, folder: Path) -> list[Finding]:
    import json

    for artefact in made.keys() - {CALLS}:
        (folder / f"{artefact}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in made[artefact]), encoding="utf-8")
    ledger = {"calls": made["calls"], "totals": {"calls": len(made["calls"])}}
    return rubrics.find("a_document_qa").judge(expected, folder, ledger)


@pytest.mark.parametrize(("name", "criterion", "spoil"), TOLD["COMPANY"], ids=[row[0] for row in TOLD["COMPANY"]])
def test_a_fault_loses_what_it_should_and_nothing_else(name: str, criterion: str, spoil: Any, expected: Any, right: Any, tmp_path: Path) -> None:
    found = judged(expected, changed(right, spoil, expected), tmp_path)
    lost = {finding.id for finding in found if finding.status is not Status.PASS}
    assert lost == {criterion} | ALSO.get(name, set())
    assert all(finding.hint for finding in found if finding.id in lost)


@pytest.mark.parametrize(("name", "change"), TOLD["ALTERNATIVES"], ids=[row[0] for row in TOLD["ALTERNATIVES"]])
def test_a_right_hand_in_passes(name: str, change: Any, expected: Any, right: Any, tmp_path: Path) -> None:
    found = judged(expected, changed(right, change, expected), tmp_path)
    assert {finding.id: finding.observed for finding in found if finding.status is not Status.PASS} == {}


def test_every_criterion_has_two_faults() -> None:
    named = [criterion for _, criterion, _ in TOLD["MUTANTS"]]
    assert {c.id: named.count(c.id) >= 2 for c in rubrics.find("a_document_qa").criteria} == dict.fromkeys(set(named), True)


def test_answers_of_another_seed_are_worth_nothing(expected: Any, tmp_path: Path) -> None:
    """Right answers of seed 4, handed in for the questions of seed 3 in the same order."""
    other = TOLD["perfect"](prepared("a_document_qa", SEED + 1))
    own = TOLD["perfect"](expected)
    spoken = [record for record in other["answers"] if record["answerable"] and record["split"] == "grading"]
    for record, wrong in zip([r for r in own["answers"] if r["answerable"] and r["split"] == "grading"], spoken, strict=False):
        record["answer"] = wrong["answer"]
    found = {finding.id: finding for finding in judged(expected, own, tmp_path)}
    assert found["answer_correctness"].score == 0
    assert found["hit_rate"].status is Status.PASS


def test_nothing_handed_in_is_no_evidence_and_never_a_pass(expected: Any, tmp_path: Path) -> None:
    found = rubrics.find("a_document_qa").judge(expected, tmp_path, {"calls": [], "totals": {}})
    assert all(finding.score == 0 for finding in found)
    assert Evidence(tmp_path).lines("answers") == []
