"""What the lint asks of documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..matching.answers import holds, length
from .documents import Document, DocumentTemplate
from .problem import Problem

SHORTEST, LONGEST = 60, 1500  # words
LONGEST_SPAN = 60  # words
PDF_CHARACTERS = "cp1252"
TOP_HEADING = re.compile(r"^# ", re.M)
FENCED = re.compile(r"^```.*?^```", re.M | re.S)
JAPANESE = re.compile(r"[\u3040-\u30ff]")


def relation_problems(templates: Sequence[DocumentTemplate]) -> Iterator[Problem]:
    """`near` and `translates` point at documents there are, the latter at one in another language; variants tell their paths apart."""
    known = {template.id: template for template in templates}
    for template in templates:
        for key in ("near", "translates"):
            other = template.front.get(key)
            if other is not None and (other not in known or other == template.id):
                yield Problem.of(template.error(f'{key}: "{other}" is no other document.', "", key))
            elif key == "translates" and other is not None and known[other].front["language"] == template.front["language"]:
                yield Problem.of(template.error(f'translates: "{other}" is in the same language.', "", key))
        if "variants" in template.front and "variant" not in template.front["path"]:
            yield Problem.of(template.error("the path of a document with variants must use `variant`.", "", "path"))


def document_problems(document: Document, template: DocumentTemplate) -> Iterator[Problem]:
    def problem(check: str, message: str, line: int = 0) -> Problem:
        return Problem(template.file, line or template.body_line, message, check)

    words = length(document.plain)
    if not SHORTEST <= words <= LONGEST:
        yield problem("words", f"it has {words:,} words; documents have {SHORTEST} to {LONGEST:,}.")
    if TOP_HEADING.search(FENCED.sub("", document.text.split("\n", 1)[1])):
        yield problem("headings", "headings begin at ##; the title is the # heading.")
    if document.form == ".pdf":
        for sign in sorted(set(document.text + str(document.pdf.get("subject", "")))):
            if not typeset(sign):
                line = next((n for n, text in enumerate(template.body.splitlines(), template.body_line) if sign in text), 0)
                yield problem("characters", f"a PDF cannot show {sign!r} (U+{ord(sign):04X}); use characters of Windows-1252.", line)
    for name, text in document.spans.items():
        yield from span_problems(document, template, name, text)


def span_problems(document: Document, template: DocumentTemplate, name: str, text: str) -> Iterator[Problem]:
    line = next((n for n, row in enumerate(template.body.splitlines(), template.body_line) if re.search(rf"span\s+{name}\b", row)), 0)
    if not text.strip():
        yield Problem(template.file, line, f'the span "{name}" is empty.', "span")
        return
    if length(text) > LONGEST_SPAN:
        yield Problem(template.file, line, f'the span "{name}" has {length(text)} words; mark one sentence, at most {LONGEST_SPAN} words.', "length")
    if not any(text in row or holds(row, text) for row in document.plain.splitlines()):
        yield Problem(template.file, line, f'the span "{name}" is not inside one paragraph, item or table row.', "span")


def typeset(sign: str) -> bool:
    try:
        sign.encode(PDF_CHARACTERS)
    except UnicodeEncodeError:
        return False
    return True
