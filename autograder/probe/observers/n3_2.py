"""Observers for notebook 3.2: a table to search with conditions, a manifest to claim, texts to compare, measurements to extrapolate."""

from __future__ import annotations

import json
import tempfile
from functools import partial
from pathlib import Path
from types import SimpleNamespace as Namespace
from typing import Any

import lancedb
from lancedb.pydantic import LanceModel, Vector

from ..refusal import refusable

Json = Any


class Passage(LanceModel):
    """A row of the drawn tables. What they hold is in a plane."""

    id: str
    plan: str | None
    language: str
    vector: Vector(2)  # type: ignore[valid-type]


def find(learner: Namespace, inputs: Json) -> Json:
    """What is found in a LanceDB table of the drawn rows: [id, similarity] of each."""
    rows = [Passage(**row) for row in inputs["rows"]]
    table = lancedb.connect("memory://").create_table("passages", rows, schema=Passage)
    return [[name, float(similarity)] for name, similarity in learner.find(table, inputs["query"], inputs["k"], dict(inputs["where"]))]


def manifest(learner: Namespace, inputs: Json) -> Json:
    """One folder, claimed with one set of settings after the other: what came of each, and what the file then held."""
    steps = []
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "manifest.json"
        if inputs["before"] is not None:
            file.write_text(inputs["before"], encoding="utf-8")
        for settings in inputs["claims"]:
            before = file.read_bytes() if file.exists() else b""
            found = refusable(partial(learner.claim, Path(name), dict(settings)))
            after = file.read_bytes() if file.exists() else b""
            steps.append({**found, "touched": after != before, "holds": held(after)})
    return steps


def held(data: bytes) -> Json:
    """What a file says as JSON; None if it is none."""
    try:
        return json.loads(data)
    except ValueError:
        return None


def duplicates(learner: Namespace, inputs: Json) -> Json:
    """The pairs of texts that are called near-duplicates."""
    return [[int(first), int(second)] for first, second in learner.near_duplicates(list(inputs["texts"]), list(inputs["names"]))]


def capacity(learner: Namespace, inputs: Json) -> Json:
    """The estimate for a larger table."""
    found = learner.capacity([dict(one) for one in inputs["measured"]], inputs["rows"])
    return {name: float(found[name]) for name in ("bytes", "ms")}
