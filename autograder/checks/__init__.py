"""The exercises: one module per phase, each with its `EXERCISES`. Nothing here runs inside the learner's sandbox."""

from __future__ import annotations

import functools
import importlib
import importlib.util
from difflib import get_close_matches

from ..errors import UsageError
from .exercise import Exercise, Property

__all__ = ["Exercise", "Property", "all_exercises", "find", "of_notebook"]

PHASES = ("phase1", "phase2", "phase3", "phase4", "phase5")


@functools.cache
def all_exercises() -> tuple[Exercise, ...]:
    """Every exercise of the course, in the order of the syllabus."""
    found: list[Exercise] = []
    for phase in PHASES:
        name = f"{__name__}.{phase}"
        if importlib.util.find_spec(name) is not None:
            found += importlib.import_module(name).EXERCISES
    return tuple(found)


def find(id: str) -> Exercise:
    """The exercise with this id, such as "1.1-retry". Raises `UsageError` that names the nearest ids."""
    known = {exercise.id: exercise for exercise in all_exercises()}
    if id in known:
        return known[id]
    near = get_close_matches(id, known, n=3, cutoff=0.4) or sorted(known)[:5]
    raise UsageError(f"There is no exercise {id!r}.", f"Did you mean {', '.join(near)}?")


def of_notebook(number: str) -> tuple[Exercise, ...]:
    """The exercises of one notebook, such as "1.1"."""
    return tuple(exercise for exercise in all_exercises() if exercise.notebook == number)
