"""Observers for notebook 1.2: vectors to rank, logits to normalise, forecasts to score, failed retrievals to explain."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace as Namespace
from typing import Any

import numpy as np

from ..refusal import refusable

Json = Any


def topk(learner: Namespace, inputs: Json) -> Json:
    """What `topk` finds in a matrix of floats: [row, similarity] of each."""
    found = learner.topk(np.array(inputs["query"], dtype=float), np.array(inputs["matrix"], dtype=float), inputs["k"])
    return [[row, similarity] for row, similarity in found]


def softmax(learner: Namespace, inputs: Json) -> Json:
    """What `softmax` makes of the logits at each temperature."""
    return [refusable(partial(probabilities, learner, inputs["logits"], temperature)) for temperature in inputs["temperatures"]]


def probabilities(learner: Namespace, logits: list[float], temperature: float) -> list[float]:
    return list(learner.softmax(list(logits), temperature))


def calibration(learner: Namespace, inputs: Json) -> Json:
    """Both scores of some forecasts."""
    return refusable(lambda: learner.calibration(list(inputs["confidences"]), list(inputs["outcomes"]), bins=inputs["bins"]))


def triage(learner: Namespace, inputs: Json) -> Json:
    """The stage that `triage` blames for one failed retrieval."""
    return learner.triage(inputs)
