"""Markdown blocks as flowing text for paper: headings, numbered clauses, lists and tables that cross pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Preformatted, Table, TableStyle

from ..matching.answers import holds
from .markdown import Block, Runs, blocks, plain_runs

INK, RULE, SHADE = HexColor("#1d2630"), HexColor("#b9c4cd"), HexColor("#eef2f5")
CLAUSE = re.compile(r"\d+(?:\.\d+)+\.?(?=\s)|\(\w\)(?=\s)")
FIGURE = re.compile(r"[€$£(]?[-–]?[\d.,\u00a0 ]+\s?(?:%|€|[A-Za-z°]{1,3})?\)?")
NARROWEST = 0.08  # share of the width that a column has at least


@dataclass(frozen=True)
class Face:
    """A family of fonts: plain, bold, italic and fixed width."""

    plain: str
    bold: str
    italic: str
    fixed: str = "Courier"
    size: float = 9.5


SANS = Face("Helvetica", "Helvetica-Bold", "Helvetica-Oblique")
SERIF = Face("Times-Roman", "Times-Bold", "Times-Italic", size=10.5)


@cache
def styles(face: Face) -> dict[str, ParagraphStyle]:
    text = ParagraphStyle("text", fontName=face.plain, fontSize=face.size, leading=face.size * 1.38, textColor=INK, spaceAfter=5)
    small = ParagraphStyle("cell", text, fontSize=face.size - 1.2, leading=(face.size - 1.2) * 1.3, spaceAfter=0)
    return {
        "text": text,
        "title": ParagraphStyle("title", text, fontName=face.bold, fontSize=17, leading=21, spaceAfter=12),
        "h2": ParagraphStyle("h2", text, fontName=face.bold, fontSize=face.size + 2.5, leading=16, spaceBefore=10, spaceAfter=4, keepWithNext=1),
        "h3": ParagraphStyle("h3", text, fontName=face.bold, fontSize=face.size + 0.8, spaceBefore=6, spaceAfter=3, keepWithNext=1),
        "clause": ParagraphStyle("clause", text, leftIndent=30, bulletFontName=face.plain, bulletFontSize=face.size, bulletIndent=0),
        "quote": ParagraphStyle("quote", text, fontName=face.italic, leftIndent=16, rightIndent=16),
        "code": ParagraphStyle("code", text, fontName=face.fixed, fontSize=face.size - 1.5, leading=face.size * 1.2, leftIndent=10),
        "cell": small,
        "head": ParagraphStyle("head", small, fontName=face.bold),
        "headfigure": ParagraphStyle("headfigure", small, fontName=face.bold, alignment=TA_RIGHT),
        "figure": ParagraphStyle("figure", small, alignment=TA_RIGHT),
    }


@cache
def item_style(face: Face, depth: int) -> ParagraphStyle:
    indent = 16 * (depth + 1)
    return ParagraphStyle(
        f"item{depth}", styles(face)["text"], leftIndent=indent, bulletIndent=indent - 14, spaceAfter=2.5,
        bulletFontName=face.plain, bulletFontSize=face.size,
    )  # fmt: skip


def flowables(text: str, spans: Sequence[str], face: Face, width: float) -> list[Flowable]:
    """What a column `width` points wide is filled with. Paragraphs that hold a span are not divided between pages."""
    return [piece for block in blocks(text) for piece in typeset(block, spans, face, width)]


def typeset(block: Block, spans: Sequence[str], face: Face, width: float) -> list[Flowable]:
    named = styles(face)
    if block.kind == "heading":
        return [Paragraph(markup(block.runs, face), named["title" if block.level == 1 else "h2" if block.level == 2 else "h3"])]
    if block.kind == "table":
        return [table(block, face, width)]
    if block.kind == "code":
        return [Preformatted(plain_runs(block.runs), named["code"])]
    if block.kind == "item":
        piece = Paragraph(markup(block.runs, face), item_style(face, block.level), bulletText=block.mark or None)
    else:
        number, runs = clause(block.runs) if block.kind == "paragraph" else ("", block.runs)
        piece = Paragraph(markup(runs, face), named["quote" if block.kind == "quote" else "clause" if number else "text"], bulletText=number or None)
    line = plain_runs(block.runs)
    return [KeepTogether([piece])] if any(span in line or holds(line, span) for span in spans) else [piece]


def clause(runs: Runs) -> tuple[str, Runs]:
    """The number of a numbered clause, and the rest of it."""
    found = CLAUSE.match(runs[0].text) if runs else None
    if not found:
        return "", runs
    first = runs[0]
    rest = type(first)(first.text[found.end() :].lstrip(), first.bold, first.italic, first.code)
    return found[0], (rest, *runs[1:])


def markup(runs: Runs, face: Face) -> str:
    """Reportlab's inline markup."""
    found = []
    for run in runs:
        text = escape(run.text)
        if run.code:
            text = f'<font face="{face.fixed}" size="{face.size - 1}">{text}</font>'
        elif run.bold or run.italic:
            text = f'<font face="{face.bold if run.bold else face.italic}">{text}</font>'
        found.append(text)
    return "".join(found)


def table(block: Block, face: Face, width: float) -> Table:
    """The head row is repeated where the table crosses a page; columns of figures are set to the right."""
    named = styles(face)
    head, *body = block.rows
    columns = range(len(head))
    figures = [bool(body) and all(FIGURE.fullmatch(plain_runs(row[n])) for row in body if plain_runs(row[n])) and n > 0 for n in columns]
    cells = [[Paragraph(apart(head[n], face), named["headfigure" if figures[n] else "head"]) for n in columns]]
    cells += [[Paragraph(apart(row[n], face), named["figure" if figures[n] else "cell"]) for n in columns] for row in body]
    made = Table(cells, colWidths=widths(block, width), repeatRows=1, hAlign="LEFT", spaceBefore=4, spaceAfter=8)
    made.setStyle(RULES)
    return made


def apart(cell: Runs, face: Face) -> str:
    """A cell's markup. A single character gets a space before it, or text extraction would glue it to its neighbour."""
    text = markup(cell, face)
    return "\u00a0" + text if len(plain_runs(cell)) == 1 else text


RULES = TableStyle(
    [
        ("BACKGROUND", (0, 0), (-1, 0), SHADE),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
)


def widths(block: Block, width: float) -> list[float]:
    """Column widths by the square root of their longest cell, so that long prose does not starve the rest."""
    longest = [max(4, *(len(plain_runs(row[n])) for row in block.rows)) ** 0.5 for n in range(len(block.rows[0]))]
    shares = [max(NARROWEST, size / sum(longest)) for size in longest]
    return [width * share / sum(shares) for share in shares]
