"""Reading a folder of documents. What is lost here, no prompt brings back."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pypdfium2


@dataclass(frozen=True)
class Document:
    path: str  # relative to the folder, with forward slashes
    title: str
    text: str


def read_markdown(path: Path) -> tuple[str, str]:
    """(title, text): the first heading and the file as it is."""
    text = path.read_text(encoding="utf-8")
    heading = re.search(r"^# (.+)$", text, re.M)
    return (heading.group(1) if heading else path.stem), text


def read_csv(path: Path) -> tuple[str, str]:
    """(title, text): one line per row, each cell with the name of its column, so that a row can be understood alone."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *body = [*csv.reader(file)] or [[]]
    lines = ["; ".join(f"{name}: {value}" for name, value in zip(head, row, strict=False)) for row in body]
    return path.stem.replace("-", " "), "\n".join(lines)


def read_html(path: Path) -> tuple[str, str]:
    """(title, text) of a help-centre page: the article alone, without navigation, breadcrumbs, side boxes and footer.

    title: the text of the first h1, or the file name without its suffix. text: one line per heading ('#' to '####'), paragraph, list item,
    table row (cells joined by ' | ') or code block, in the order of the page, each exactly once; an item of a list inside an item is part of it.
    """
    ### BEGIN SOLUTION
    from bs4 import BeautifulSoup

    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    body = page.find("article") or page.find("main") or page
    lines = []
    for node in body.find_all(["h1", "h2", "h3", "h4", "p", "li", "tr", "pre"]):
        if node.find_parent(["nav", "footer", "aside", "header", "li"]):
            continue
        if node.name == "tr":
            lines.append(" | ".join(cell.get_text(" ", strip=True) for cell in node.find_all(["th", "td"])))
        else:
            mark = "#" * int(node.name[1]) + " " if node.name.startswith("h") else ""
            lines.append(mark + " ".join(node.get_text().split()))
    title = body.find("h1")
    return (title.get_text(" ", strip=True) if title else path.stem), "\n".join(lines)
    ### END SOLUTION


def read_pdf(path: Path) -> tuple[str, str]:
    """(title, text) of a PDF: its pages in order, typeset lines joined to paragraphs, without running header, footer and page numbers.

    title: the PDF's own title, or the file name. A numbered clause ('4.2 ...'), a list item and a heading each start a line of their own.
    """
    ### BEGIN SOLUTION
    with pypdfium2.PdfDocument(path) as pdf:
        pages = [page.get_textpage().get_text_bounded().splitlines() for page in pdf]
        title = pdf.get_metadata_value("Title") or path.stem

    def shape(line: str) -> str:  # "Page 3 of 7" and "Page 4 of 7" are the same furniture
        return re.sub(r"\d+", "#", line.strip())

    seen = Counter(s for page in pages for s in {shape(line) for line in page[:3] + page[-3:]})
    furniture = {s for s, n in seen.items() if len(pages) > 1 and n > len(pages) / 2}
    paragraphs: list[str] = []
    for line in (line.strip() for page in pages for line in page if line.strip() and shape(line) not in furniture):
        new = re.match(r"(\d+(\.\d+)*\.?|\([a-z]\)|[•–-])\s", line) or not paragraphs or len(paragraphs[-1]) < 60
        if new or paragraphs[-1].endswith((".", ":", ";")):
            paragraphs.append(line)
        else:
            paragraphs[-1] += " " + line
    return title, "\n".join(paragraphs)
    ### END SOLUTION


READERS = {".md": read_markdown, ".txt": read_markdown, ".html": read_html, ".htm": read_html, ".pdf": read_pdf, ".csv": read_csv}


def load_documents(folder: Path) -> list[Document]:
    """Every readable file below `folder`, in order of path. What cannot be read is named, not dropped in silence."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in READERS):
        name = path.relative_to(folder).as_posix()
        try:
            title, text = READERS[path.suffix.lower()](path)
        except (pypdfium2.PdfiumError, UnicodeDecodeError) as error:
            print(f"{name} cannot be read ({error}): skipped")
            continue
        if text.strip():
            found.append(Document(name, title, text))
        else:
            print(f"{name} has no text (a scan?): skipped")
    return found
