"""What a question-answering milestone is given: two revisions of a company's documents, public questions, and questions to be graded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..matching.answers import holds, normal
from .company import Company, draw
from .corpus import write_corpus
from .documents import Document
from .draws import Asked, draws
from .questions import Question, Span
from .ui_inputs import write_ui_inputs

Json = Any
TELLING = 25  # letters and digits that a sentence has at least to be recognised again


def write_inputs(seed: int, folder: Path) -> Json:
    """Write corpus/, corpus_next/, golden.jsonl, questions.jsonl and ui/ into `folder`; return what only the judge may see."""
    company, later = draw(seed), draw(seed, 2)
    written = write_corpus(company, folder / "corpus")
    write_corpus(later, folder / "corpus_next", written)
    golden, grading = draws(company.questions, seed)
    write_lines(folder / "golden.jsonl", (public(one) for one in golden))
    write_lines(folder / "questions.jsonl", (blind(one) for one in grading))
    after = {question.id: question for question in later.questions}
    expected = {
        "questions": [judged(one, after.get(one.question.id)) for one in (*golden, *grading)],
        "stale": stale(company, later),
        "documents": {document.path: document.plain for document in company.documents},
    }
    return {**expected, "ui": write_ui_inputs(expected, seed, folder)}


def write_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")


def blind(one: Asked) -> dict[str, Any]:
    return {"id": one.id, "question": one.text, "answer_this": one.answer_this}


def public(one: Asked) -> dict[str, Any]:
    question = one.question
    return {
        "id": one.id,
        "slice": question.slice,
        "question": one.text,
        "language": question.language,
        "answerable": question.answerable,
        "answer": question.answer,
        "accept": list(question.accept),
        "sources": sources(question.spans),
        "answer_this": one.answer_this,
    }


def sources(spans: Iterable[Span]) -> list[dict[str, str]]:
    return [{"document": span.path, "span": span.text} for span in spans]


def judged(one: Asked, after: Question | None) -> dict[str, Any]:
    """The question with its answer and where it stands in either revision. A question that names something that is gone
    (its wording has changed) has no source in the second."""
    same = after is not None and after.wordings[one.wording] == one.question.wordings[one.wording]
    later = after.spans if after and same else ()
    return {
        **public(one),
        "split": one.split,
        "sources": [{**source, "need": span.need} for source, span in zip(sources(one.question.spans), one.question.spans, strict=True)],
        "sources_next": sources(later),
        "changed": places(one.question.spans) != places(later),
    }


def places(spans: Iterable[Span]) -> set[tuple[str, str]]:
    return {(span.path, normal(span.text)) for span in spans}


def stale(company: Company, later: Company) -> dict[str, list[str]]:
    """By path: the sentences of revision 1 that revision 2 no longer says there; all of them where the path is gone."""
    now = {document.path: document for document in later.documents}
    found = {document.path: outdated(document, now.get(document.path)) for document in company.documents}
    return {path: sentences for path, sentences in found.items() if sentences}


def outdated(before: Document, after: Document | None) -> list[str]:
    if after and before.text == after.text:
        return []
    text = after.plain if after else ""
    telling = (sentence for sentence in dict.fromkeys(before.sentences) if sum(map(str.isalnum, sentence)) >= TELLING)
    return [sentence for sentence in telling if sentence not in text and not holds(text, sentence)]
