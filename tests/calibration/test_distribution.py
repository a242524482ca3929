"""Distributions of the reference's figures, and the gates that follow from them; the committed ones among these."""

from __future__ import annotations

import json
import math

import pytest

from autograder import rubrics
from autograder.calibration.answers import Outcome, resampled
from autograder.calibration.command import LEAST
from autograder.calibration.designs import designs
from autograder.calibration.distribution import Distribution, gates
from autograder.calibration.landing import FULL
from autograder.calibration.report import designs_file, gates_file

MILESTONE = "a_document_qa"
WRITTEN = json.loads(gates_file(MILESTONE).read_text(encoding="utf-8"))
DESIGNS = {design.name: design for design in designs(MILESTONE)}


@pytest.mark.parametrize(
    ("value", "real", "resampled"),
    [(0.716, 0.71, 0.7), (0.7, 0.69, 0.65), (0.749, 0.74, 0.7), (0.6999, 0.69, 0.65), (0.04, 0.03, 0.0), (0.0, 0.0, 0.0), (1.0, 0.99, 0.95)],
)
def test_a_gate_is_the_highest_step_below_the_fifth_percentile(value: float, real: float, resampled: float) -> None:
    assert Distribution("a", (value,) * 3, 10, "").gate == real
    assert Distribution("a", (value,) * 3, 10, "", resampled=True).gate == resampled


def test_a_gate_keeps_its_floor_and_the_least_it_may_be() -> None:
    found = [Distribution("a", (0.6, 0.7, 0.8), 10, "three runs"), Distribution("b", (0.4,) * 3, 10, "three runs")]
    assert gates(found, {"a": 0.1, "b": 0.2}, {"b": 0.52}) == {"a": {"gate": 0.6, "floor": 0.1}, "b": {"gate": 0.52, "floor": 0.2}}


def test_figures_of_a_distribution() -> None:
    one = Distribution("a", tuple(n / 100 for n in range(101)), 10, "runs")
    assert (one.mean, one.p5, one.least) == pytest.approx((0.5, 0.05, 0.0))
    assert one.sd == pytest.approx(math.sqrt(sum((n / 100 - 0.5) ** 2 for n in range(101)) / 100))
    assert one.below(one.mean) == pytest.approx(0.5)
    assert Distribution("a", (0.2, 0.4, 0.6, 0.8), 10, "", resampled=True).below(0.5) == 0.5


def test_resampled_runs_have_the_spread_of_their_size() -> None:
    pool = [Outcome(True, True, right, 1, int(right)) for right in [True] * 30 + [False] * 70] + [Outcome(False, False, False, 0, 0)] * 10
    found = {one.criterion: one for one in resampled(pool, (16, 4), 3, 0)}
    right = found["answer_correctness"]
    assert right.mean == pytest.approx(0.3, abs=0.01)
    assert right.sd == pytest.approx(math.sqrt(0.3 * 0.7 / 16), rel=0.1)
    assert found["citation_precision"].values == right.values
    assert found["abstention"].p5 == 1.0


def test_questions_left_unanswered_give_no_citations_and_no_precision() -> None:
    pool = [Outcome(True, False, False, 0, 0), Outcome(False, True, False, 0, 0)]
    found = {one.criterion: one.mean for one in resampled(pool, (16, 4), 1, 0)}
    assert found == {"citation_precision": 0.0, "answer_correctness": 0.0, "abstention": 0.0}


def test_the_committed_gates_are_those_that_the_rubric_judges_by() -> None:
    assert rubrics.find(MILESTONE).gates == WRITTEN["gates"]  # type: ignore[attr-defined]
    assert set(WRITTEN["distributions"]) == set(WRITTEN["gates"])


@pytest.mark.parametrize("criterion", WRITTEN["gates"])
def test_a_committed_gate_lies_between_its_floor_and_the_reference(criterion: str) -> None:
    gate, found = WRITTEN["gates"][criterion], WRITTEN["distributions"][criterion]
    assert gate["floor"] < gate["gate"] < found["mean"]
    assert found["min"] <= found["p5"] < found["mean"] and found["sd"] > 0
    if criterion in LEAST:
        assert gate["gate"] >= LEAST[criterion] and found["below_gate"] < 0.15
    else:
        assert 0 < found["p5"] - gate["gate"] <= found["step"] + 1e-9 and found["below_gate"] < 0.1


def test_answering_everything_lands_below_the_gate_of_abstention() -> None:
    for name in ("answers_everything", "no_limits"):
        assert WRITTEN["designs"]["answers"][name]["figures"]["abstention"] < WRITTEN["gates"]["abstention"]["gate"]


@pytest.mark.parametrize(("half", "name"), [(half, name) for half, table in WRITTEN["designs"].items() for name in table])
def test_a_measured_design_landed_where_its_file_says(half: str, name: str) -> None:
    full = {criterion.id: criterion.max_score for criterion in rubrics.find(MILESTONE).criteria}
    row, reference = WRITTEN["designs"][half][name], WRITTEN["designs"][half]["reference"]
    lost = {criterion for criterion, points in row["points"].items() if points < FULL * full[criterion]}
    assert name == "reference" or (row["loses"], row["lowers"]) == (sorted(DESIGNS[name].loses), sorted(DESIGNS[name].lowers))
    assert lost >= set(row["loses"]) & set(row["points"])
    assert all(row["figures"][criterion] < reference["figures"][criterion] for criterion in row["lowers"])
    assert row["loses"] or row["lowers"] or not lost


@pytest.mark.parametrize("half", WRITTEN["designs"])
def test_every_design_was_measured_and_stands_in_the_table(half: str) -> None:
    assert set(WRITTEN["designs"][half]) == {"reference"} | {name for name, design in DESIGNS.items() if design.half == half}
    table = designs_file(MILESTONE).read_text(encoding="utf-8")
    assert all(DESIGNS[name].told in table for name in WRITTEN["designs"][half] if name != "reference")
