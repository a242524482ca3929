"""Observers for notebook 3.3: rankings and golden sets to score, samples to resample, two searches to compare."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace as Namespace
from typing import Any

from ..refusal import refusable

Json = Any
BOOTSTRAP, FLIPS = 2000, 3000


def metrics(learner: Namespace, inputs: Json) -> Json:
    """The five measures of one ranking."""
    results = [(name, score) for name, score in inputs["results"]]
    return refusable(lambda: learner.score(results, dict(inputs["relevant"]), inputs["k"]))


def golden(learner: Namespace, inputs: Json) -> Json:
    """The problems that `lint` finds in a golden set: [problem, id] of each."""
    return [[name, id] for name, id in learner.lint(inputs)]


def interval(learner: Namespace, inputs: Json) -> Json:
    """Both ends, from two calls with the same seed."""
    call = partial(learner.interval, list(inputs["values"]), level=inputs["level"], draws=BOOTSTRAP, seed=inputs["seed"])
    return refusable(lambda: [list(map(float, call())) for _ in range(2)])


def paired(learner: Namespace, inputs: Json) -> Json:
    """The p-value of two lists of scores."""
    return refusable(lambda: float(learner.p_value(list(inputs["first"]), list(inputs["second"]), draws=FLIPS, seed=inputs["seed"])))
