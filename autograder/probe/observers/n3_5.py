"""Observers for notebook 3.5: a case to find the fault of, citations to check, outcomes to choose a threshold by, a folder to keep up with."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import SimpleNamespace as Namespace
from typing import Any

from ..refusal import refusable

Json = Any


def triage(learner: Namespace, inputs: Json) -> Json:
    """The stage that `triage` names."""
    return learner.triage(inputs)


def citations(learner: Namespace, inputs: Json) -> Json:
    """The faults that are found: [fault, number] of each."""
    return [[name, number] for name, number in learner.citation_faults(inputs["answer"], inputs["citations"], inputs["documents"])]


def threshold(learner: Namespace, inputs: Json) -> Json:
    """The points of the curve, and the one that is chosen."""
    scores, right = inputs["scores"], inputs["right"]
    return {
        "curve": refusable(lambda: [list(point) for point in learner.curve(list(scores), list(right))]),
        "threshold": refusable(lambda: list(learner.threshold(list(scores), list(right), inputs["target"]))),
    }


def sync(learner: Namespace, inputs: Json) -> Json:
    """After each state of the folder: the rows [document, text, vector], what was embedded for it, and the [document, text] deleted and added."""
    rows: list[dict[str, Any]] = []
    steps = []
    for files in inputs["states"]:
        embedded: list[str] = []

        def embed(texts: Any, embedded: list[str] = embedded) -> list[list[float]]:
            embedded += list(texts)
            return [vector(text, inputs["salt"]) for text in texts]

        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), files)
            delete, add = learner.sync([dict(row) for row in rows], Path(folder), embed)
        gone, new = set(delete), [dict(row) for row in add]
        deleted = [[row["document"], row["text"]] for row in rows if row["id"] in gone]
        rows = [row for row in rows if row["id"] not in gone] + new
        steps.append({"rows": shown(rows), "embedded": embedded, "deleted": deleted, "added": [row[:2] for row in shown(new)]})
    return steps


def vector(text: str, salt: int) -> list[float]:
    return [float(salt * len(text)), float(sum(salt + place * ord(sign) for place, sign in enumerate(text)) % 9973)]


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def shown(rows: list[dict[str, Any]]) -> list[list[Any]]:
    return [[row["document"], row["text"], [float(one) for one in row["vector"]]] for row in rows]
