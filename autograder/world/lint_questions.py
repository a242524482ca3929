"""What the lint asks of questions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ..matching.answers import found, holds, matches
from ..matching.tokens import dated, tokens
from .documents import Document, DocumentTemplate
from .markdown import heading_above
from .overlap import CAP, content_words, overlap
from .problem import Problem
from .questions import Question, Span

LONGEST_FORM = 12  # words of an accepted form
CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
Fault = tuple[str, str, str]  # check, message, key of the question
Siblings = Mapping[tuple[str, int], Sequence[tuple[str, Question]]]


def question_problems(
    question: Question,
    template: DocumentTemplate,
    index: int,
    documents: Mapping[tuple[str, int], Document],
    siblings: Siblings,
    names: frozenset[str],
) -> Iterator[Problem]:
    name = template.questions[index]["id"]

    def problem(check: str, message: str, *keys: str | int) -> Problem:
        return Problem(template.file, template.source.line("questions", index, *keys), f"question {name}: {message}", check)

    if sum(other["id"] == name for other in template.questions if isinstance(other, dict) and "id" in other) > 1:
        yield problem("id", "its id stands twice in this document.", "id")
    for number, wording in enumerate(question.wordings):
        for span in question.spans:
            share, shared = overlap(wording, span.text, question.language, names)
            if share > CAP:
                yield problem("overlap", f"{share:.0%} of its words stand in the span {span.name} ({', '.join(shared)}).", "ask", number)
    if question.answerable:
        for faults in (slice_faults(question, documents), accept_faults(question, documents), confusions(question, siblings)):
            for check, message, key in faults:
                yield problem(check, message, key)


def slice_faults(question: Question, documents: Mapping[tuple[str, int], Document]) -> Iterator[Fault]:
    text = " ".join([*question.wordings, question.answer])
    if question.slice == "multi_hop" and len(question.spans) < 2:
        yield "slice", "multi_hop needs two spans.", "spans"
    if question.slice == "multilingual" and all(documents[span.document].language == question.language for span in question.spans):
        yield "slice", "it is multilingual, but its spans are in its own language; say which language it is asked in.", "slice"
    if question.slice in ("sku", "numeric") and not (figures(text) or CAPITALS.search(text)):
        yield "slice", f"its slice is {question.slice}, and neither question nor answer has a number, code or capitals.", "slice"
    if question.slice == "table" and not any(in_table(span.text, documents[span.document]) for span in question.spans):
        yield "slice", "its slice is table, and none of its spans is a table row.", "slice"


def in_table(text: str, document: Document) -> bool:
    return document.form == ".csv" or "|" in text


def accept_faults(question: Question, documents: Mapping[tuple[str, int], Document]) -> Iterator[Fault]:
    """Accepted forms are short, one of them stands in the spans (or over them), and one in the answer; figures are never of their own making."""
    spans = "\n".join([*(span.text for span in question.spans), *(over(span, documents) for span in question.spans)])
    known = figures(spans)
    strange = {form: sorted(figures(form) - known) for form in question.accept}
    there = any(found(spans, form) or found(dated(spans), dated(form)) for form in question.accept)
    computed = question.slice == "multi_hop"
    if not there and not computed:
        yield "standing", f"none of its accepted forms stands in its spans ({', '.join(question.accept)}): a literal copy would be wrong.", "accept"
    if not matches(question.accept, question.answer):
        yield "answer", f"its own answer, {question.answer!r}, holds none of its accepted forms.", "answer"
    for form in question.accept:
        if strange[form] and not computed:
            yield "figures", f"{', '.join(strange[form])} in the accepted form {form!r} does not stand in its spans.", "accept"
        if not tokens(form):
            yield "empty", f"the accepted form {form!r} has no word and no number.", "accept"
        elif len(tokens(form)) > LONGEST_FORM and question.language != "ja":
            yield "long", f"the accepted form {form!r} is longer than {LONGEST_FORM} words.", "accept"


def figures(text: str) -> set[str]:
    """All numbers and codes of a text, ends of ranges also by themselves."""
    found = {token.text for token in tokens(dated(text)) if token.kind in ("number", "code")}
    return found | {part for text in found for part in text.split("-") if part}


def confusions(question: Question, siblings: Siblings) -> Iterator[Fault]:
    """Accepted forms that also stand in another span of the same document, which answers a question with another value. Rows of a
    catalogue are alike on purpose, and their questions name the row."""
    own = {span.text for span in question.spans}
    for document in {span.document for span in question.spans if not span.path.endswith(".csv")}:
        for name, other in siblings[document]:
            if other.id == question.id or set(other.accept) & set(question.accept):
                continue
            text = next(span.text for span in other.spans if span.name == name and span.document == document)
            for form in question.accept:
                if text not in own and (found(text, form)):
                    yield "confusion", f'the accepted form {form!r} also stands in the span "{name}", which answers something else.', "accept"


def far_problems(
    question: Question, template: DocumentTemplate, index: int, documents: Mapping[tuple[str, int], Document], fewest: int
) -> Iterator[Problem]:
    """Wordings that share fewer than so many content words with the passages they ask for, their headings and titles. No search finds
    many of these, so there should be few."""
    around = {word for span in question.spans for word in telling_words(passage(span, documents), question.language)}
    for number, wording in enumerate(question.wordings):
        shared = [word for word in telling_words(wording, question.language) if word in around]
        if question.answerable and question.slice != "multilingual" and len(shared) < fewest:
            line = template.source.line("questions", index, "ask", number)
            yield Problem(template.file, line, f"far from its passage ({', '.join(shared) or 'no word in common'}): {wording}", "far")


def telling_words(text: str, language: str) -> list[str]:
    """Content words, and the codes that content words leave out."""
    return [*content_words(text, language), *(token.text for token in tokens(text) if token.kind == "code")]


def over(span: Span, documents: Mapping[tuple[str, int], Document]) -> str:
    """The title and the heading that a passage with this span stands under."""
    return passage(span, documents).rsplit("\n", 1)[0]


def passage(span: Span, documents: Mapping[tuple[str, int], Document]) -> str:
    """The paragraph, item or row around a span, with its heading and title."""
    document = documents[span.document]
    line = next((line for line in document.plain.splitlines() if span.text in line or holds(line, span.text)), span.text)
    return f"{document.title}\n{heading_above(document.text, line)}\n{line}"


def wording_problems(questions: Sequence[Question]) -> Iterator[Problem]:
    """No two questions are asked in the same words."""
    seen: dict[str, Question] = {}
    for question in questions:
        for wording in question.wordings:
            key = " ".join(wording.casefold().split())
            other = seen.setdefault(key, question)
            if other.id != question.id:
                yield Problem(question.file, question.line, f"question {question.id}: {other.id} asks in the same words: {wording!r}.", "wording")


def answer_problems(drawings: Sequence[Sequence[Question]]) -> Iterator[Problem]:
    """An answer that is the same for every seed can be learned by heart."""
    answers: dict[str, list[str]] = defaultdict(list)
    last: dict[str, Question] = {}
    for questions in drawings:
        for question in questions:
            answers[question.id].append(question.answer)
            last[question.id] = question
    for name, question in last.items():
        alike = len(answers[name]) > 1 and len(set(answers[name])) == 1
        if question.answerable and alike and not question.fixed:
            message = f"question {name}: its answer is {question.answer!r} for every seed; let a fact decide it, or declare fixed: true."
            yield Problem(question.file, question.line, message, "fixed")
