"""Which of one's questions a README names, and in how many words it says why they fail.

Read leniently: an id may stand as code or as a plain word, in a sentence, a list, a table or a heading, and its cause beside or below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

READER = MarkdownIt("commonmark", {"html": False}).enable("table")
FAILS = re.compile(r"fail|wrong|miss|mistake|error|limit|weak|broken|problem|cannot|can't|does not|doesn't", re.I)
TELLING = re.compile(r"(?=.*[^\W\d_])\w+(?:[-_.:/]\w+)+|(?=.*\d)(?=.*[^\W\d_])\w{2,}")
FEW = 5
"""Words below which nothing is explained."""
OWN = {"heading_open": "heading_close", "tr_open": "tr_close", "list_item_open": "list_item_close", "paragraph_open": "paragraph_close"}


@dataclass
class Block:
    """A heading, a row of a table, an outermost list item with all that is in it, or a paragraph.

    `marked`: what stands in it as code, bold, or alone in a cell. `level`: of a heading; 0 for the rest.
    """

    level: int = 0
    text: str = ""
    marked: set[str] = field(default_factory=set)

    def add(self, text: str, *, marked: bool = False) -> None:
        self.text += text
        if marked:
            self.marked.add(squeezed(text))


def named(readme: str, questions: Mapping[str, str]) -> dict[str, str]:
    """Id -> the words that explain it, for the questions (id -> question) that the README names, in order.

    Where a heading speaks of failures and ids stand below it, the rest of the README is not looked at. Ids and the wording of questions explain nothing.
    """
    found = blocks(readme)
    told = causes(below_failures(found), questions)
    return told or causes(found, questions)


def blocks(readme: str) -> list[Block]:
    """All blocks in order, but for the head rows of tables."""
    found: list[Block] = []
    end = ""
    depth = 0  # of nested elements of the kind that the block is made of
    for token in without_heads(READER.parse(readme)):
        if not end and token.type in OWN:
            end, depth = OWN[token.type], 0
            found.append(Block(int(token.tag[1]) if token.tag in ("h1", "h2", "h3", "h4", "h5", "h6") else 0))
        if end and token.type in (end, end.replace("_close", "_open")):
            depth += token.nesting
            end = end if depth else ""
        elif token.type == "inline":
            read_inline(found[-1], token)
        elif token.content:  # a code block
            found = found if end else [*found, Block()]
            found[-1].add(f" {token.content} ")
    return found


def without_heads(tokens: Sequence[Token]) -> Iterator[Token]:
    inside = False
    for token in tokens:
        inside = token.type == "thead_open" or (inside and token.type != "thead_close")
        if not inside:
            yield token


def read_inline(block: Block, token: Token) -> None:
    """The visible text; code, and what is bold or emphasised, as marked. A cell or a line of its own counts as marked too."""
    before, styled = len(block.text), -1
    for child in token.children or []:
        if child.type in ("strong_open", "em_open"):
            styled = len(block.text)
        elif child.type in ("strong_close", "em_close") and styled >= 0:
            block.marked.add(squeezed(block.text[styled:]))
        block.add(" " if child.type in ("softbreak", "hardbreak") else child.content, marked=child.type == "code_inline")
    block.marked.add(squeezed(block.text[before:]))
    block.add(" ")


def below_failures(found: Sequence[Block]) -> list[Block]:
    """The headings that speak of failures, with everything down to the next heading of their level."""
    chosen: list[Block] = []
    level = 0
    for block in found:
        if block.level and (not level or block.level <= level):
            level = block.level if FAILS.search(block.text) else 0
        if level:
            chosen.append(block)
    return chosen


def causes(found: Sequence[Block], questions: Mapping[str, str]) -> dict[str, str]:
    names = [mentioned(block, questions) for block in found]
    told: dict[str, str] = {}
    for number, here in enumerate(names):
        why = explained(found, names, number, questions) if here else ""
        for name in here:
            told[name] = max(told.get(name, ""), why, key=count)
    return told


def mentioned(block: Block, questions: Mapping[str, str]) -> list[str]:
    """The ids that stand in a block, in order of their places."""
    places = {name: place for name in questions if (place := place_of(name, block)) >= 0}
    return sorted(places, key=lambda name: places[name])


def place_of(name: str, block: Block) -> int:
    """Where an id stands, or -1. One that could be any word or number counts only where it is marked, comes first, or is called a question."""
    spelled = rf"(?<!\w)(?<!\w[-./:]){re.escape(name)}(?!\w)(?![-./:]\w)"
    first = re.search(spelled, block.text, re.I) if name.strip() else None
    if first is None:
        return -1
    called = re.search(rf"(?:\bquestion|\bid|\bno\.|#)\s*{spelled}", block.text, re.I)
    leads = not block.text[: first.start()].strip() and not re.match(r"\s+\w", block.text[first.end() :])
    return first.start() if TELLING.fullmatch(name) or squeezed(name) in block.marked or called or leads else -1


def explained(found: Sequence[Block], names: Sequence[Sequence[str]], number: int, questions: Mapping[str, str]) -> str:
    """What a block says beside its ids; where that is little, or a heading, also what follows until the next one is named."""
    block = found[number]
    said = stripped(block.text, questions)
    if block.level == 0 and count(said) >= FEW:
        return said
    for after, others in zip(found[number + 1 :], names[number + 1 :], strict=True):
        if (others and set(others) - set(names[number])) or (after.level and after.level <= (block.level or 6)):
            break
        said = f"{said} {stripped(after.text, questions)}"
    return said.strip()


def stripped(text: str, questions: Mapping[str, str]) -> str:
    """The words of a text without ids and without the wording of the questions."""
    plain = f" {squeezed(text)} "
    for words in sorted([*questions.values(), *questions], key=len, reverse=True):
        plain = plain.replace(f" {squeezed(words)} ", " ") if squeezed(words) else plain
    return plain.strip()


def squeezed(text: str) -> str:
    """Words and numbers in lower case, with one space between them."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def count(words: str) -> int:
    return len(words.split())
