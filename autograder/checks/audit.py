"""The grader graded: every exercise's seeded faults must be caught, and its different correct solutions accepted.

`tests/mutants/<exercise>.py` holds MUTANTS, a list of (what a learner got wrong, the criterion that must catch it, old, new, ...):
pairs of old and new text are replaced in the reference solution, each old text exactly once.
`tests/alternatives/<exercise>/*.py` hold structurally different correct solutions, each a plain module.
"""

from __future__ import annotations

import functools
import json
import runpy
import warnings
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..paths import course_root
from ..probe.hints import source
from ..probe.observation import observe
from ..probe.observers import find as find_observer
from ..verdict import Case, Finding, Status
from .draw import draw
from .exercise import Exercise
from .judge import judge

LEAST_MUTANTS, LEAST_ALTERNATIVES = 5, 2
PRELUDE = """
import asyncio
import hashlib
import json
import math
import random
import re
import time

import httpx
import numpy as np

from autograder.matching import holds, matches, supports
"""
"""What the notebooks import before the exercises."""


@dataclass(frozen=True, slots=True)
class Row:
    """One mutant (kind "fault", `criterion` must catch it) or alternative (kind "alternative"), and whether all is as it should be.

    `assignment` is an exercise such as "1.1-retry", or a milestone.
    """

    assignment: str
    kind: str
    name: str
    criterion: str
    good: bool
    findings: tuple[Finding, ...]


@functools.lru_cache(maxsize=64)
def drawn(exercise: Exercise, seed: int) -> tuple[Case, ...]:
    """Drawing takes longer than grading, and all solutions of an exercise get the same cases."""
    return tuple(draw(exercise, seed))


def findings(exercise: Exercise, code: str, seed: int) -> tuple[Finding, ...]:
    """Grade a solution's source as a graded run does: drawn cases, plain-JSON observations, judged apart from it."""
    return findings_on(exercise, code, drawn(exercise, seed))


def findings_on(exercise: Exercise, code: str, cases: Sequence[Case]) -> tuple[Finding, ...]:
    learner: dict[str, Any] = {"__name__": "learner"}
    observer = find_observer(exercise.id, exercise.observe)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a seeded fault may divide by zero
        exec(compile(PRELUDE + code, exercise.id, "exec", dont_inherit=True), learner)
        seen = [
            {"criterion": c.criterion, "number": c.number, "observation": observe(observer, learner, exercise.names, c.inputs)}
            for c in cases
        ]
    return tuple(judge(exercise, cases, json.loads(json.dumps(seen))))


def mutants(exercise: Exercise) -> list[tuple[str, str, str]]:
    """(name, criterion, source) of every seeded fault. Raises `ValueError` when an edit does not fit the reference solution."""
    path = course_root() / "tests" / "mutants" / f"{exercise.id}.py"
    if not path.is_file():
        return []
    reference = source(exercise.notebook, exercise.cell)
    found = []
    for name, criterion, *edits in runpy.run_path(str(path))["MUTANTS"]:
        code = reference
        for old, new in zip(edits[::2], edits[1::2], strict=True):
            if code.count(old) != 1:
                raise ValueError(f"{path.name}, {name!r}: {old!r} occurs {code.count(old)} times in the solution, not once")
            code = code.replace(old, new)
        found.append((name, criterion, code))
    return found


def alternatives(exercise: Exercise) -> list[tuple[str, str]]:
    """(name, source) of the reference and of every other correct solution."""
    folder = course_root() / "tests" / "alternatives" / exercise.id
    others = [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.py"))]
    return [("reference", source(exercise.notebook, exercise.cell)), *others]


def audit(exercise: Exercise, seed: int = 0) -> Iterator[Row]:
    """Grade every fault and every alternative of an exercise."""
    for name, criterion, code in mutants(exercise):
        yield fault(exercise.id, name, criterion, findings(exercise, code, seed))
    for name, code in alternatives(exercise):
        yield alternative(exercise.id, name, findings(exercise, code, seed))


def fault(assignment: str, name: str, criterion: str, found: Sequence[Finding]) -> Row:
    """Good when the criterion that must catch it did not pass, and there is such a criterion."""
    return Row(assignment, "fault", name, criterion, any(f.id == criterion and f.status is not Status.PASS for f in found), tuple(found))


def alternative(assignment: str, name: str, found: Sequence[Finding]) -> Row:
    """Good when everything passed, and something was asked."""
    return Row(assignment, "alternative", name, "", bool(found) and all(f.status is Status.PASS for f in found), tuple(found))


def shortfall(exercise: Exercise) -> str:
    """Why an exercise is not ready to be published: too few faults or alternatives. Empty when it is."""
    faults, others = len(mutants(exercise)), len(alternatives(exercise)) - 1
    if faults < LEAST_MUTANTS or others < LEAST_ALTERNATIVES:
        return f"{exercise.id} has {faults} seeded faults and {others} alternatives; it needs {LEAST_MUTANTS} and {LEAST_ALTERNATIVES}"
    return ""


def missing_from(root: Path, milestones: Collection[str] = ()) -> list[str]:
    """Mutant files and alternative folders that belong to no exercise and to none of the `milestones`."""
    from . import all_exercises

    known = {exercise.id for exercise in all_exercises()} | set(milestones)
    names = [p.stem for p in (root / "tests" / "mutants").glob("*.py")] + [p.name for p in (root / "tests" / "alternatives").iterdir() if p.is_dir()]
    return sorted({name for name in names if name not in known and not name.startswith("__")})
