"""Cases from a seed: the same exercise and seed give the same cases on any machine with the locked hypothesis."""

from __future__ import annotations

import hashlib
import json

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.strategies import SearchStrategy

from ..verdict import Case, Json
from .exercise import Exercise

ROUND = 5


def draw(exercise: Exercise, seed: int) -> list[Case]:
    """All cases of an exercise, property by property, numbered from 0; no two of a property are alike."""
    cases = []
    for prop in exercise:
        salt = hashlib.sha256(f"{seed}\n{exercise.id}\n{prop.criterion.id}".encode()).digest()
        for number, inputs in enumerate(examples(prop.cases, prop.examples, int.from_bytes(salt[:8], "big"))):
            cases.append(Case(prop.criterion.id, number, inputs))
    return cases


def examples(strategy: SearchStrategy[Json], count: int, seed: int) -> list[Json]:
    """Up to `count` different draws; fewer when the strategy has fewer.

    Drawn in rounds of a few, each afresh: within one run hypothesis varies what it drew before, and much of a strategy would never come up.
    """
    found: dict[str, Json] = {}
    for number in range(4 * count // ROUND):
        for inputs in draws(strategy, seed + number):
            found.setdefault(json.dumps(inputs, sort_keys=True), inputs)
            if len(found) == count:
                return list(found.values())
    return list(found.values())


def draws(strategy: SearchStrategy[Json], seed: int) -> list[Json]:
    """A few draws, the simplest first."""
    found: list[Json] = []

    @hypothesis.seed(seed)
    @settings(max_examples=ROUND + 1, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @hypothesis.given(strategy)
    def collect(inputs: Json) -> None:
        found.append(inputs)

    collect()
    return found
