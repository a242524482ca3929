"""Observers for notebook 3.4: passages to score, rankings to fuse, candidates to pick from, run files to decide by."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from types import SimpleNamespace as Namespace
from typing import Any

from ..refusal import refusable

Json = Any
FIGURES = ("difference", "low", "high")


def pairs(ranking: Any) -> Json:
    return [[name, float(score)] for name, score in ranking]


def bm25(learner: Namespace, inputs: Json) -> Json:
    """Row and score of each result of the second search, from an index built for this case."""
    settings = {} if inputs["k1"] is None else {"k1": inputs["k1"], "b": inputs["b"]}
    index = learner.BM25(list(inputs["passages"]), **settings)
    index.search(inputs["query"], inputs["depth"])
    return [[int(row), score] for row, score in pairs(index.search(inputs["query"], inputs["depth"]))]


def rrf(learner: Namespace, inputs: Json) -> Json:
    """The fused ranking; of recorded questions, the ids of the first results of each."""
    if isinstance(inputs, list):
        return [[name for name, _ in learner.rrf([list(row["words"]), list(row["near"])])][:10] for row in inputs]
    rankings = [list(ranking) for ranking in inputs["rankings"]]
    return pairs(learner.rrf(rankings) if inputs["k"] is None else learner.rrf(rankings, k=inputs["k"]))


def mmr(learner: Namespace, inputs: Json) -> Json:
    """The rows in the order in which they are picked. Both arguments are arrays, as in the notebook."""
    import numpy as np

    picked = learner.mmr(np.array(inputs["relevance"]), np.array(inputs["similar"]), inputs["lam"], inputs["k"])
    return [int(row) for row in picked]


def decision(learner: Namespace, inputs: Json) -> Json:
    """The row that is made of a run file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in inputs["rows"]), encoding="utf-8")
        return refusable(lambda: plain(learner.decision_row(path, inputs["first"], inputs["second"], inputs["measure"], inputs["date"])))


def plain(row: Any) -> Json:
    """Numbers of numpy as Python's own."""
    return {name: float(value) if name in FIGURES else int(value) if name == "n" else value for name, value in dict(row).items()}
