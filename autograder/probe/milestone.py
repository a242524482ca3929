"""`milestone("a_document_qa")`: where a run's inputs are, and where its results go."""

from __future__ import annotations

import json
import os
from functools import cached_property
from pathlib import Path
from typing import Any

from . import evidence
from .own import Own

PRACTICE_SEED = 1000


class Run:
    """One run of a milestone's notebook: in the lab on a practice company, in a graded run on one nobody has seen."""

    def __init__(self, assignment: str, inputs: Path, results: Path, work: Path) -> None:
        self.assignment = assignment
        self.work = work
        self._inputs = inputs
        self._results = results

    @property
    def corpus(self) -> Path:
        """The company's documents, first revision."""
        return self._inputs / "corpus"

    @property
    def corpus_next(self) -> Path:
        """The company's documents, second revision."""
        return self._inputs / "corpus_next"

    @cached_property
    def golden(self) -> list[dict[str, Any]]:
        """Public questions with answers, accepted forms and sources."""
        return self._lines("golden")

    @cached_property
    def questions(self) -> list[dict[str, Any]]:
        """The questions that are graded: an id and the words, no answers."""
        return self._lines("questions")

    def submit(self, artefact: str, record: dict[str, Any]) -> None:
        """Hand in one record. In the lab it is written beside the practice company, for you to look at."""
        evidence.hand_in(artefact, record, self._results)

    def drive_app(self, model: str = "qwen2.5-coder:1.5b") -> None:
        """Start app.py, use its page as a browser does, and hand in what came back. A model server that can fail on purpose stands in between."""
        from .web import drive

        drive(self._folder, self._inputs / "ui", model, self.submit)

    @cached_property
    def own(self) -> Own:
        """Your own documents, questions, README.md and history, as they stand beside this notebook."""
        return Own(self._folder, self.submit)

    @property
    def _folder(self) -> Path:
        """Where the notebook and what belongs to it lie."""
        return self.work if evidence.graded() else Path.cwd()

    def _lines(self, name: str) -> list[dict[str, Any]]:
        text = (self._inputs / f"{name}.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def milestone(assignment: str) -> Run:
    """The inputs of this run of a milestone. In the lab a practice company is written into the cache folder on first use."""
    if evidence.graded():
        work = Path(os.environ["AUTOGRADER_WORK"])
        return Run(assignment, evidence.inputs(), evidence.folder(), work)
    from ..world import practice

    folder = practice(PRACTICE_SEED)
    work = folder / "work" / assignment
    results = work / "results"
    results.mkdir(parents=True, exist_ok=True)
    for old in results.glob("*.jsonl"):
        old.unlink()
    return Run(assignment, folder, results, work)
