"""Documents as PDF files: running header and footer, page numbers, one or two columns, metadata, a password.

Only the standard fonts and no compression are used, so that the same document has the same bytes on every machine.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from .chance import Chance
from .documents import Document
from .render_html import Site
from .scan import scan_face, scanned
from .typeset import INK, RULE, SANS, SERIF, Face, flowables

WIDTH, HEIGHT = A4
MARGIN, TOP, BOTTOM, GUTTER = 22 * mm, 26 * mm, 22 * mm, 8 * mm
FIRST_DAY, DAYS = datetime(2024, 2, 5, 8, 12, 0), 840
KEY_BITS = 128
PAGE_OF = {"en": "Page {} of {}", "de": "Seite {} von {}", "es": "Página {} de {}", "fr": "Page {} sur {}"}
SERIOUS = ("legal", "finance", "quality")  # departments that print in a serif face


def render_pdf(document: Document, site: Site) -> bytes:
    """The file's bytes."""
    if document.pdf.get("scan"):
        return scanned(typeset(document, site, scan_face()), document.title, document.path)
    return typeset(document, site, SERIF if document.department in SERIOUS else SANS)


def typeset(document: Document, site: Site, face: Face) -> bytes:
    out = BytesIO()
    columns = int(document.pdf.get("columns", 1))
    width = (WIDTH - 2 * MARGIN - (columns - 1) * GUTTER) / columns
    frames = [
        Frame(MARGIN + n * (width + GUTTER), BOTTOM, width, HEIGHT - TOP - BOTTOM, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
        for n in range(columns)
    ]
    pages = BaseDocTemplate(
        out,
        pagesize=A4,
        title=document.title,
        author=site.name,
        subject=str(document.pdf.get("subject", "")),
        creator=f"{document.department.replace('-', ' ').capitalize()}, {site.name}",
        producer=f"{site.name} document service",
        lang=document.language,
        invariant=1,
        pageCompression=0,
        encrypt=encryption(document),
    )
    pages.addPageTemplates(PageTemplate(frames=frames, onPage=lambda canvas, _: header(canvas, document, site, face)))
    sheets = partial(Sheets, footer=footer(document, site), face=face, moment=moment(document))
    pages.build(flowables(document.text, list(document.spans.values()), face, width), canvasmaker=sheets)
    return out.getvalue()


def encryption(document: Document) -> StandardEncryption | None:
    password = document.pdf.get("password")
    return StandardEncryption(str(password), ownerPassword=f"{password}-owner", canModify=0, strength=KEY_BITS) if password else None


def moment(document: Document) -> datetime:
    """When the file says it was made: some working hour of the last years."""
    chance = Chance(document.path, "made")
    return FIRST_DAY + timedelta(days=chance.below(DAYS), minutes=chance.below(9 * 60), seconds=chance.below(60))


def header(canvas: Canvas, document: Document, site: Site, face: Face) -> None:
    canvas.saveState()
    canvas.setFillColor(INK)
    canvas.setFont(face.bold, 8)
    canvas.drawString(MARGIN, HEIGHT - 14 * mm, site.name)
    canvas.setFont(face.plain, 8)
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 14 * mm, document.title)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, HEIGHT - 16.5 * mm, WIDTH - MARGIN, HEIGHT - 16.5 * mm)
    canvas.restoreState()


def footer(document: Document, site: Site) -> tuple[str, str]:
    """Left and right; the right side takes the page and the number of pages."""
    return f"{site.name}, {site.street}, {site.city}", PAGE_OF.get(document.language, PAGE_OF["en"])


class Sheets(Canvas):  # type: ignore[misc]
    """A canvas that puts the footer under every page once their number is known."""

    def __init__(self, *arguments: Any, footer: tuple[str, str], face: Face, moment: datetime, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._footer = footer
        self._face = face
        self._kept: list[dict[str, Any]] = []
        stamp = self._doc._timeStamp
        stamp.YMDhms = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        left, right = self._footer
        for number, state in enumerate(self._kept, start=1):
            self.__dict__.update(state)
            self.setFillColor(INK)
            self.setFont(self._face.plain, 7.5)
            self.drawString(MARGIN, 12 * mm, left)
            self.drawRightString(WIDTH - MARGIN, 12 * mm, right.format(number, len(self._kept)))
            super().showPage()
        super().save()
