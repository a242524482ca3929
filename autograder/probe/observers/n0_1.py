"""Observers for notebook 0.1: replies with timings, and machines to budget for."""

from __future__ import annotations

from types import SimpleNamespace as Namespace
from typing import Any

Json = Any


def rate(learner: Namespace, inputs: Json) -> Json:
    """Give `tokens_per_second` one reply."""
    return learner.tokens_per_second({"model": "m", "done": True, **inputs["reply"]})


def budget(learner: Namespace, inputs: Json) -> Json:
    """Ask `timeout_for` for one call; a ValueError is part of its contract, so it is an observation like any other."""
    try:
        seconds = learner.timeout_for(
            inputs["prompt_tokens"], inputs["answer_tokens"], dict(inputs["machine"]), margin=inputs["margin"], floor=inputs["floor"]
        )
    except ValueError as error:
        return {"raised": "ValueError", "message": str(error)}
    return {"seconds": seconds}
