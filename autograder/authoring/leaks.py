"""The leak audit: no line of a solution and no hidden text may stand in a release, in whatever part of it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from . import companions
from .problem import Problem
from .source import Source

REGIONS = (("BEGIN SOLUTION", "END SOLUTION"), ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"), ("BEGIN MARK SCHEME", "END MARK SCHEME"))
LEAST = 12
"""Characters, without blanks, that a line must have to tell anything."""
TRIVIAL = re.compile(r"(return|raise|yield|pass|break|continue|else:|try:|finally:|import|from)?[\w.()\[\]{}:]{0,16}")


def audit(source: Source, release: NotebookNode) -> Iterator[Problem]:
    """One problem per line of a solution that the release or one of its files shows, and one per output it still has."""
    name = source.release.relative_to(source.root).as_posix()
    modules = [path.read_text(encoding="utf-8") for path in companions.own(source).values() if path.suffix == ".py"]
    secret = secrets([*source.parsed().cells, *map(new_code_cell, modules)])
    files = ((path, content.decode("utf-8", "replace")) for path, content in companions.released(source).items())
    for path, text in (*strings(release), *files):
        squeezed = squeeze(text)
        for line, plain in secret.items():
            if line in squeezed:
                yield Problem(name, f"{path} shows a line of the solution: {plain!r}.", "Keep it out of the text, or out of the solution.")
    for number, cell in enumerate(release.cells, start=1):
        if cell.get("outputs"):
            yield Problem(name, f"cell {number} has outputs.", "Build it again; never save a release by hand.")


def secrets(cells: Sequence[NotebookNode]) -> dict[str, str]:
    """Squeezed line -> the line as written, of all that is taken out and stands nowhere else in the cells."""
    hidden: dict[str, str] = {}
    open_text = []
    for cell in cells:
        inside, outside = divided(cell)
        hidden.update({squeeze(line): line.strip() for line in inside})
        open_text.append("\n".join(outside))
    shown = squeeze("\n".join(open_text))
    return {line: plain for line, plain in hidden.items() if telling(line) and line not in shown}


def divided(cell: NotebookNode) -> tuple[list[str], list[str]]:
    """(lines that are taken out, lines that stay). A solution or answer without any region is taken out whole."""
    lines = cell.source.splitlines()
    if not any(mark in line for line in lines for pair in REGIONS for mark in pair):
        whole = {"solution", "answer"} & set(cell.metadata.get("tags", []))
        return (lines, []) if whole else ([], lines)
    inside: list[str] = []
    outside: list[str] = []
    closing = ""
    for line in lines:
        opened = next((end for begin, end in REGIONS if begin in line), "")
        if opened:
            closing = opened
        elif closing and closing in line:
            closing = ""
        else:
            (inside if closing else outside).append(line)
    return inside, outside


def telling(line: str) -> bool:
    """Whether a squeezed line could be anybody's: short ones, bare returns and imports are not worth a secret."""
    return len(line) >= LEAST and not TRIVIAL.fullmatch(line) and not line.startswith("#")


def squeeze(text: str) -> str:
    """Without blanks and with one kind of quotes, so that reformatting hides nothing."""
    return re.sub(r"\s+", "", text).replace("'", '"')


def strings(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(where, text) of every string of a notebook: sources, metadata, outputs, names, and what attachments hold if it is text."""
    if isinstance(node, dict):
        for key, value in node.items():
            here = f"{path}.{key}".lstrip(".")
            yield f"{here} (name)", str(key)
            yield from strings(value, here)
    elif isinstance(node, list):
        if node and all(isinstance(line, str) for line in node):
            yield path, "".join(node)
        else:
            for number, value in enumerate(node, start=1):
                yield from strings(value, f"{path}[{number}]")
    elif isinstance(node, str):
        yield path, node
        if decoded := as_text(node):
            yield f"{path} (base64)", decoded


def as_text(value: str) -> str:
    """What a base64 string holds, if that is text."""
    if len(value) < 16 or not re.fullmatch(r"[A-Za-z0-9+/\s]+=*\s*", value):
        return ""
    try:
        return base64.b64decode(value, validate=False).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
