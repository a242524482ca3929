"""What every notebook must have, and its statistics."""

from __future__ import annotations

import ast
import io
import statistics
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from .. import checks
from ..checks.audit import shortfall
from ..gateway import catalog
from . import product
from .problem import Problem
from .release import with_metadata
from .source import Source

LONGEST_CELL = 25
WIDEST_LINE = 115
"""Characters of code that JupyterLab shows without scrolling on a laptop. Milestones are worked on in wider windows."""
CELLS = range(30, 51)
"""Cells of a phase notebook."""
OPENING = ("**At the end of this notebook you will be able to**", "**You will have measured**")
CLOSING = ("## Summary", "**What this looked like in production.**", "**Where it leads.**")
MILESTONE = ("**You will have measured**", "**What this looked like in production.**")


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of one notebook. `median` and `longest` are lines of code per cell: no blanks, comments or docstrings."""

    assignment: str
    cells: int
    median: float
    longest: int
    words: int
    pictures: int
    exercises: int


def measured(source: Source) -> Statistics:
    notebook = with_metadata(source)
    lines = [code_lines(cell.source) for cell in notebook.cells if cell.cell_type == "code"] or [0]
    words = sum(len(cell.source.split()) for cell in notebook.cells if cell.cell_type == "markdown")
    outputs = [o for c in product.read(source.solution).cells for o in c.get("outputs", [])] if source.solution.is_file() else []
    pictures = sum(any(kind.startswith("image/") for kind in output.get("data", {})) for output in outputs)
    return Statistics(
        source.id,
        len(notebook.cells),
        statistics.median(lines),
        max(lines),
        words,
        pictures,
        len(checks.of_notebook(source.front.assignment)),
    )


def table(sources: Sequence[Source]) -> str:
    rows = [f"{'notebook':16}{'cells':>7}{'median':>8}{'longest':>9}{'words':>7}{'pictures':>10}{'exercises':>11}"]
    for one in map(measured, sources):
        rows.append(f"{one.assignment:16}{one.cells:7}{one.median:8g}{one.longest:9}{one.words:7}{one.pictures:10}{one.exercises:11}")
    return "\n".join(rows)


def code_lines(code: str) -> int:
    """Lines that hold code: a docstring, a comment or a blank line is none."""
    code = TransformerManager().transform_cell(code)  # type: ignore[no-untyped-call]  # a magic is a line of code like any other
    documented = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            documented |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    idle = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type not in idle:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return len(lines - documented)


def problems(source: Source) -> Iterator[Problem]:
    notebook = with_metadata(source)
    yield from (Problem(source.name, what, mend) for what, mend in [*shape(source, notebook), *exercises(source, notebook)])


def shape(source: Source, notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    first = notebook.cells[0]
    if first.cell_type != "markdown" or not first.source.startswith(f"# {source.front.title}\n"):
        yield "the first cell is not headed by the title of the front matter.", f"Begin with `# {source.front.title}`."
    for words in () if source.guide else MILESTONE if source.milestone else OPENING + CLOSING:
        if words not in text:
            yield f"{words!r} is missing.", "CONTRIBUTING.md shows how a notebook opens and closes."
    if not source.milestone and not source.guide and len(notebook.cells) not in CELLS:
        yield f"it has {len(notebook.cells)} cells; {CELLS.start} to {CELLS.stop - 1} are one idea.", "Split or join cells."
    for tag in source.front.needs:
        if catalog.find(tag) is None:
            yield f"it needs the model {tag!r}, which the course does not have.", ""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield from size(cell.source, source.milestone)


def size(code: str, milestone: bool) -> Iterator[tuple[str, str]]:
    name = repr(code.strip().splitlines()[0][:50])
    if (lines := code_lines(code)) > LONGEST_CELL:
        yield f"the cell {name} has {lines} lines of code, more than {LONGEST_CELL}.", "Split it."
    if not milestone and (width := max(map(len, code.splitlines()))) > WIDEST_LINE:
        yield f"the cell {name} has a line of {width} characters, more than {WIDEST_LINE}.", "Break it."


def exercises(source: Source, notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    """Every exercise has its cell and a check beneath it, and brings enough faults and alternatives."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    names = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in code]
    written = [name for cell, name in zip(code, names, strict=True) if cell.metadata.get("nbgrader", {}).get("solution")]
    known = checks.of_notebook(source.front.assignment)
    for exercise in known:
        if exercise.cell not in written:
            yield f"the exercise {exercise.id} has no solution cell.", f"Tag one [solution] with :id: {exercise.cell}."
        elif f"check-{exercise.cell}" not in names[names.index(exercise.cell) + 1 :][:1]:
            yield f"there is no check beneath the solution of {exercise.id}.", f'Put check("{exercise.id}") into the next code cell.'
        if lacking := shortfall(exercise):
            yield f"{lacking}.", "tests/mutants and tests/alternatives hold them."
    if source.guide and written:
        yield "it has cells to solve and names no assignment.", "Name it in the front matter."
    elif not source.milestone:
        for name in set(written) - {exercise.cell for exercise in known}:
            yield f"the solution cell {name!r} belongs to no exercise.", "autograder/checks/ defines them."


def homeless(sources: Sequence[Source]) -> Iterator[Problem]:
    """Exercises whose notebook does not exist."""
    there = {source.front.assignment for source in sources}
    for exercise in checks.all_exercises():
        if exercise.notebook not in there:
            yield Problem(f"exercise {exercise.id}", f"there is no notebook {exercise.notebook}.", "Write it, or drop the exercise.")
