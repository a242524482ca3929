"""What `phases/0_start_here.ipynb` shows: the map with where you are, how it went so far, and the ninety days. HTML there, text elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from ..probe import progress as attempts
from . import pace, page, plan
from .command import table
from .path import Step, advice, first_day, next_step, steps
from .template import filled


@dataclass(frozen=True, repr=False)
class Shown:
    """Something for a cell to show."""

    html: str
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def path() -> Shown:
    """The map, what comes next, and every step with what is done of it."""
    course = steps()
    html = shown("here_path", path=course, map=page.map_svg(course), step=next_step(course), advice=advice(course), links=links(course))
    return Shown(html, f"{table(course)}\n\nNext: {advice(course)}")


def scores() -> Shown:
    """Exercises passed over time beside the plan's pace, and the scores of each milestone that was graded."""
    course, day_one, today = steps(), first_day(), date.today()
    tasks = [task for step in course for task in step.tasks]
    passed = sum(task.passed is not None for task in tasks)
    charts = [(step, page.score_chart(step)) for step in course if step.reports]
    html = shown("here_scores", pace=pace.picture(course, day_one, today), passed=passed, total=len(tasks), charts=charts)
    lines = [f"{passed} of {len(tasks)} exercises passed."]
    lines += [f"{step.title}: {', '.join(f'{report.score:g}' for report in step.reports)} of {step.reports[-1].max_score:g}" for step, _ in charts]
    return Shown(html, "\n".join(lines))


def ninety_days() -> Shown:
    """The plan's three stages with their dates, counted from the first check that was run, or from today."""
    course, day_one, today = steps(), first_day(), date.today()
    html = shown("here_plan", **page.calendar(course, day_one, today), begun=attempts.first() is not None)
    lines = [f"Day {plan.day(day_one, today)} of 90."]
    lines += [f"{stage.starts(day_one):%d %B} to {stage.ends(day_one):%d %B %Y}: {stage.goal}. {stage.proof}." for stage in plan.STAGES]
    return Shown(html, "\n".join(lines))


def shown(name: str, **values: Any) -> str:
    css = resources.files("autograder.progress").joinpath("templates/here.css").read_text(encoding="utf-8")
    return filled(f"{name}.html.j2", css=Markup(css), **values)


def links(course: list[Step]) -> dict[str, str]:
    """Where each step is, seen from `phases/`."""
    return {step.id: quote(f"../{step.path}") for step in course}
