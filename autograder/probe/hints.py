"""`hint(id)` in three steps, and `solution(id)` after an honest attempt."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from . import evidence
from .feedback import Hint, show
from .progress import attempts, next_hint

if TYPE_CHECKING:
    from ..checks import Exercise

CELL = re.compile(r"^```\{code-cell\}[^\n]*\n((?::[^\n]*\n)+)\n?(.*?)^```", re.M | re.S)


def hint(exercise: str) -> None:
    """Show the next of three hints."""
    if evidence.graded():
        return
    found = named(exercise)
    if found is None:
        return
    hints = found.hints
    number = next_hint(exercise, len(hints) - 1)
    last = number + 1 == len(hints)
    after = f'That was the last one. solution("{exercise}") shows ours, once you have checked an attempt of your own.' if last else ""
    show(Hint(f"Hint {number + 1} of {len(hints)}", hints[number], after))


def solution(exercise: str) -> None:
    """Show our solution, once an attempt of your own has been checked."""
    if evidence.graded():
        return
    found = named(exercise)
    if found is None:
        return
    if not attempts(exercise):
        print(f'First try it yourself: write something into the cell, run check("{exercise}"), and come back.')
        return
    print(source(found.notebook, found.cell))


def named(id: str) -> Exercise | None:
    """The exercise; says so and gives None when there is none of this id."""
    from ..checks import find
    from ..errors import UsageError

    try:
        return find(id)
    except UsageError as error:
        print(error)
        return None


def source(notebook: str, cell: str) -> str:
    """The reference solution of one cell, from the notebook's source in solutions/."""
    from ..paths import course_root

    for path in sorted((course_root() / "solutions").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        if re.search(rf'^assignment: "?{re.escape(notebook)}"?$', text, re.M):
            return cell_source(path, text, cell)
    return f"The sources of notebook {notebook} are not in this copy of the course."


def cell_source(path: Path, text: str, cell: str) -> str:
    for options, code in CELL.findall(text):
        if re.search(rf"^:id: {re.escape(cell)}$", options, re.M):
            kept = [line for line in code.rstrip().splitlines() if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION")]
            return "\n".join(kept)
    return f"{path.name} has no solution cell {cell!r}."
