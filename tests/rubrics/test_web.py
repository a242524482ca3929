"""The web page of Milestone A, judged by its bytes: what is wrong is named, and what is right in another way is accepted."""

from __future__ import annotations

import copy
import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from autograder.rubrics.a_web import PARTS, WEB_APP, web_app
from autograder.rubrics.qa_case import Case
from autograder.verdict import Finding, Status
from autograder.world.chance import Chance
from autograder.world.ui_inputs import FILLING, MARKUP, plant

TOLD = runpy.run_path(str(Path(__file__).parent / "web_faults.py"))


def expected(seed: int = 3) -> dict[str, Any]:
    planted = plant(Chance(seed, "ui"))
    ui = {
        "documents": {planted.path: planted.text},
        "planted": {"path": planted.path, "sentence": planted.sentence, "canary": planted.canary, "filling": FILLING[0]},
    }
    return {"questions": [], "stale": {}, "documents": {}, "ui": ui}


def judged(folder: Path, spoil: Any, seed: int = 3) -> Finding:
    made = copy.deepcopy(TOLD["right"](expected(seed)))
    spoil(made)
    (folder / "web.jsonl").write_text("".join(json.dumps(record) + "\n" for record in made["web"]), encoding="utf-8")
    return web_app(Case(expected(seed), folder, {"calls": made["calls"], "totals": {}}))


@pytest.mark.parametrize(("name", "change"), TOLD["ALTERNATIVES"], ids=[row[0] for row in TOLD["ALTERNATIVES"]])
def test_what_is_right_in_another_way_is_accepted(name: str, change: Any, tmp_path: Path) -> None:
    finding = judged(tmp_path, change)
    assert (finding.status, finding.observed) == (Status.PASS, f"all {len(PARTS)} parts are met")


@pytest.mark.parametrize(("name", "part", "spoil"), TOLD["FAULTS"], ids=[row[0] for row in TOLD["FAULTS"]])
def test_a_fault_costs_its_part_and_no_other(name: str, part: str, spoil: Any, tmp_path: Path) -> None:
    finding = judged(tmp_path, spoil)
    lost = {name for name, points in finding.detail["parts"].items() if not points}
    also = {"cites"} if part == "streams" and "cites" in lost else set()  # an answer that cannot be read cites nothing
    assert lost == {part} | also
    assert part in finding.observed
    assert finding.score == WEB_APP.max_score - sum(PARTS[name][0] for name in lost)


def test_every_part_has_two_faults_and_the_points_add_up() -> None:
    named = [part for _, part, _ in TOLD["FAULTS"]]
    assert all(named.count(part) >= 2 for part in PARTS)
    assert sum(worth for worth, _ in PARTS.values()) == WEB_APP.max_score


@pytest.mark.parametrize("seed", range(40))
def test_drawn_markup_is_seen_when_it_is_alive_and_only_then(seed: int, tmp_path: Path) -> None:
    assert judged(tmp_path, TOLD["as_it_is"], seed).status is Status.PASS
    finding = judged(tmp_path, TOLD["unescaped"]("planted"), seed)
    assert not finding.detail["parts"]["escapes"]


def test_every_kind_of_markup_is_planted_on_some_seed() -> None:
    texts = [plant(Chance(seed, "ui")).text for seed in range(200)]
    for markup in MARKUP:
        begin = markup.partition("{canary}")[0]
        assert any(begin in text for text in texts)


def test_an_application_that_does_not_start_is_told_what_it_said(tmp_path: Path) -> None:
    record = TOLD["step"]("start", "", log="Traceback\nNameError: name 'ap' is not defined") | {"problem": "it ended"}
    (tmp_path / "web.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    finding = web_app(Case(expected(), tmp_path, {"calls": [], "totals": {}}))
    assert (finding.status, finding.score) == (Status.ERROR, 0)
    assert "it ended" in finding.observed
    assert "NameError" in finding.observed


def test_nothing_handed_in_is_no_evidence(tmp_path: Path) -> None:
    assert web_app(Case(expected(), tmp_path, {"calls": [], "totals": {}})).status is Status.ERROR


def test_steps_that_were_not_reached_cost_their_parts_only(tmp_path: Path) -> None:
    def shorter(made: Any) -> None:
        made["web"] = made["web"][:8]

    finding = judged(tmp_path, shorter)
    assert {name for name, points in finding.detail["parts"].items() if points} == {"serves itself whole", "streams"}


def test_an_application_that_neither_answers_nor_shows_a_document_has_nothing(tmp_path: Path) -> None:
    """As it is released: the page is there, and so are the refusals."""

    def unwritten(made: Any) -> None:
        for reply in made["web"]:
            if reply["step"] in ("ask", "unanswerable", "endless", "cut", "stopped", "again"):
                reply |= {"pieces": [], "calls": [], "ended": "broken", "problem": "IncompleteRead"}
        TOLD["replies"]("planted", "Internal Server Error", "text/plain", 500)(made)

    finding = judged(tmp_path, unwritten)
    assert (finding.status, finding.score) == (Status.FAIL, 0)
