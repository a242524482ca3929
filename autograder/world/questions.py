"""Questions with their answers, derived from the same facts as the documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .documents import Document, DocumentTemplate, context, fill
from .errors import CompanyError

SLICES = ("plain", "numeric", "sku", "table", "multi_hop", "version", "contradiction", "multilingual", "unanswerable")
TYPO = "typo"
KEYS = ("id", "slice", "ask", "answer", "accept", "spans", "language", "fixed")
NEED_ANSWER = ("answer", "accept", "spans")


@dataclass(frozen=True)
class Span:
    """Words that support an answer, and the document they stand in."""

    document: tuple[str, int]
    name: str
    path: str
    text: str
    need: int = 0  # which of its question's needs it meets; a page and its translations meet the same


@dataclass(frozen=True)
class Question:
    """One question of a document (or of one of its variants), in each of its wordings."""

    id: str  # document/question, with @n for a variant; names what is asked, so it is never shown to a learner
    area: str
    slice: str
    language: str
    wordings: tuple[str, ...]
    answer: str
    accept: tuple[str, ...]
    spans: tuple[Span, ...]
    file: str
    line: int
    fixed: bool = False  # declared: the answer is the same whatever the seed
    hidden: bool = False  # whether one of its documents is encrypted or a scan

    @property
    def answerable(self) -> bool:
        return bool(self.spans)

    def worded(self, wording: str, **changes: Any) -> Question:
        return replace(self, wordings=(wording,), **changes)


def check_question(template: DocumentTemplate, index: int, data: Any, extra: Sequence[str] = ()) -> None:
    """Raises CompanyError unless the question is well formed. With `extra` keys, which a catalogue needs, its spans are its rows."""

    def error(message: str, mend: str = "", *keys: str | int) -> CompanyError:
        return template.error(f"{name}: {message}", mend, "questions", index, *keys)

    name = f"question {data.get('id', index + 1)}" if isinstance(data, dict) else f"question {index + 1}"
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise error("it needs an id.")
    for key in data:
        if key not in (*KEYS, *extra):
            raise error(f'"{key}" is no key of a question.', f"There are {', '.join((*KEYS, *extra))}.", key)
    if data.get("slice") not in SLICES:
        raise error(f"its slice is {data.get('slice')!r}.", f"There are {', '.join(SLICES)}.", "slice")
    asks = data.get("ask")
    if not (isinstance(asks, list) and 1 <= len(asks) <= 3 and all(isinstance(ask, str) for ask in asks)):
        raise error("ask must be a list of one to three wordings.", "", "ask")
    given = [key for key in NEED_ANSWER if key in data]
    if data["slice"] == "unanswerable":
        if given:
            raise error(f"it is unanswerable and still has {', '.join(given)}.")
        return
    needed = [key for key in NEED_ANSWER if not (extra and key == "spans")]
    missing = [key for key in needed if key not in data]
    if missing:
        raise error(f"it lacks {', '.join(missing)}.")
    for key in needed:
        if any(isinstance(value, bool) for value in (data[key] if isinstance(data[key], list) else [data[key]])):
            raise error(f"{key} has a value that YAML reads as true or false.", "Put words such as off, on, yes and no in quotes.", key)
    for key in needed[1:]:
        if not (isinstance(data[key], list) and data[key]):
            raise error(f"{key} must be a list that is not empty.", "", key)


def rendered_question(
    template: DocumentTemplate, index: int, document: Document, facts: Mapping[str, Any], documents: Mapping[str, Sequence[Document]]
) -> Question | None:
    """One question of a rendered document. `documents` holds this revision's by id, and an empty list for an id that is only in the
    other; a question that needs such a document is not asked (None)."""
    data = template.questions[index]
    check_question(template, index, data)
    values = context(facts, template.variants[document.number])

    def filled(key: str) -> tuple[str, ...]:
        return tuple(fill(template, text, values, "questions", index, key, number) for number, text in enumerate(data.get(key, [])))

    spans = [span_of(template, index, document, name, documents) for name in dict.fromkeys(filled("spans"))]
    if None in spans:
        return None
    kept = tuple(replace(span, need=number) for number, span in enumerate(spans) if span)
    return Question(
        id=f"{template.id}/{data['id']}" + (f"@{document.number}" if len(template.variants) > 1 else ""),
        area=template.area,
        slice=data["slice"],
        language=data.get("language", document.language),
        wordings=filled("ask"),
        answer=fill(template, data.get("answer", ""), values, "questions", index, "answer"),
        accept=filled("accept"),
        spans=kept,
        file=template.file,
        line=template.source.line("questions", index),
        fixed=bool(data.get("fixed", False)),
        hidden=document.hidden or any(other.hidden for span in kept for other in documents[span.document[0]]),
    )


def span_of(
    template: DocumentTemplate, index: int, document: Document, name: str, documents: Mapping[str, Sequence[Document]]
) -> Span | None:
    """`name` in this document, or `other-id#name`; of another document with variants, the one of the same number, or that of
    `other-id@2#name`."""
    where, _, span = name.rpartition("#")
    other, _, wanted = where.partition("@")
    if other and other not in documents:
        raise template.error(f'the span "{name}" names a document there is not.', "", "questions", index, "spans")
    candidates = documents[other] if other else [document]
    if not candidates:
        return None
    if wanted and wanted not in (str(one.number) for one in candidates):
        raise template.error(f'"{other}" has no variant {wanted}.', "", "questions", index, "spans")
    number = int(wanted) if wanted else document.number
    target = next((one for one in candidates if one.number == number), candidates[0])
    if span not in target.spans:
        raise template.error(f'"{span}" is no span of {target.id}.', "", "questions", index, "spans")
    return Span(target.key, span, target.path, target.spans[span])
