"""The progress page: the path, where you are on it, scores over time, and the ninety days with their dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import groupby
from typing import Any

from markupsafe import Markup

from ..reports import charts
from . import pace, plan
from .path import PHASES, Step, advice, next_step
from .template import filled


@dataclass(frozen=True, slots=True)
class Stop:
    """One circle or square of the map: `state` is done, here, begun or ahead."""

    x: float
    y: float
    step: Step
    state: str

    @property
    def label(self) -> str:
        return self.step.id if not self.step.milestone else self.step.id[:1].upper()


@dataclass(frozen=True, slots=True)
class Row:
    """One phase of the map: its name and its stops from left to right, milestones where the plan has them."""

    name: str
    y: float
    stops: tuple[Stop, ...]


LEFT, TOP, ACROSS, DOWN = 190, 46, 74, 74


def rows(path: Sequence[Step]) -> list[Row]:
    here = next_step(path)
    found = []
    in_order = sorted(path, key=lambda step: plan.place(step.id))
    for number, (name, steps) in enumerate(groupby(in_order, key=phase)):
        y = TOP + number * DOWN
        stops = tuple(Stop(LEFT + i * ACROSS, y, step, state(step, here)) for i, step in enumerate(steps))
        found.append(Row(name, y, stops))
    return found


def phase(step: Step) -> str:
    """The line a step stands on: a milestone's is the phase of the notebook that the plan has before it."""
    before = plan.notebook_before(step.id) if step.milestone else ""
    return next((name for folder, name in PHASES.items() if before and folder[0] == before[0]), step.phase)


def state(step: Step, here: Step | None) -> str:
    if step.done:
        return "done"
    if here is not None and step.id == here.id:
        return "here"
    return "begun" if step.begun else "ahead"


def map_svg(path: Sequence[Step]) -> Markup:
    """The path as a picture: one line per phase, a circle per notebook, a square per milestone, filled when it is done."""
    lines = rows(path)
    width = LEFT + ACROSS * max([len(row.stops) for row in lines], default=1)
    return filled("map.svg.j2", rows=lines, width=width, height=TOP + DOWN * len(lines) - 44)


def score_chart(step: Step) -> Markup:
    """Scores of a milestone's graded runs over time; empty for fewer than two."""
    points = [
        charts.Point(report.finished, report.share, f"{report.finished[:10]}, seed {report.seed}: {report.score:g} of {report.max_score:g}", report.passed)
        for report in step.reports
    ]
    return charts.history(points, step.reports[-1].pass_mark if step.reports else 0.7)


def render(path: Sequence[Step], day_one: date, today: date) -> str:
    """The whole page, self-contained: no script, no network."""
    css = resources.files("autograder.reports").joinpath("templates/report.css").read_text(encoding="utf-8")
    return filled(
        "progress.html.j2",
        css=Markup(css),
        map=map_svg(path),
        path=path,
        advice=advice(path),
        pace=pace.picture(path, day_one, today),
        charts=[(step, score_chart(step)) for step in path if len(step.reports) > 1],
        **calendar(path, day_one, today),
    )


def calendar(path: Sequence[Step], day_one: date, today: date) -> dict[str, Any]:
    """What the template of the ninety days takes."""
    return {
        "day": plan.day(day_one, today),
        "stages": plan.STAGES,
        "now": plan.current(day_one, today),
        "day_one": day_one,
        "titles": {step.id: step.title for step in path},
        "done": {step.id for step in path if step.done},
    }
