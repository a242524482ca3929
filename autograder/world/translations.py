"""Where else a question is answered: a page and its translations say the same, each in a sentence of its own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .documents import Document, DocumentTemplate
from .lint_questions import figures
from .questions import Question, Span
from .template import END_TAG, SPAN_TAG

PRINTED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
FACT = re.compile(r"\b([a-z]\w*)\.([a-z]\w*)((?:\[[^\]]*\])?)")
VARIANT = re.compile(r"\bvariant\.(\w+)")
NAMES = "company"  # whose facts are names, which tell nothing apart
Facts = frozenset[str]


class Translations:
    """Which spans of a page's translations tell what one of its spans tells, by the facts that they print and the figures that come of it."""

    def __init__(self, templates: Sequence[DocumentTemplate], documents: Mapping[str, Sequence[Document]]) -> None:
        self._templates = {template.id: template for template in templates}
        self._documents = documents
        self._families: dict[str, set[str]] = defaultdict(set)
        for template in templates:
            original = template.front.get("translates", template.id)
            self._families[original] |= {original, template.id}
        self._told: dict[tuple[str, int], dict[str, Facts]] = {}

    def added(self, question: Question, data: Mapping[str, Any], variant: Mapping[str, Any]) -> Question:
        """The question with the spans of translations after its own. `data` is the question as written, `variant` its document's."""
        wanted = facts_in(" ".join([str(data.get("answer", "")), *map(str, data.get("accept", []))]), variant)
        answer = figures("\n".join([question.answer, *question.accept]))
        others = [other for span in question.spans for other in self.same(span, wanted, answer)]
        own = {(span.document, span.name) for span in question.spans}
        return replace(question, spans=(*question.spans, *(other for other in others if (other.document, other.name) not in own)))

    def same(self, span: Span, wanted: Facts, answer: set[str]) -> Iterator[Span]:
        """Spans of the other languages that print the facts of this one which the answer has (all its facts where the answer has none).
        Where these come out as figures, they must be there; then one of the facts is enough, as in a row of a table for all plans."""
        identifier, number = span.document
        if identifier not in self._templates:  # a catalogue
            return
        told = self.told(identifier, number)[span.name]
        needed = told & wanted or told
        telling = figures(span.text) & answer
        original = self._templates[identifier].front.get("translates", identifier)
        for other in sorted(self._families[original] - {identifier}):
            for document in self._documents.get(other, []) if needed else []:
                if document.hidden or not self.alike(span.document, document.key):
                    continue
                for name, facts in self.told(*document.key).items():
                    text = document.spans.get(name, "")
                    if text and (needed & facts and telling <= figures(text) if telling else needed <= facts):
                        yield Span(document.key, name, document.path, text, span.need)

    def alike(self, one: tuple[str, int], other: tuple[str, int]) -> bool:
        """Whether both are about the same plan, region or model, or one of them about all."""
        ours, theirs = (self.variant(*key) for key in (one, other))
        return not ours or not theirs or ours == theirs

    def variant(self, identifier: str, number: int) -> Mapping[str, Any]:
        return self._templates[identifier].variants[number]

    def told(self, identifier: str, number: int) -> dict[str, Facts]:
        """The facts that each span of a document prints."""
        key = identifier, number
        if key not in self._told:
            variant = self.variant(*key)
            self._told[key] = {name: facts_in(text, variant) for name, text in sources_of_spans(self._templates[identifier].body)}
        return self._told[key]


def sources_of_spans(body: str) -> Iterator[tuple[str, str]]:
    """(name, source) of each span of a template's body."""
    for tag in SPAN_TAG.finditer(body):
        end = END_TAG.search(body, tag.end())
        yield tag[1], body[tag.end() : end.start() if end else len(body)]


def facts_in(source: str, variant: Mapping[str, Any]) -> Facts:
    """The facts that a piece of a template prints, `area.name` or `area.name[2]`, without those that are only names."""
    code = " ".join(PRINTED.findall(source))
    code = VARIANT.sub(lambda found: str(variant.get(found[1], found[0])), code)
    return frozenset(f"{area}.{name}{place.replace(' ', '')}" for area, name, place in FACT.findall(code) if area != NAMES)
