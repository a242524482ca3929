from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from concurrent.futures import Executor

import pytest

from autograder import checks
from autograder.checks import flakes
from autograder.verdict import Case

WAVERING = """
import os

LUCKY = os.urandom(1)[0] < 128


def timeout_for(prompt_tokens, answer_tokens, machine, *, margin=3.0, floor=5.0):
    seconds = 0.0
    for kind, tokens in (("prompt", prompt_tokens), ("generation", answer_tokens)):
        if tokens and not machine[kind]:
            raise ValueError(kind)
        seconds += tokens / machine[kind] if tokens else 0.0
    return max(floor, margin * seconds) if LUCKY else None
"""


def test_a_solution_that_throws_dice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is right in half of its lives: that 24 verdicts agree by chance happens once in eight million runs."""
    honest = WAVERING.replace("os.urandom(1)[0] < 128", "True")
    monkeypatch.setattr(flakes, "alternatives", lambda exercise: [("wavering", WAVERING), ("honest", honest)])
    found = flakes.detect([checks.find("0.1-budget")], seeds=[0], repeat=12, workers=(1, 2))
    assert found.gradings == 48
    assert [(flake.name, flake.seed) for flake in found.flakes] == [("wavering", 0)]
    assert str(found.flakes[0]) == "0.1-budget, wavering, seed 0: estimate: fail or pass; idle_half: fail or pass"


def test_cases_that_are_not_the_same_in_every_process_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = itertools.count()

    def wandering(pool: Executor, jobs: Iterable[flakes.Job], dice: random.Random) -> dict[flakes.Key, tuple[Case, ...]]:
        number = next(draws)
        return {(job.exercise, job.seed): flakes.cases_of((job.exercise, number)) for job in jobs}

    monkeypatch.setattr(flakes, "drawn", wandering)
    found = flakes.detect([checks.find("0.1-rate")], seeds=[0], repeat=1, workers=(1, 2))
    assert [(flake.name, flake.seed) for flake in found.flakes] == [(flakes.THE_CASES, 0)]


def test_correct_solutions_get_one_verdict_whatever_runs_beside_them() -> None:
    found = flakes.detect([checks.find("0.1-rate"), checks.find("1.1-retry")], seeds=[0, 1], repeat=1, workers=(1, 2))
    assert found.gradings == 2 * 3 * 2 * 2
    assert found.flakes == ()
