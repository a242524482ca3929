from __future__ import annotations

from typing import Any

from autograder import checks
from autograder.checks.draw import draw
from autograder.checks.judge import judge
from autograder.verdict import Case, Status

RATE = checks.find("0.1-rate")


def observed(cases: list[Case], value: Any) -> list[Any]:
    return [{"criterion": case.criterion, "number": case.number, "observation": {"value": value}} for case in cases]


def test_a_case_without_evidence_is_an_error_and_not_a_zero() -> None:
    cases = draw(RATE, 0)
    found = {f.id: f for f in judge(RATE, cases, observed(cases[1:], {"prompt": None, "generation": None}))}
    assert found["rates"].status is Status.ERROR and "no evidence for 1 of" in found["rates"].observed


def test_the_first_record_of_a_case_counts_and_strange_ones_are_ignored() -> None:
    cases = draw(RATE, 0)
    wrong = observed(cases, {"prompt": -1, "generation": -1})
    strange: list[Any] = [None, 7, {"criterion": "rates"}, {"criterion": "beauty", "number": 0, "observation": {"value": 1}}]
    assert [f.status for f in judge(RATE, cases, strange + wrong + wrong)] == [Status.FAIL, Status.FAIL]


def test_an_observation_of_the_wrong_shape_fails_in_words() -> None:
    cases = draw(RATE, 0)
    for value in ("text", [1, 2], 3, {"prompt": "x"}, None):
        for finding in judge(RATE, cases, observed(cases, value)):
            assert finding.status is Status.FAIL and finding.expected and finding.observed
    for record in ("text", {}, {"raised": "no mapping"}):
        records = [{"criterion": case.criterion, "number": case.number, "observation": record} for case in cases]
        assert {finding.status for finding in judge(RATE, cases, records)} == {Status.FAIL}


def test_the_smallest_failing_case_is_shown() -> None:
    cases = draw(RATE, 0)
    finding = judge(RATE, cases, observed(cases, None))[0]
    sizes = [len(str(case.inputs)) for case in cases if case.criterion == "rates"]
    assert abs(len(str(finding.detail["example"])) - min(sizes)) <= 4
