"""Exercises passed from day to day, beside what the ninety days ask, as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from markupsafe import Markup

from . import plan
from .path import Step
from .template import filled

WIDTH, HEIGHT = 720, 190
LEFT, RIGHT, TOP, BOTTOM = 46, WIDTH - 16, 14, HEIGHT - 30

Corner = tuple[float, int]
"""(days since the first one began, exercises)."""


def passed(path: Sequence[Step], day_one: date) -> list[Corner]:
    """A corner per exercise that was passed, earliest first."""
    begin = datetime.combine(day_one, datetime.min.time()).timestamp()
    times = sorted(task.passed for step in path for task in step.tasks if task.passed is not None)
    return [(max(0.0, (at - begin) / 86_400), number) for number, at in enumerate(times, start=1)]


def asked(path: Sequence[Step]) -> list[Corner]:
    """How many exercises the plan wants by the end of each stage, of those that are built."""
    exercises = {step.id: len(step.tasks) for step in path}
    total = 0
    corners = [(0.0, 0)]
    for stage in plan.STAGES:
        total += sum(exercises.get(id, 0) for id in stage.steps)
        corners.append((float(stage.last), total))
    return corners


def picture(path: Sequence[Step], day_one: date, today: date) -> Markup:
    """Empty before the first exercise is passed."""
    done, wanted = passed(path, day_one), asked(path)
    if not done:
        return Markup("")
    total = max(sum(len(step.tasks) for step in path), 1)
    now = max(float(plan.day(day_one, today)), done[-1][0])
    days = max(90.0, now)

    def spot(corner: Corner) -> tuple[float, float]:
        return LEFT + (RIGHT - LEFT) * corner[0] / days, BOTTOM - (BOTTOM - TOP) * corner[1] / total

    steps = [(0.0, 0)]
    for at, number in done:
        steps += [(at, number - 1), (at, number)]
    steps.append((now, len(done)))
    ticks = [stage.first - 1 for stage in plan.STAGES] + [90]
    return filled(
        "pace.svg.j2",
        frame={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM},
        total=total,
        done=len(done),
        today=plan.day(day_one, today),
        plan=line(map(spot, wanted)),
        passed=line(map(spot, steps)),
        end=spot(steps[-1]),
        dates=[(spot((tick, 0))[0], f"{day_one + timedelta(days=min(tick, 89)):%d %b}") for tick in ticks],
    )


def line(spots: Iterable[tuple[float, float]]) -> str:
    """An SVG path through the spots."""
    return " ".join(f"{'L' if number else 'M'}{x:.1f} {y:.1f}" for number, (x, y) in enumerate(spots))
