"""Cases from a seed: the same exercise and seed give the same cases on any machine with the locked hypothesis, whatever else is loaded."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
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
    with no_constants_of_loaded_modules():
        for number in range(4 * count // ROUND):
            for inputs in draws(strategy, seed + number):
                found.setdefault(json.dumps(inputs, sort_keys=True), inputs)
                if len(found) == count:
                    return list(found.values())
    return list(found.values())


@contextlib.contextmanager
def no_constants_of_loaded_modules() -> Iterator[None]:
    """Hypothesis now and then draws a number or a text that stands in the source of a module that is loaded: the cases of a seed would
    change with every line of the course, and with what a process has imported. It has no setting for that.
    """
    collect, nothing = providers._get_local_constants, Constants()
    providers._get_local_constants = lambda: nothing
    providers.CONSTANTS_CACHE.cache.clear()
    try:
        yield
    finally:
        providers._get_local_constants = collect
        providers.CONSTANTS_CACHE.cache.clear()


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
