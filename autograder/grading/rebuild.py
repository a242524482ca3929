"""Rebuild: the pristine release notebook with the learner's solution cells, and nothing else of the submission.

Metadata, tags, kernelspec, outputs, order and extra cells are dropped. What was changed outside the solution cells is
put back and reported, so that every score that was honestly earned stays.
"""

from __future__ import annotations

import ast
import copy
import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from .notebook import Cell, Notebook

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
RUN_TAGS = frozenset({"skip-execution", "papermill-error-cell-tag", "papermill-error-cell-tag-marker", "injected-parameters"})
DIFF_LINES = 80
COMPARED, COMPARED_LINES = 100_000, 1_000
"""Characters and lines of a changed cell that are compared."""


@dataclass(frozen=True, slots=True)
class Tampering:
    """One thing outside the solution cells that was changed: what, where, and the change as a unified diff."""

    cell: str
    what: str
    diff: str = ""


@dataclass(frozen=True)
class Rebuilt:
    """The notebook that will run, what had been changed outside the solution cells, and what the learner should know."""

    notebook: NotebookNode
    tampering: tuple[Tampering, ...]
    notes: tuple[str, ...]


def rebuild(release: NotebookNode, submission: Notebook) -> Rebuilt:
    """Transplant the source of the solution cells, by `grade_id`, into a copy of `release`."""
    notebook = copy.deepcopy(release)
    notebook.metadata["kernelspec"] = dict(KERNEL)
    given = by_grade_id(submission.cells)
    tampering: list[Tampering] = []
    notes: list[str] = []
    for cell in notebook.cells:
        strip(cell)
        grade_id = grade_id_of(cell)
        if not grade_id:
            continue
        if is_solution(cell):
            notes += transplant(cell, grade_id, given.get(grade_id, []))
        else:
            tampering += compare(cell, grade_id, given.get(grade_id, []))
    tampering += reordered(notebook.cells, submission.cells)
    notes += strangers(notebook.cells, submission.cells)
    return Rebuilt(notebook, tuple(tampering), tuple(notes))


def by_grade_id(cells: Sequence[Cell]) -> Mapping[str, list[Cell]]:
    found: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.grade_id:
            found[cell.grade_id].append(cell)
    return found


def grade_id_of(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def is_solution(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution", False))


def strip(cell: NotebookNode) -> None:
    """Drop outputs and every tag that tells a notebook runner what to do."""
    if "tags" in cell.metadata:
        cell.metadata["tags"] = [tag for tag in cell.metadata["tags"] if tag not in RUN_TAGS]
    if cell.cell_type == "code":
        cell.outputs = []
        cell.execution_count = None


def transplant(cell: NotebookNode, grade_id: str, given: list[Cell]) -> list[str]:
    """Put the learner's source into the pristine `cell`. Of several copies the last one that was worked on counts:
    it is the one that stands when the notebook is run from top to bottom."""
    stub = plain(cell.source)
    fitting = [c for c in given if c.cell_type == cell.cell_type]
    if not fitting:
        was = f"is a {given[0].cell_type} cell" if given else "is missing"
        return [f"The solution cell {grade_id!r} {was}; its empty stub was run instead."]
    worked_on = [c for c in fitting if plain(c.source) != stub]
    cell.source = (worked_on or fitting)[-1].source
    if len(given) > 1:
        return [f"The solution cell {grade_id!r} occurs {len(given)} times; the last one that differs from the stub was run."]
    return []


def compare(cell: NotebookNode, grade_id: str, given: list[Cell]) -> list[Tampering]:
    """What became of one of the grader's cells; the pristine one is run in any case."""
    if not given:
        return [Tampering(grade_id, "was deleted; it was put back")]
    found = []
    first = next((c for c in given if c.cell_type == cell.cell_type), given[0])
    if len(given) > 1:
        found.append(Tampering(grade_id, f"occurs {len(given)} times; the original was run once"))
    if first.cell_type != cell.cell_type:
        found.append(Tampering(grade_id, f"was turned into a {first.cell_type} cell; it was put back"))
    if plain(first.source) != plain(cell.source):
        found.append(Tampering(grade_id, "was changed; the original was run", diff(cell.source, first.source, grade_id)))
    tags = sorted(RUN_TAGS.intersection(*[c.metadata.tags for c in [first]]))
    if tags:
        found.append(Tampering(grade_id, f"was tagged {', '.join(tags)}; the tag was dropped"))
    return found


def plain(source: str) -> str:
    """A source without what editors change on their own: line ends and trailing blanks."""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip("\n")


def diff(before: str, after: str, name: str) -> str:
    """Of very long texts only the beginnings are compared: the time it takes grows with the square of their lines."""
    old, new = ([line[:400] for line in text[:COMPARED].splitlines()[:COMPARED_LINES]] for text in (before, after))
    lines = list(difflib.unified_diff(old, new, f"{name} (as released)", f"{name} (as handed in)", lineterm=""))
    if len(lines) > DIFF_LINES:
        lines = [*lines[:DIFF_LINES], f"... {len(lines) - DIFF_LINES} more lines"]
    return "\n".join(lines)


def reordered(release: Sequence[NotebookNode], given: Sequence[Cell]) -> list[Tampering]:
    known = [g for g in map(grade_id_of, release) if g]
    there = list(dict.fromkeys(c.grade_id for c in given if c.grade_id in set(known)))
    usual = [g for g in known if g in set(there)]
    if there == usual:
        return []
    where = next(a for a, b in zip(there, usual, strict=True) if a != b)
    return [
        Tampering(
            where,
            "cells stand in another order; they were run in the original one",
            diff("\n".join(usual), "\n".join(there), "order of cells"),
        )
    ]


def strangers(release: Sequence[NotebookNode], given: Sequence[Cell]) -> list[str]:
    """Notes on code cells without a `grade_id`: the learner's additions, and demonstrations of the notebook that were edited."""
    known = {g for g in map(grade_id_of, release) if g}
    demos = [c for c in release if c.cell_type == "code" and not grade_id_of(c)]
    left = [c for c in given if c.cell_type == "code" and c.grade_id not in known and c.source.strip()]
    ids, sources = {str(c.get("id", "")) for c in demos} - {""}, {plain(c.source) for c in demos}
    added = [c for c in left if plain(c.source) not in sources and c.id not in ids and "injected-parameters" not in c.metadata.tags]
    edited = [c for c in left if plain(c.source) not in sources and c.id in ids]
    notes = []
    if added:
        notes.append(
            f"{count(len(added), 'cell')} that you added {was(len(added))} not run: put helper functions into the solution cells."
        )
    if edited:
        notes.append(
            f"{count(len(edited), 'cell')} of the notebook's own {was(len(edited))} edited; the original {was(len(edited))} run."
        )
    return notes


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def was(number: int) -> str:
    return "was" if number == 1 else "were"


def parameters(notebook: NotebookNode, offered: Mapping[str, Any]) -> dict[str, Any]:
    """Of the `offered` values those that the release's own `parameters` cell assigns, so that nothing unknown is injected."""
    cell = next((c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])), None)
    if cell is None:
        return {}
    names = {node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return {name: value for name, value in offered.items() if name in names}
