"""Observers for notebook 2.3: logits to draw from, a stream to end in time, a file of settings to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace as Namespace
from typing import Any

import numpy as np

Json = Any


def nucleus(learner: Namespace, inputs: Json) -> Json:
    """The probabilities that `nucleus` gives for the case's logits, and what it left of these."""
    logits = np.array(inputs["logits"], dtype=float)
    probabilities = learner.nucleus(logits, temperature=inputs["temperature"], top_p=inputs["top_p"])
    return {"probabilities": probabilities, "logits": logits}


def stop(learner: Namespace, inputs: Json) -> Json:
    """Send chunks through `until_stop` and record, in order, each chunk that was taken and each text that was given."""
    events: list[list[Any]] = []

    def chunks() -> Iterator[str]:
        for number, chunk in enumerate(inputs["chunks"]):
            events.append(["took", number])
            yield chunk

    for text in learner.until_stop(chunks(), list(inputs["stops"])):
        events.append(["gave", text])
    return {"events": events}


def defaults(learner: Namespace, inputs: Json) -> Json:
    """Have `load_defaults` read the file once with each of the faults, or as it is."""
    files = [spoilt(inputs["file"], **fault) for fault in inputs["faults"]] or [inputs["file"]]
    return [loaded(learner, file, inputs["task"]) for file in files]


def spoilt(file: Json, task: str, knob: str, entry: Json) -> Json:
    """The file with another entry for one knob of a task, or without it."""
    knobs = {**file[task], knob: entry}
    return {**file, task: {name: one for name, one in knobs.items() if one is not None}}


def loaded(learner: Namespace, file: Json, task: str) -> Json:
    """What came back, or which error: a ValueError is part of the contract, the others are what slips through in its stead."""
    text = "\n".join(f"{name}: {json.dumps(knobs)}" for name, knobs in file.items())  # what JSON writes, YAML reads
    try:
        return {"options": learner.load_defaults(text, task)}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        kind = "ValueError" if isinstance(error, ValueError) else type(error).__name__
        return {"raised": kind, "message": str(error)}
