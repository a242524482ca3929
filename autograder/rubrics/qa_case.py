"""One graded run of a question-answering milestone: what was asked, what was handed in, and the ranks that follow.

Milestones that search a company's documents share this; each judges different things about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..contracts import Answer, Passage, Retrieval
from ..evidence import Evidence
from ..matching.answers import holds, matches
from ..metrics import mean, ndcg_at
from ..verdict import Json

PASSAGE_CHARS = 1200
"""How long a passage may be that a person can check. A longer one holds the words and shows them to nobody: it is no hit."""


@dataclass(frozen=True)
class Question:
    """A question as only the judge sees it."""

    id: str
    split: str
    slice: str
    question: str
    answerable: bool
    answer: str
    accept: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]  # (document, span) in revision 1
    sources_next: tuple[tuple[str, str], ...]  # the same in revision 2; empty when the documents no longer answer it
    changed: bool  # whether revision 2 moved, changed or removed what supports it
    answer_this: bool
    needs: tuple[int, ...] = ()  # by source of revision 1: which need it meets; several may meet the same
    gains: tuple[float, ...] = ()  # and its relevance

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Question:
        """In a company's questions each source is a need of its own, and all are worth the same."""
        pairs: dict[str, Any] = {name: tuple((s["document"], s["span"]) for s in data[name]) for name in ("sources", "sources_next")}
        plain: dict[str, Any] = {name: data[name] for name in ("id", "split", "slice", "question", "answerable", "answer", "changed", "answer_this")}
        needs = tuple(source.get("need", number) for number, source in enumerate(data["sources"]))
        gains = tuple(float(source.get("gain", 1.0)) for source in data["sources"])
        return cls(**plain, **pairs, accept=tuple(data["accept"]), needs=needs, gains=gains)


def relevant(passages: Sequence[Passage], sources: Sequence[tuple[str, str]]) -> list[bool]:
    """By rank: does the passage come from a source's document and hold its span, and is it short enough to be checked?"""
    return [any(gives(passage, source) for source in sources) for passage in passages]


def gives(passage: Passage, source: tuple[str, str]) -> bool:
    """A source without a span is the whole document: any of its passages will do, however long."""
    document, span = source
    return passage.document == document and (not span or (len(passage.text) <= PASSAGE_CHARS and holds(passage.text, span)))


def graded(passages: Sequence[Passage], question: Question) -> tuple[float, float]:
    """(nDCG@10, recall@10). A passage counts for the needs that no earlier one has met."""
    left = dict(zip(question.needs, question.gains, strict=True))
    ideal, row = list(left.values()), []
    for passage in passages[:10]:
        met = {need for need, source in zip(question.needs, question.sources, strict=True) if need in left and gives(passage, source)}
        row.append(sum(left.pop(need) for need in met))
    return min(1.0, ndcg_at(row, ideal, 10)), 1 - len(left) / len(ideal) if ideal else 0.0


class Case:
    """One run's expectations and evidence, with the figures that several criteria need."""

    def __init__(self, expected: Json, evidence: Path, ledger: Json) -> None:
        self.expected = expected
        self.questions = {(q["split"], q["id"]): Question.of(q) for q in expected["questions"]}
        self.stale: dict[str, list[str]] = expected["stale"]
        self.documents: dict[str, str] = expected["documents"]
        self.gates: dict[str, dict[str, float]] = expected.get("gates", {})  # on a learner's own documents
        self.evidence = Evidence(evidence)
        self.ledger = ledger

    @cached_property
    def retrievals(self) -> dict[tuple[str, str, int], Retrieval]:
        return {(r.split, r.question_id, r.revision): r for r in self.evidence.records("retrieval", Retrieval)}

    @cached_property
    def answers(self) -> dict[tuple[str, str], Answer]:
        return {(a.split, a.question_id): a for a in self.evidence.records("answers", Answer)}

    def asked(self, split: str, *, answered: bool = False, answerable: bool | None = None) -> list[Question]:
        """The questions of a split; with `answered` only those that must be answered end to end."""
        return [
            q
            for q in self.questions.values()
            if q.split == split and (q.answer_this or not answered) and answerable in (None, q.answerable)
        ]

    def ranks(self, question: Question, revision: int = 1) -> list[bool]:
        """Relevance by rank; a question without evidence found nothing."""
        record = self.retrievals.get((question.split, question.id, revision))
        return relevant(record.passages if record else [], question.sources if revision == 1 else question.sources_next)

    def graded(self, question: Question) -> tuple[float, float]:
        """(nDCG@10, recall@10) in the first revision."""
        record = self.retrievals.get((question.split, question.id, 1))
        return graded(record.passages if record else [], question)

    def answer(self, question: Question) -> Answer | None:
        return self.answers.get((question.split, question.id))

    def correct(self, question: Question) -> bool:
        given = self.answer(question)
        return bool(given and given.answerable and matches(question.accept, given.answer))


def abstention_accuracy(case: Case, questions: Sequence[Question]) -> float:
    """Balanced accuracy of the `answerable` flag: the mean of both kinds' accuracies; no answer at all is neither."""
    kinds = {kind: [q for q in questions if q.answerable == kind] for kind in (True, False)}
    rates = []
    for kind, asked in kinds.items():
        given = [case.answer(q) for q in asked]
        if asked:
            rates.append(mean([float(a is not None and a.answerable == kind) for a in given]))
    return mean(rates)
