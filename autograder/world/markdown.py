"""The company's Markdown as blocks: what the PDF typesetter, the sentence list and the plain text read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

READER = MarkdownIt("commonmark", {"html": False}).enable("table")
BULLET = "•"


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list item, quote, code block or table, in reading order."""

    kind: str  # heading, paragraph, item, quote, code, table
    runs: Runs = ()
    level: int = 0  # of a heading; depth of an item, from 0
    mark: str = ""  # "•" or "3." of an item; "" for its further paragraphs
    rows: tuple[tuple[Runs, ...], ...] = ()  # of a table, the head row first

    @property
    def lines(self) -> list[str]:
        """Plain text: one line, or one per row of a table."""
        if self.kind == "table":
            return [" | ".join(plain_runs(cell) for cell in row) for row in self.rows]
        return [plain_runs(self.runs)]


def plain_runs(runs: Runs) -> str:
    return "".join(run.text for run in runs)


@lru_cache(maxsize=2_000)
def blocks(text: str) -> tuple[Block, ...]:
    return tuple(_Walk(READER.parse(text)).blocks())


class _Walk:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens

    def blocks(self) -> Iterator[Block]:
        lists: list[int | None] = []  # per open list: the next number, or None for bullets
        mark, heading, quoted = "", 0, 0
        rows: list[tuple[Runs, ...]] = []
        cells: list[Runs] = []
        table = False
        for token in self._tokens:
            match token.type:
                case "bullet_list_open":
                    lists.append(None)
                case "ordered_list_open":
                    lists.append(int(token.attrs.get("start", 1)))
                case "bullet_list_close" | "ordered_list_close":
                    lists.pop()
                case "list_item_open":
                    mark, lists[-1] = _marked(lists[-1])
                case "heading_open":
                    heading = int(token.tag[1])
                case "heading_close":
                    heading = 0
                case "blockquote_open":
                    quoted += 1
                case "blockquote_close":
                    quoted -= 1
                case "table_open":
                    table, rows = True, []
                case "tr_open":
                    cells = []
                case "tr_close":
                    rows.append(tuple(cells))
                case "table_close":
                    table = False
                    yield Block("table", rows=tuple(rows))
                case "fence" | "code_block":
                    yield Block("code", (Run(token.content.rstrip("\n"), code=True),), level=len(lists))
                case "inline" if table:
                    cells.append(runs(token.children or []))
                case "inline":
                    content = runs(token.children or [])
                    if heading:
                        yield Block("heading", content, heading)
                    elif lists:
                        yield Block("item", content, len(lists) - 1, mark)
                        mark = ""
                    else:
                        yield Block("quote" if quoted else "paragraph", content)


def _marked(number: int | None) -> tuple[str, int | None]:
    return (BULLET, None) if number is None else (f"{number}.", number + 1)


def runs(tokens: Sequence[Token]) -> Runs:
    found: list[Run] = []
    bold = italic = 0
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "text" | "code_inline":
                if token.content:
                    found.append(Run(token.content, bold > 0, italic > 0, token.type == "code_inline"))
            case "softbreak" | "hardbreak":
                found.append(Run(" ", bold > 0, italic > 0))
    return tuple(found)


def plain(text: str) -> str:
    """One line per heading, paragraph, item, quote, code block and table row, without any markup."""
    return "\n".join(line for block in blocks(text) for line in block.lines)


ROW = re.compile(r"^\s*\|(.*)\|\s*$", re.S)
LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+")


def plain_piece(text: str) -> str:
    """The plain text of a part of a paragraph, item or table row."""
    row = ROW.match(text)
    if row:
        return " | ".join(plain_piece(cell.strip()) for cell in re.split(r"(?<!\\)\|", row[1]))
    flat = " ".join(LIST_MARK.sub("", text).split())
    return plain_runs(runs(READER.parseInline(flat)[0].children or [])) if flat else ""


SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(¿¡]?[A-ZÀ-ÖØ-Þ0-9])|(?<=[。！？])")


def sentences(text: str) -> list[str]:
    """The sentences of a Markdown text; items without a full stop and table rows count as one each."""
    found: list[str] = []
    for block in blocks(text):
        for line in block.lines:
            pieces = [line] if block.kind in ("table", "code", "heading") else SENTENCE_END.split(line)
            found.extend(piece.strip() for piece in pieces if piece and piece.strip())
    return found


def heading_above(text: str, line: str) -> str:
    """The heading over the first paragraph, item or row that is `line`."""
    heading = ""
    for block in blocks(text):
        if block.kind == "heading":
            heading = plain_runs(block.runs)
        if line in block.lines:
            return heading
    return ""
