"""The line of what was passed, beside the one the plan asks for."""

from __future__ import annotations

import re
from datetime import timedelta

from autograder.progress import pace
from tests.progress.courses import DAY_ONE, milestone, notebook


def test_each_exercise_is_a_step_of_the_line_on_its_day() -> None:
    assert pace.passed([notebook("0.1", 4, 1), notebook("1.1", None)], DAY_ONE) == [(0.5, 1), (3.5, 2)]


def test_the_plan_asks_for_what_is_built_and_by_when() -> None:
    course = [notebook("0.1", None, None), notebook("3.4", None), notebook("5.1", None), milestone("a_document_qa")]
    assert pace.asked(course) == [(0.0, 0), (30.0, 2), (60.0, 3), (90.0, 4)]


def test_before_the_first_there_is_no_picture() -> None:
    assert pace.picture([notebook("0.1", None)], DAY_ONE, DAY_ONE) == ""


def drawn(day: int) -> list[tuple[float, float]]:
    picture = pace.picture([notebook("0.1", 1, 5), notebook("1.1", None, None)], DAY_ONE, DAY_ONE + timedelta(days=day - 1))
    found = re.search(r'class="passed" d="([^"]+)"', picture)
    assert found
    numbers = [float(number) for number in re.findall(r"[\d.]+", found[1])]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_the_line_ends_today_halfway_up_and_stays_inside() -> None:
    x, y = drawn(45)[-1]
    assert abs((x - pace.LEFT) / (pace.RIGHT - pace.LEFT) - 0.5) < 0.01 and abs((pace.BOTTOM - y) / (pace.BOTTOM - pace.TOP) - 0.5) < 0.01
    for day in (5, 90, 400):
        assert all(pace.LEFT <= x <= pace.RIGHT and pace.TOP <= y <= pace.BOTTOM for x, y in drawn(day))
