"""Plain text of a learner's own files, for judging only: every word that a reader of the file would see, or why there is none."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from bs4 import BeautifulSoup

FILE_BYTES = 64 << 20
UNSEEN = ("script", "style", "template", "noscript", "head")
LINES = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "tr", "pre", "blockquote", "dt", "dd", "figcaption", "summary", "td", "th", "div", "br")
CELLS = ("td", "th")
PASSWORD = "password"


class UnreadFile(Exception):
    """Why a file has no text: part of a corpus's result, not a failure of the run."""


def read_file(path: Path) -> str:
    """The text of a .md, .txt, .html, .pdf or .csv file. Raises `UnreadFile`."""
    try:
        if path.stat().st_size > FILE_BYTES:
            raise UnreadFile(f"it is larger than {FILE_BYTES >> 20} MB")
        text = READERS[path.suffix.lower()](path)
    except OSError as error:
        raise UnreadFile(f"it cannot be opened ({error.strerror or error})") from None
    except UnicodeError:
        raise UnreadFile("it is not UTF-8 text") from None
    if not text.strip():
        raise UnreadFile("it is empty")
    return text


def read_plain(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def read_html(path: Path) -> str:
    """One line per block, the cells of a row joined by ' | '."""
    page = BeautifulSoup(path.read_bytes().decode("utf-8-sig"), "html.parser")
    for node in page(UNSEEN):
        node.decompose()
    for node in page(LINES):
        if node.name in CELLS:
            node.insert_after(" | ")
        else:
            node.insert_before("\n")
            node.insert_after("\n")
    lines = (" ".join(line.split()) for line in page.get_text().splitlines())
    return "\n".join(line.removesuffix(" |") for line in lines if line)


def read_pdf(path: Path) -> str:
    """The text layer, page by page. A PDF without one, with a password or broken is named as such."""
    try:
        with pypdfium2.PdfDocument(path) as pdf:
            pages = [page.get_textpage().get_text_bounded() for page in pdf]
    except pypdfium2.PdfiumError as error:
        if PASSWORD in str(error).casefold():
            raise UnreadFile("it is encrypted and needs a password") from None
        raise UnreadFile(f"it is no PDF that can be opened ({str(error).rstrip('.')})") from None
    if not any(page.strip() for page in pages):
        raise UnreadFile("it has no text layer (a scan?)")
    return "\n".join(page.replace("\r\n", "\n") for page in pages)


def read_csv(path: Path) -> str:
    """One line per row, each cell with the name of its column: "name: value; name: value"."""
    text = path.read_text(encoding="utf-8-sig")
    try:
        rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter(text)) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UnreadFile(f"it is no CSV that can be read ({error})") from None
    if not rows:
        return ""
    head = rows[0]
    if len(rows) == 1:
        return "; ".join(head)
    return "\n".join("; ".join(f"{name}: {value}" for name, value in named(head, row)) for row in rows[1:])


def named(head: list[str], row: list[str]) -> list[tuple[str, str]]:
    """Each value with its column's name; values beyond the last column have a number."""
    names = head + [f"column {number}" for number in range(len(head) + 1, len(row) + 1)]
    return list(zip(names, row, strict=False))


def delimiter(text: str) -> str:
    """The sign that the head row has most of: a comma unless another one clearly is it."""
    head = re.sub(r'"[^"]*"', "", text.splitlines()[0]) if text.strip() else ""
    return max(",;\t", key=head.count)


READERS: dict[str, Callable[[Path], str]] = {
    ".md": read_plain,
    ".txt": read_plain,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".csv": read_csv,
}
