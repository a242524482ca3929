"""Examining a solution in the lab: draw cases, drive the code, judge, and shrink the first failure to its smallest form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .feedback import CheckResult, Line
from .observation import observe
from .observers import find as find_observer
from .progress import passed, remember

if TYPE_CHECKING:
    from ..checks import Exercise, Property

NOT_WRITTEN = "NotImplementedError"


class Unmet(Exception):
    """Tells hypothesis that an example fails."""


class Settled(BaseException):
    """An example fails and would not get any smaller: passes through hypothesis, which would try again."""


def examine(id: str, learner: dict[str, Any]) -> CheckResult:
    """Check one exercise against the names in `learner`; every property is tried, the first that fails is shown in full."""
    from ..checks import find
    from ..errors import UsageError

    try:
        exercise = find(id)
    except UsageError as error:
        return CheckResult(id, note=str(error))
    absent = [name for name in exercise.names if name not in learner]
    if absent:
        return CheckResult(id, exercise.title, note=f"There is no {absent[0]} yet: run the cell above that defines it, then this one.")
    lines: list[Line] = []
    for prop in exercise:
        failure = None if any(line.failed for line in lines) else smallest_failure(exercise, prop, learner)
        if failure and failure.get("kind") == NOT_WRITTEN:
            return CheckResult(id, exercise.title, note=f"{exercise.names[0]} is not written yet. Read its docstring, replace the last line, and run both cells again.")
        reached = not any(line.failed for line in lines)
        lines.append(Line(prop.criterion.title, passed=reached and failure is None, reached=reached, failure=failure))
    result = CheckResult(id, exercise.title, tuple(lines))
    remember(id, passed=result.passed)
    return replace(result, tally=tally(exercise.notebook)) if result.passed else result


def tally(notebook: str) -> str:
    """How many of a notebook's exercises have been passed, in a sentence; nothing where progress is not kept."""
    from ..checks import of_notebook

    done = passed()
    exercises = of_notebook(notebook)
    number = sum(exercise.id in done for exercise in exercises)
    if number == len(exercises):
        return f"All {number} exercises of notebook {notebook} are passed. 0_start_here shows what comes next."
    return f"{number} of {len(exercises)} exercises of notebook {notebook} passed." if number else ""


def smallest_failure(exercise: Exercise, prop: Property, learner: dict[str, Any]) -> dict[str, Any] | None:
    """The smallest failing case hypothesis can find: {"inputs", "expected", "got", "printed", "kind"}, or None.

    Looked for in rounds of a few cases, as `checks.draw` draws them.
    """
    from ..checks.draw import ROUND

    for _ in range(-(-prop.examples // ROUND)):
        if found := failure_in_round(exercise, prop, learner, ROUND + 1):
            return found
    return None


def failure_in_round(exercise: Exercise, prop: Property, learner: dict[str, Any], cases: int) -> dict[str, Any] | None:
    from hypothesis import HealthCheck, Phase, Verbosity, given, settings
    from hypothesis.errors import Flaky

    observer = find_observer(exercise.id, exercise.observe)
    last: dict[str, Any] = {}

    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(prop.cases)
    def meets(inputs: Any) -> None:
        seen = observe(observer, learner, exercise.names, inputs, seconds=3)
        found = prop.mismatch(inputs, seen)
        if found is not None:
            kind = seen.get("raised", {}).get("type", "")
            last.update(inputs=inputs, expected=found.expected, got=found.observed, printed=seen.get("printed", ""), kind=kind)
            if kind in (NOT_WRITTEN, "Timeout"):
                raise Settled
            raise Unmet

    try:
        meets()
    except (Unmet, Settled, Flaky):
        return last
    return None
