"""Documents: hand-written templates with front matter, rendered with a seed's facts."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from .errors import CompanyError
from .markdown import plain, plain_piece, sentences
from .source import Source
from .template import render

LANGUAGES = ("en", "de", "es", "fr", "ja")
FORMS = (".md", ".html", ".pdf")
KEYS = ("path", "title", "department", "language", "questions", "revisions", "path_next", "variants", "near", "translates", "pdf")
REQUIRED = ("path", "title", "department", "language")
PDF_KEYS = ("columns", "scan", "password", "subject")
FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.S | re.M)


@dataclass(frozen=True)
class DocumentTemplate:
    """One file of `documents/`, parsed but not rendered."""

    id: str
    area: str
    file: str
    source: Source
    body: str
    body_line: int

    @property
    def front(self) -> dict[str, Any]:
        data: dict[str, Any] = self.source.data
        return data

    @property
    def variants(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.front.get("variants") or [{}]
        return found

    @property
    def revisions(self) -> list[int]:
        found: list[int] = self.front.get("revisions", [1, 2])
        return found

    @property
    def questions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.front.get("questions") or []
        return found

    def error(self, message: str, mend: str = "", *keys: str | int) -> CompanyError:
        return CompanyError(message, mend, file=self.file, line=self.source.line(*keys))


@dataclass(frozen=True)
class Document:
    """A rendered document: `text` is its Markdown, the title as the # heading."""

    id: str
    number: int  # of the variant
    area: str
    department: str
    language: str
    path: str
    title: str
    text: str
    spans: Mapping[str, str]  # name -> the supporting words as a reader of this form sees them
    near: str = ""
    translates: str = ""
    pdf: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, int]:
        return self.id, self.number

    @property
    def form(self) -> str:
        return self.path[self.path.rfind(".") :]

    @property
    def hidden(self) -> bool:
        """Whether a reader without a password or character recognition gets no text."""
        return bool(self.pdf.get("scan") or self.pdf.get("password"))

    @cached_property
    def plain(self) -> str:
        """What a careful reader extracts: one line per heading, paragraph, item and row."""
        return "\n".join(csv_lines(self.text)) if self.form == ".csv" else plain(self.text)

    @property
    def sentences(self) -> list[str]:
        return csv_lines(self.text) if self.form == ".csv" else sentences(self.text)


def csv_lines(text: str) -> list[str]:
    """One line per row of a CSV file, each cell with the name of its column."""
    head, *body = csv.reader(text.splitlines())
    return ["; ".join(f"{name}: {value}" for name, value in zip(head, row, strict=True)) for row in body]


def read_template(folder: Path, path: Path) -> DocumentTemplate:
    file = path.relative_to(folder).as_posix()
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    found = FRONT.match(text)
    if not found:
        raise CompanyError("there is no front matter.", "Begin with ---, the keys, and --- again.", file=file, line=1)
    source = Source(found[1], file, first_line=2)
    template = DocumentTemplate(path.stem, path.parent.name, file, source, text[found.end() :], text[: found.end()].count("\n") + 1)
    checked(template)
    return template


def checked(template: DocumentTemplate) -> None:
    """Raises CompanyError unless the front matter is well formed."""
    front = template.front
    if not isinstance(front, dict):
        raise template.error("the front matter is no mapping.")
    for key in REQUIRED:
        if not isinstance(front.get(key), str):
            raise template.error(f'"{key}" is missing or no text.')
    for key in front:
        if key not in KEYS:
            raise template.error(f'"{key}" is no key of a document.', f"There are {', '.join(KEYS)}.", key)
    if front["language"] not in LANGUAGES:
        raise template.error(f"the language is {front['language']!r}.", f"There are {', '.join(LANGUAGES)}.", "language")
    for key in ("path", "path_next"):
        if key in front and not str(front[key]).endswith(FORMS):
            raise template.error(f"the {key} {front[key]!r} has none of the suffixes {', '.join(FORMS)}.", "", key)
    revisions = front.get("revisions", [1, 2])
    if revisions not in ([1], [2], [1, 2]):
        raise template.error("revisions must be [1] or [2].", "", "revisions")
    variants = front.get("variants", [{}])
    if not (isinstance(variants, list) and variants and all(isinstance(one, dict) for one in variants)):
        raise template.error("variants must be a list of mappings.", "", "variants")
    pdf = front.get("pdf", {})
    if not isinstance(pdf, dict) or set(pdf) - set(PDF_KEYS):
        raise template.error(f"pdf takes {', '.join(PDF_KEYS)}.", "", "pdf")
    if pdf and not front["path"].endswith(".pdf"):
        raise template.error("pdf settings belong to a .pdf path.", "", "pdf")


def context(facts: Mapping[str, Any], variant: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "variant": variant} if variant else dict(facts)


def rendered(template: DocumentTemplate, facts: Mapping[str, Any], revision: int, number: int = 0) -> Document:
    """The document (its variant `number`) with the facts of a seed and revision filled in."""
    front, values = template.front, context(facts, template.variants[number])
    renamed = revision == 2 and "path_next" in front
    where = "path_next" if renamed else "path"
    path, title = fill(template, front[where], values, where), fill(template, front["title"], values, "title")
    spans: dict[str, str] = {}
    try:
        body = render(template.body, values, spans)
    except CompanyError as error:
        line = template.body_line + (error.line - 1 if error.line and not error.file else 0)
        raise error.at(template.file, line) if error.file else CompanyError(error.message, error.mend, file=template.file, line=line) from None
    form = path[path.rfind(".") :]
    kept = {name: " ".join(text.split()) if form == ".md" else plain_piece(text) for name, text in spans.items()}
    pdf = {key: fill(template, value, values, "pdf", key) if isinstance(value, str) else value for key, value in front.get("pdf", {}).items()}
    return Document(
        id=template.id,
        number=number,
        area=template.area,
        department=front["department"],
        language=front["language"],
        path=path,
        title=title,
        text=f"# {title}\n\n{body.strip()}\n",
        spans=kept,
        near=front.get("near", ""),
        translates=front.get("translates", ""),
        pdf=pdf,
    )


def fill(template: DocumentTemplate, text: Any, values: Mapping[str, Any], *keys: str | int) -> str:
    """A string of the front matter with everything filled in."""
    try:
        return " ".join(render(str(text), values).split())
    except CompanyError as error:
        if error.file:
            raise
        raise template.error(error.message, error.mend, *keys) from None
