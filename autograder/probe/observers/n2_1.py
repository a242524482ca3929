"""Observers for notebook 2.1. They count tokens with small counters that, as real tokenizers do, count a whole otherwise than its parts."""

from __future__ import annotations

import re
from types import SimpleNamespace as Namespace
from typing import Any

Json = Any

PIECE = re.compile(r" ?[^\W\d_]+|\d|\s+|[^\w\s]+|_")


def by_pieces(text: str, most: int) -> int:
    """Words with the blank before them, single digits, blanks and signs; a word takes one token for every `most` bytes begun."""
    return sum(-(-len(piece.encode()) // most) for piece in PIECE.findall(text))


def by_length(text: str, most: int) -> int:
    """One token for every `most` characters begun."""
    return -(-len(text) // most)


COUNTERS = {"pieces": by_pieces, "length": by_length}


def counter(inputs: Json) -> Any:
    """The case's way to count: a function from text to tokens."""
    kind, most = inputs["counter"]
    return lambda text: COUNTERS[kind](text, most)


def fits(learner: Namespace, inputs: Json) -> Json:
    """Ask `fits_budget` how many passages fit; a ValueError is part of its contract."""
    try:
        fitting = learner.fits_budget(
            inputs["instructions"],
            list(inputs["passages"]),
            inputs["question"],
            counter(inputs),
            window=inputs["window"],
            answer=inputs["answer"],
        )
    except ValueError as error:
        return {"raised": "ValueError", "message": str(error)}
    return {"fitting": fitting}


def split(learner: Namespace, inputs: Json) -> Json:
    """Let `safe_split` cut one text."""
    try:
        pieces = learner.safe_split(inputs["text"], inputs["limit"], counter(inputs), [tuple(span) for span in inputs["protected"]])
    except ValueError as error:
        return {"raised": "ValueError", "message": str(error)}
    return {"pieces": pieces}


def predict(learner: Namespace, inputs: Json) -> Json:
    """Fit on samples whose tokens are known, then predict texts whose tokens are not given."""
    predicted = learner.fit_counts([dict(sample) for sample in inputs["samples"]])
    return [float(predicted(one["kind"], one["text"])) for one in inputs["asked"]]
