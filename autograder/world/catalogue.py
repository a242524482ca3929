"""Catalogues: product families times their options, drawn into one CSV file of near-identical articles, and questions about single rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

from .chance import Chance
from .documents import Document, DocumentTemplate, csv_lines
from .errors import CompanyError
from .exact import Exact
from .kinds import KINDS
from .questions import Question, Span, check_question, span_of
from .source import Source
from .template import render

COLUMNS = ("article", "description", "version", "price_eur", "unit", "dispatch_days", "weight_g", "remark")
CATALOGUE_KEYS = ("family", "rows", "where")
LIVES = 40  # one article in so many is only in the first revision, and one in so many only in the second
REVISED = 10  # one in so many numbers is drawn again; a row has about four, so that a third of the rows change
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One article. `options` has, per axis, the code of its option and how it is put in the file and in a question."""

    article: str
    family: str
    name: str
    ask: str  # how a question calls it
    options: Mapping[str, Mapping[str, str]]
    price: Decimal
    unit: str
    dispatch: int
    weight: int
    remark: str

    @property
    def version(self) -> str:
        return ", ".join(text for option in self.options.values() if (text := option["text"]))

    @property
    def cells(self) -> tuple[str, ...]:
        return self.article, self.name, self.version, str(self.price), self.unit, str(self.dispatch), str(self.weight), self.remark


def read_catalogue(folder: Path, path: Path) -> DocumentTemplate:
    """The file as a template without a body: its front matter is the whole of it."""
    file = path.relative_to(folder).as_posix()
    source = Source(path.read_text(encoding="utf-8"), file)
    template = DocumentTemplate(path.stem, "catalogue", file, source, "", 1)
    for key in ("path", "title", "department", "language", "families"):
        if key not in template.front:
            raise template.error(f'"{key}" is missing.')
    return template


class Catalogue:
    """One catalogue with the facts of a seed and revision."""

    def __init__(self, template: DocumentTemplate, areas: Values, seed: int, revision: int) -> None:
        self.template = template
        self._areas = areas
        self._seed = seed
        self._revision = revision

    @cached_property
    def rows(self) -> list[Row]:
        """All articles, family by family, also those of the other revision only."""
        return [row for number, _ in enumerate(self.template.front["families"]) for row in self._family(number)]

    def _family(self, number: int) -> Iterator[Row]:
        family = self.template.front["families"][number]
        filling = Filling(self.template, self._areas, ("families", number))
        axes: Mapping[str, Sequence[Mapping[str, Any]]] = family.get("axes", {})
        for model in family["models"]:
            code = filling.text(model["number"])
            drawing = Drawing(self._seed, self._revision, family["id"], code)
            base, weight = (drawing.number(filling, model[key], key) for key in ("price", "weight"))
            for chosen in product(*axes.values()):
                options = {axis: filling.option(option) for axis, option in zip(axes, chosen, strict=True)}
                suffix = "".join(option["code"] for option in options.values())
                price, mass = base, weight
                for (axis, texts), option in zip(options.items(), chosen, strict=True):
                    price = (price + drawing.number(filling, option.get("add", 0), axis, texts["code"])) * Exact(str(option.get("times", 1)))
                    mass = (mass + option.get("grams", 0)) * option.get("pieces", 1)
                article = f"{code}-{suffix}" if suffix else code
                single = Drawing(self._seed, self._revision, family["id"], article)
                yield Row(
                    article=article,
                    family=family["id"],
                    name=filling.text(model["name"]),
                    ask=filling.text(model.get("ask", model["name"])),
                    options=options,
                    price=tidy(price),
                    unit=next((option["unit"] for option in chosen if "unit" in option), family["unit"]),
                    dispatch=int(single.number(filling, family["dispatch"], "dispatch")),
                    weight=int(mass),
                    remark=single.remark(filling, family["remarks"]),
                )

    def document(self) -> Document:
        """The CSV file; every article is a span under its own number."""
        found = [row for row in self.rows if life(self._seed, row.article) != (1 if self._revision == 2 else 2)]
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(row.cells for row in found)
        text, front, filling = out.getvalue(), self.template.front, Filling(self.template, self._areas, ())
        spans = {row.article: line for row, line in zip(found, csv_lines(text), strict=True)}
        path, title = filling.text(front["path"]), filling.text(front["title"])
        return Document(self.template.id, 0, self.template.area, front["department"], front["language"], path, title, text, spans)

    def questions(self, index: int, document: Document, documents: Mapping[str, Sequence[Document]]) -> list[Question]:
        """The questions of one entry, about articles of the first revision that the seed chooses; those that are gone are not asked for."""
        template, data = self.template, self.template.questions[index]
        check_question(template, index, data, CATALOGUE_KEYS)
        filling = Filling(template, self._areas, ("questions", index))
        where = {axis: filling.text(code) for axis, code in data.get("where", {}).items()}
        fit = [row for row in self.rows if row.family == data["family"] and life(self._seed, row.article) != 2]
        fit = [row for row in fit if all(row.options[axis]["code"] == code for axis, code in where.items())]
        if len(fit) < data["rows"]:
            raise template.error(f"question {data['id']}: there are only {len(fit)} such rows.", "", "questions", index, "rows")
        order = sorted(fit, key=lambda row: Chance(self._seed, template.id, data["id"], row.article).below(2**64))
        found = (self._question(index, row, document, documents) for row in order[: data["rows"]] if row.article in document.spans)
        return [question for question in found if question]

    def _question(self, index: int, row: Row, document: Document, documents: Mapping[str, Sequence[Document]]) -> Question | None:
        template, data = self.template, self.template.questions[index]
        filling = Filling(template, {**self._areas, "row": row}, ("questions", index))
        asked = data["slice"] != "unanswerable"
        others = [span_of(template, index, document, filling.text(name), documents) for name in data.get("spans", [])]
        if None in others:
            return None
        own = Span(document.key, row.article, document.path, document.spans[row.article])
        return Question(
            id=f"{template.id}/{data['id']}@{row.article}",
            area=template.area,
            slice=data["slice"],
            language=data.get("language", document.language),
            wordings=tuple(filling.text(text) for text in data["ask"]),
            answer=filling.text(data.get("answer", "")),
            accept=tuple(filling.text(text) for text in data.get("accept", [])),
            spans=(own, *(replace(span, need=number) for number, span in enumerate(others, start=1) if span)) if asked else (),
            file=template.file,
            line=template.source.line("questions", index),
            hidden=document.hidden or any(other.hidden for span in others if span for other in documents[span.document[0]]),
        )


def tidy(price: Decimal) -> Decimal:
    """Whole euros, or euros and cents."""
    return price.quantize(Decimal("0.01") if price % 1 else Decimal(1))


def life(seed: int, article: str) -> int:
    """1 for an article that is only in the first revision, 2 for one that is only in the second, else another number."""
    return Chance(seed, article, "life").below(LIVES)


@dataclass(frozen=True)
class Filling:
    """Fills in texts of one family, and says where an error stands."""

    template: DocumentTemplate
    areas: Values
    place: tuple[str | int, ...]

    def text(self, text: Any) -> str:
        try:
            return " ".join(render(str(text), self.areas).split())
        except CompanyError as error:
            raise error if error.file else self.template.error(error.message, error.mend, *self.place) from None

    def option(self, option: Mapping[str, Any]) -> dict[str, str]:
        return {key: self.text(option.get(key, "")) for key in ("code", "text", "ask")}


class Drawing:
    """Numbers of one article or model; some are others in the second revision."""

    def __init__(self, seed: int, revision: int, *key: str) -> None:
        self._seed = seed
        self._revision = revision
        self._key = key

    def number(self, filling: Filling, spec: Any, *name: str) -> Decimal:
        """A fixed number, an expression of facts, or `{int: [1, 9]}` and `{decimal: …}` drawn as facts are."""
        if not isinstance(spec, Mapping):
            return Exact(filling.text(spec))
        kind = next(iter(spec))
        try:
            maker = KINDS[kind](spec[kind], spec.get("step"))
        except (KeyError, TypeError, ValueError) as error:
            raise filling.template.error(f"{spec!r} cannot be drawn: {error}.", "", *filling.place) from None
        key = (self._seed, *self._key, *name)
        value = maker.draw(Chance(*key))
        if self._revision == 2 and Chance(*key, "redrawn").below(REVISED) == 0:
            value = maker.draw(Chance(*key, "revised"))
        return Exact(value)

    def remark(self, filling: Filling, remarks: Sequence[str]) -> str:
        return filling.text(Chance(self._seed, *self._key, "remark").choice(remarks)) if remarks else ""
