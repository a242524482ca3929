"""The scores: the search and the answers, measured apart, with their uncertainty, and a history of them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from autograder.matching import holds, matches

from .answers import Answer
from .index import Passage

PASSAGE_CHARS = 1200  # a longer passage shows the words to nobody
HISTORY = Path("eval_history.csv")
COLUMNS = ["when", "corpus", "model", "chunk_chars", "questions", "hit_rate_at_5", "mrr", "answers", "answer_accuracy", "abstention_accuracy"]


def ranks(question: dict[str, Any], passages: Sequence[Passage]) -> list[bool]:
    """Which of the passages hold the supporting span of one of the question's sources and are short enough to be checked.

    A source without a span is its whole document.
    """

    def gives(passage: Passage, source: dict[str, str]) -> bool:
        short = len(passage.text) <= PASSAGE_CHARS
        return passage.document == source["document"] and (not source["span"] or (short and holds(passage.text, source["span"])))

    return [any(gives(passage, source) for source in question["sources"]) for passage in passages]


def correct(question: dict[str, Any], given: Answer) -> bool:
    """Whether one of the accepted forms stands in the answer; 40 does not stand in 140."""
    return given.answerable and matches(question["accept"], given.answer)


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927)."""
    centre, spread = hits / n + z * z / (2 * n), z * np.sqrt(hits / n * (1 - hits / n) / n + z * z / (4 * n * n))
    return float((centre - spread) / (1 + z * z / n)), float((centre + spread) / (1 + z * z / n))


def bootstrap(values: Sequence[float], draws: int = 2000) -> tuple[float, float]:
    """95 % percentile interval of a mean."""
    sample = np.asarray(values, dtype=float)
    means = sample[np.random.default_rng(0).integers(0, len(sample), (draws, len(sample)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


class Scores(BaseModel):
    questions: int
    hit_rate_at_5: float
    mrr: float
    answers: int
    answer_accuracy: float
    abstention_accuracy: float


def evaluate(golden: list[dict[str, Any]], retrieved: dict[str, list[Passage]], answers: dict[str, Answer]) -> Scores:
    """Score the golden questions.

    `retrieved` maps the id of every golden question to its passages, `answers` maps some of the ids to answers.
    hit_rate_at_5 and mrr (cut at 10) are means over the answerable questions; `questions` is their number.
    answer_accuracy: share of answered-and-correct among the answerable questions in `answers`.
    abstention_accuracy: balanced accuracy of the `answerable` flag over `answers` (the mean of the share of unanswerable questions
    left unanswered and the share of answerable questions answered; if one kind is absent, the other alone). `answers` is their number.
    """
    # YOUR CODE HERE
    raise NotImplementedError("qa/scores.py: write evaluate")


def remember(corpus: str, model: str, chunk_chars: int, scores: dict[str, Any], history: Path = HISTORY) -> None:
    """Append one evaluation to the history: next week's change has something to be compared with."""
    row = {"when": datetime.now(UTC).isoformat(timespec="seconds"), "corpus": corpus, "model": model, "chunk_chars": chunk_chars, **scores}
    new = not history.exists()
    with history.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        if new:
            writer.writeheader()
        writer.writerow(row)


def recall_history(history: Path = HISTORY) -> list[dict[str, str]]:
    """The evaluations so far, oldest first."""
    if not history.exists():
        return []
    with history.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
