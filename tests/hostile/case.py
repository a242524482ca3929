"""One hostile submission and what must become of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from . import assignment

Make = Callable[[Path], Path]
"""Writes the submission into an empty folder; returns the path that is handed in."""
WORTH = (2.0, 2.0, 1.0)
HONEST = ("pass", "pass", "error")
"""`add`, `shout` and `ask`: the stub of the last raises, so there is no evidence for it."""


@dataclass(frozen=True)
class Case:
    """`says` is the sentence that names it; `row` its number in the list of known attacks, 0 for one of our own.

    `criteria` are the statuses of the assignment's criteria in order; `report` must be found somewhere in the report.
    """

    says: str
    make: Make
    status: str
    criteria: tuple[str, ...]
    score: float
    row: int = 0
    report: str = ""

    @property
    def id(self) -> str:
        return re.sub(r"\W+", "-", self.says).strip("-")


def graded(says: str, make: Make, *, row: int = 0, found: tuple[str, ...] = HONEST, status: str = "", report: str = "") -> Case:
    """A submission to the `hostile` assignment; the status follows from what was found unless the run itself has one."""
    score = sum(worth for worth, one in zip(WORTH, found, strict=True) if one == "pass")
    return Case(says, make, status or ("pass" if score >= 3.75 else "fail"), found, score, row, report)


def code(says: str, *, row: int = 0, found: tuple[str, ...] = HONEST, status: str = "", report: str = "", **cells: str) -> Case:
    """An attack that stands in solution cells (grade_id -> source); the other cells are solved."""
    return graded(says, written(lambda: assignment.solved(**cells)), row=row, found=found, status=status, report=report)


def edited(says: str, edit: Callable[[NotebookNode], None], *, row: int = 0, found: tuple[str, ...] = HONEST, status: str = "", report: str = "") -> Case:
    """An attack by editing the notebook itself."""

    def notebook() -> NotebookNode:
        made = assignment.solved()
        edit(made)
        return made

    return graded(says, written(notebook), row=row, found=found, status=status, report=report)


def with_files(says: str, files: dict[str, str], *, row: int = 0, found: tuple[str, ...] = HONEST, status: str = "", report: str = "", **cells: str) -> Case:
    """A folder: the notebook and `files` (path -> text) beside it."""

    def make(folder: Path) -> Path:
        written(lambda: assignment.solved(**cells))(folder)
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    return graded(says, make, row=row, found=found, status=status, report=report)


def refused(says: str, make: Make, report: str, *, row: int = 0) -> Case:
    """A submission that is not taken in at all. What assignment it is may not even be known."""
    return Case(says, make, "malformed", ("malformed",) * 3, 0.0, row, report)


def raw(content: bytes, name: str = "hostile.ipynb") -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def written(notebook: Callable[[], NotebookNode], name: str = "hostile.ipynb") -> Make:
    def make(folder: Path) -> Path:
        nbformat.write(notebook(), folder / name)
        return folder / name

    return make
