"""Ninety days, three times thirty: what should exist at the end of each, with the dates that follow from the first day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Stage:
    """`first` and `last` are days from 1 to 90; `steps` are ids of notebooks and milestones."""

    first: int
    last: int
    goal: str
    proof: str
    steps: tuple[str, ...]

    def starts(self, day_one: date) -> date:
        return day_one + timedelta(days=self.first - 1)

    def ends(self, day_one: date) -> date:
        return day_one + timedelta(days=self.last - 1)


STAGES = (
    Stage(
        1, 30,
        "A document Q&A on a corpus you care about",
        "Twenty golden questions, a hit rate with its interval, and the row in eval_history.csv that says so",
        ("0.1", "1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2", "3.3", "a_document_qa"),
    ),
    Stage(
        31, 60,
        "Hybrid search or re-ranking, and answers as validated objects",
        "A decision log with the measured difference, and three failures documented by question id",
        ("3.4", "3.5", "c_prompt_migration"),
    ),
    Stage(
        61, 90,
        "Two tools with authentication, traces, and a red-team script that has been run",
        "An attack success rate before and after, a launch checklist on one page",
        ("4.1", "4.2", "4.3", "4.4", "4.5", "b_guarded_agent", "5.1", "5.2", "5.3", "5.4", "5.5", "d_support_copilot"),
    ),
)  # fmt: skip

ORDER = tuple(step for stage in STAGES for step in stage.steps)


def day(day_one: date, today: date) -> int:
    """Which of the days it is, from 1; beyond 90 when the time is over."""
    return (today - day_one).days + 1


def current(day_one: date, today: date) -> Stage:
    """The stage that `today` belongs to; the last one afterwards."""
    number = day(day_one, today)
    return next((stage for stage in STAGES if number <= stage.last), STAGES[-1])


def place(id: str) -> int:
    """Where a notebook or milestone stands in the plan; after all others if it is not in it."""
    return ORDER.index(id) if id in ORDER else len(ORDER)


def notebook_before(milestone: str) -> str:
    """The notebook after which a milestone comes; empty for one that is not in the plan."""
    earlier = ORDER[: ORDER.index(milestone)] if milestone in ORDER else ()
    return next((id for id in reversed(earlier) if id[0].isdigit()), "")
