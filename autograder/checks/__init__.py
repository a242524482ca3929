"""The exercises: one module per notebook (`n1_1_model_call` for 1.1), each with its `EXERCISES`. Nothing here runs inside the learner's sandbox."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re
from difflib import get_close_matches

from ..errors import UsageError
from .exercise import Exercise, Property

__all__ = ["Exercise", "Property", "all_exercises", "find", "of_notebook"]

NOTEBOOK = re.compile(r"n(\d+)_(\d+)_")


@functools.cache
def all_exercises() -> tuple[Exercise, ...]:
    """Every exercise of the course, in the order of the syllabus."""
    names = sorted((module.name for module in pkgutil.iter_modules(__path__) if NOTEBOOK.match(module.name)), key=number)
    return tuple(exercise for name in names for exercise in importlib.import_module(f"{__name__}.{name}").EXERCISES)


def number(module: str) -> tuple[int, ...]:
    """(1, 10) of "n1_10_name", so that notebooks sort as they are numbered."""
    found = NOTEBOOK.match(module)
    return tuple(int(part) for part in found.groups()) if found else ()


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
