"""What comes next, and where that is on the map."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from autograder.progress import page, plan
from autograder.progress.command import run, table
from autograder.progress.path import Step, advice, next_step, steps
from tests.progress.conftest import Log
from tests.progress.courses import milestone, notebook


def states(course: list[Step]) -> dict[str, str]:
    return {stop.label: stop.state for row in page.rows(course) for stop in row.stops}


def test_the_first_that_is_not_done_is_next_and_the_map_says_so() -> None:
    course = [notebook("0.1", 1, 2), notebook("1.1", 3, None), notebook("1.2", None)]
    here = next_step(course)
    assert here is not None and here.id == "1.1"
    assert states(course) == {"0.1": "done", "1.1": "here", "1.2": "ahead"}
    assert 'check("1.1-1")' in advice(course)


def test_a_milestone_stands_on_the_map_where_the_plan_has_it() -> None:
    course = [notebook("3.3", 1), notebook("3.4", None), notebook("4.1", None), milestone("a_document_qa"), milestone("z_unplanned")]
    assert [[stop.label for stop in row.stops] for row in page.rows(course)] == [["3.3", "A", "3.4"], ["4.1"], ["Z"]]
    assert [row.name for row in page.rows(course)] == ["Retrieval", "Agents", "Milestones"]
    assert page.map_svg(course).count("<rect") == 2


def test_what_was_begun_out_of_order_is_marked() -> None:
    assert states([notebook("0.1", None), notebook("1.1", 3, None)]) == {"0.1": "here", "1.1": "begun"}


def test_a_milestone_comes_when_the_plan_has_it_and_not_at_the_end_of_the_course() -> None:
    course = [notebook("3.3", 20), notebook("3.4", None), notebook("4.1", None), milestone("a_document_qa")]
    here = next_step(course)
    assert here is not None and here.id == "a_document_qa"
    assert "python3 -m autograder grade milestones/a_document_qa" in advice(course)


def test_a_milestone_below_the_pass_mark_is_not_done() -> None:
    assert not milestone("a_document_qa", 20, 64.5).done and milestone("a_document_qa", 20, 81, 60).done
    assert "81/100" in table([milestone("a_document_qa", 20, 81, 60)])


def test_when_all_is_done_nothing_is_next() -> None:
    course = [notebook("0.1", 1), milestone("a_document_qa", 90)]
    assert next_step(course) is None and advice(course).startswith("All that is built is done.")


def test_every_step_of_the_course_has_its_place_in_the_plan() -> None:
    last = sum(len(stage.steps) for stage in plan.STAGES)
    assert [step.id for step in steps() if plan.place(step.id) == last] == []


def test_the_page_to_start_on_is_no_step() -> None:
    assert not [step for step in steps() if "start_here" in step.path]


def test_the_command_says_it_and_writes_the_page(tmp_path: Path, attempt: Log, capsys: pytest.CaptureFixture[str]) -> None:
    attempt("0.1-rate", days_ago=3)
    run(argparse.Namespace(json=False, out=tmp_path / "page.html"))
    said = capsys.readouterr().out
    assert "1 of 2  0.1 Your machine is a parameter" in said and "Day 4 of 90" in said and 'check("0.1-budget")' in said
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "you are here" in html and "Day 4 of 90" in html and "1 of 2" in html
    run(argparse.Namespace(json=True, out=tmp_path / "page.html"))
    first = json.loads(capsys.readouterr().out)[0]
    assert (first["id"], first["share"], first["exercises"][0]["tries"]) == ("0.1", 0.5, 1)
