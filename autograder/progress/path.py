"""The steps of the course in order, each with what has been passed of it. Built from the release notebooks and two small databases."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from .. import checks
from ..grading.assignments import Assignment, known
from ..grading.journal import Journal
from ..paths import course_root
from ..probe import progress as attempts
from ..reports.report import Report
from . import plan

PHASES = {
    "1_foundations": "Foundations",
    "2_llm_fundamentals": "LLM fundamentals",
    "3_retrieval": "Retrieval",
    "4_agents": "Agents",
    "5_production": "Production",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise: when it was first passed (seconds since the epoch), and how often it was tried."""

    id: str
    title: str
    passed: float | None
    tries: int


@dataclass(frozen=True)
class Step:
    """One notebook or milestone. `path` is relative to the clone; `reports` are its graded runs, oldest first."""

    id: str
    title: str
    phase: str
    path: str
    minutes: int
    tasks: tuple[Task, ...] = ()
    reports: tuple[Report, ...] = field(default=(), repr=False)

    @property
    def milestone(self) -> bool:
        return not self.id[:1].isdigit()

    @property
    def best(self) -> Report | None:
        return max(self.reports, key=lambda report: report.share, default=None)

    @property
    def done(self) -> bool:
        if self.milestone:
            return any(report.passed for report in self.reports)
        return bool(self.tasks) and all(task.passed for task in self.tasks)

    @property
    def share(self) -> float:
        """Between 0 and 1: exercises passed, or the best score of a milestone."""
        if self.milestone:
            return self.best.share if self.best else 0.0
        return sum(task.passed is not None for task in self.tasks) / len(self.tasks) if self.tasks else 0.0

    @property
    def begun(self) -> bool:
        return bool(self.reports) or any(task.tries for task in self.tasks)

    @property
    def next_task(self) -> Task | None:
        return next((task for task in self.tasks if task.passed is None), None)


def steps() -> list[Step]:
    """Every built notebook of the course, then the milestones."""
    passed = attempts.passed()
    return [step(assignment, passed) for assignment in known().values() if inside(assignment.release)]


def inside(release: Path) -> bool:
    return release.resolve().is_relative_to(course_root())


def step(assignment: Assignment, passed: dict[str, float]) -> Step:
    metadata = json.loads(assignment.release.read_text(encoding="utf-8"))["metadata"].get("autograder", {})
    folder = assignment.release.relative_to(course_root()).parts
    exercises = checks.of_notebook(assignment.id)
    return Step(
        id=assignment.id,
        title=str(metadata.get("title") or assignment.release.stem),
        phase=PHASES.get(folder[1], "") if folder[0] == "phases" else "Milestones",
        path=assignment.release.relative_to(course_root()).as_posix(),
        minutes=int(metadata.get("minutes") or 0),
        tasks=tuple(Task(e.id, e.title, passed.get(e.id), attempts.attempts(e.id)) for e in exercises),
        reports=tuple(own_reports(assignment.id)),
    )


def own_reports(assignment: str) -> list[Report]:
    """Graded runs of the learner's own copy, oldest first: whatever lies in `phases/` or `milestones/`."""
    return [report for report in Journal().latest(assignment) if not report.submission.startswith("solutions/")]


def first_day() -> date:
    """The day of the first check that was run; today before that."""
    return datetime.fromtimestamp(attempts.first() or time.time()).date()


def next_step(path: Sequence[Step]) -> Step | None:
    """The first step that is not done, in the order of the ninety days: a milestone comes when its phase is over. None when all are."""
    return min((step for step in path if not step.done), key=lambda step: plan.place(step.id), default=None)


def advice(path: Sequence[Step]) -> str:
    """What to do next, in one sentence."""
    step = next_step(path)
    if step is None:
        return "All that is built is done. Grade the milestones on a fresh seed, and show somebody the reports."
    if step.milestone:
        grade = f"python3 -m autograder grade {step.path.rpartition('/')[0]}"
        return f"Work on {step.path}, then run: {grade}"
    task = step.next_task
    if task is None:
        return f"Open {step.path}."
    again = "go on with" if task.tries else "write"
    return f'Open {step.path}, {again} "{task.title}", and run check("{task.id}").'
