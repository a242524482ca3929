"""The own domain of Milestone A: what is wrong with it is named, and what is right in another way is accepted."""

from __future__ import annotations

import copy
import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from autograder.paths import course_root
from autograder.probe.own import Own
from autograder.rubrics.a_own import DEMANDS, EXAMPLES, failures, golden_set, last_row
from autograder.rubrics.qa_case import Case
from autograder.verdict import Status

TOLD = runpy.run_path(str(Path(__file__).parent / "own_faults.py"))
NOTHING: dict[str, Any] = {"questions": [], "stale": {}, "documents": {}}


def case(folder: Path, made: dict[str, list[dict[str, Any]]]) -> Case:
    for artefact, records in made.items():
        (folder / f"{artefact}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return Case(NOTHING, folder, {"calls": [], "totals": {}})


def handed_in(folder: Path, change: Any = None) -> Case:
    made = copy.deepcopy(TOLD["right"]())
    if change:
        change(made)
    return case(folder, made)


@pytest.mark.parametrize(("name", "change"), TOLD["ALTERNATIVES"], ids=[row[0] for row in TOLD["ALTERNATIVES"]])
def test_what_is_right_in_another_way_is_accepted(name: str, change: Any, tmp_path: Path) -> None:
    found = handed_in(tmp_path, change)
    judged = [golden_set(found), failures(found)]
    assert [(finding.id, finding.observed) for finding in judged if finding.status is not Status.PASS] == []
    assert [finding.score for finding in judged] == [5, 5]
    assert last_row(found) == ""


@pytest.mark.parametrize(("name", "demand", "spoil"), TOLD["GOLDEN_FAULTS"], ids=[row[0] for row in TOLD["GOLDEN_FAULTS"]])
def test_a_flaw_of_the_golden_set_is_named(name: str, demand: str, spoil: Any, tmp_path: Path) -> None:
    finding = golden_set(handed_in(tmp_path, spoil))
    assert finding.status is Status.FAIL
    assert demand in finding.detail["broken"]
    assert 0 < finding.score < 5
    assert finding.observed and finding.expected and finding.hint


def test_every_demand_has_two_flaws() -> None:
    named = [demand for _, demand, _ in TOLD["GOLDEN_FAULTS"]]
    assert all(named.count(demand) >= 2 for demand in set(named))
    assert len(set(named)) == len(DEMANDS)


@pytest.mark.parametrize(("name", "says", "spoil"), TOLD["FAILURE_FAULTS"], ids=[row[0] for row in TOLD["FAILURE_FAULTS"]])
def test_a_failure_that_is_none_is_named(name: str, says: str, spoil: Any, tmp_path: Path) -> None:
    finding = failures(handed_in(tmp_path, spoil))
    assert finding.status is Status.FAIL and finding.score < 5
    assert says in finding.observed
    assert finding.hint


@pytest.mark.parametrize(("name", "says", "spoil"), TOLD["HISTORY_FAULTS"], ids=[row[0] for row in TOLD["HISTORY_FAULTS"]])
def test_a_history_that_is_not_of_this_run_is_told(name: str, says: str, spoil: Any, tmp_path: Path) -> None:
    assert says in last_row(handed_in(tmp_path, spoil))


def test_nothing_handed_in_is_no_pass(tmp_path: Path) -> None:
    found = case(tmp_path, {})
    assert [(finding.status, finding.score) for finding in (golden_set(found), failures(found))] == [(Status.FAIL, 0), (Status.FAIL, 0)]
    assert last_row(found)


def test_the_released_folder_earns_nothing(tmp_path: Path) -> None:
    """The two examples, the README's skeleton, no document."""
    starter = course_root() / "solutions" / "milestones" / "a_document_qa" / "starter"
    made: dict[str, list[dict[str, Any]]] = {}
    own = Own(starter, lambda artefact, record: made.setdefault(artefact, []).append(record))
    own.hand_in([])
    own.hand_in_history()
    found = case(tmp_path, made)
    assert [(finding.status, finding.score) for finding in (golden_set(found), failures(found))] == [(Status.FAIL, 0), (Status.FAIL, 0)]


def test_a_small_set_is_worth_little_however_clean(tmp_path: Path) -> None:
    """Four clean questions meet most demands."""
    finding = golden_set(handed_in(tmp_path, lambda made: made.update(own_questions=made["own_questions"][::6])))
    assert finding.score <= 1


def test_a_failure_needs_a_search_or_an_answer_of_this_run(tmp_path: Path) -> None:
    """README.md alone proves nothing, for a question with an answer or without."""
    finding = failures(handed_in(tmp_path, lambda made: made.update(retrieval=[], answers=[])))
    assert finding.score == 0
    assert "no search for it was handed in" in finding.observed


def test_the_released_examples_are_known() -> None:
    starter = course_root() / "solutions" / "milestones" / "a_document_qa" / "starter"
    lines = (starter / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == list(EXAMPLES)
