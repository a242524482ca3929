"""The two notebooks of a source, and a milestone's files: whether they are in step with it, and writing them."""

from __future__ import annotations

import copy
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import nbformat
from nbformat import NotebookNode

from . import companions, execute
from .problem import Problem
from .release import release, with_metadata
from .source import Source

Progress = Callable[[int, int], None]


def write_release(source: Source) -> bool:
    """Write what the learner receives as far as it is not in step; whether anything was written. Raises `SourceError`."""
    stale = list(stale_files(source))
    for path, content in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    wanted = release(source)
    if source.release.is_file() and read(source.release) == wanted:
        return bool(stale)
    write(wanted, source.release)
    return True


def stale_files(source: Source) -> Iterator[tuple[Path, bytes]]:
    """(where, what should stand there) of the released files that are missing or differ. Raises `SourceError`."""
    for name, content in companions.released(source).items():
        path = source.release.parent / name
        if not path.is_file() or path.read_bytes() != content:
            yield path, content


def complete(source: Source) -> NotebookNode:
    """The solution notebook before it is run, with the digest of the files it runs on."""
    wanted = with_metadata(source)
    if files := companions.digest(source):
        wanted.metadata["autograder"]["files"] = files
    return wanted


def write_solution(source: Source, *, record: bool = False, again: bool = False, progress: Progress = lambda done, total: None) -> str:
    """Write the executed solution notebook. Outputs are kept as long as no code cell changed. Raises `SourceError`.

    Returns "in step", "prose" when only text changed, or "executed".
    """
    wanted = complete(source)
    before = read(source.solution) if source.solution.is_file() else None
    if before is not None and not record and not again and runs_alike(before, wanted) and not flaws(source, before):
        if bare(before) == bare(wanted):
            return "in step"
        carry_over(before, wanted)
        write(wanted, source.solution)
        return "prose"
    execute.execute(source, wanted, record=record, on_cell=progress)
    write(wanted, source.solution)
    return "executed"


def out_of_step(source: Source) -> Iterator[Problem]:
    """What `build` would change, and what is wrong with the outputs. Nothing is executed."""
    mend = f"Run `python3 -m autograder build --only {source.id}`."
    products = [(source.release, release(source))]
    if not source.guide:
        products.append((source.solution, complete(source)))
    for path, _ in stale_files(source):
        yield Problem(path.relative_to(source.root).as_posix(), "is out of step with the solution's file of that name.", mend)
    for path, wanted in products:
        name = path.relative_to(source.root).as_posix()
        if not path.is_file():
            yield Problem(name, "has not been built.", mend)
            continue
        found = read(path)
        same = found == wanted if path == source.release else bare(found) == bare(wanted)
        if not same:
            yield Problem(name, f"is out of step with {source.name}.", mend)
        if path == source.solution:
            yield from (Problem(name, what, mend) for what in flaws(source, found))


def flaws(source: Source, notebook: NotebookNode) -> list[str]:
    """What must not be in an executed solution: errors, warnings, cells that did not run, places on the machine that built it."""
    found = []
    places = {str(source.root), str(Path.home()), tempfile.gettempdir() + os.sep} - {"/"}
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        where = f"cell {number} ({cell.source.strip().splitlines()[0][:50]!r})"
        if cell.execution_count is None:
            found.append(f"{where} was not executed.")
        expected = "raises-exception" in cell.metadata.get("tags", [])
        for output in cell.outputs:
            if output.output_type == "error" and not expected:
                found.append(f"{where} ends in {output.ename}: {output.evalue[:200]}.")
            if output.get("name") == "stderr":
                found.append(f"{where} writes to the standard error: {output.text.strip().splitlines()[-1][:200]!r}.")
        text = "\n".join(texts(cell))
        found += [f"{where} shows {place!r}, a place on the machine it was built on." for place in sorted(places) if place in text]
    return found


def texts(cell: NotebookNode) -> Iterator[str]:
    """All text among the outputs of a cell."""
    for output in cell.get("outputs", []):
        yield output.get("text", "")
        yield from (value for kind, value in output.get("data", {}).items() if kind.startswith("text/") and isinstance(value, str))


def code(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def runs_alike(before: NotebookNode, after: NotebookNode) -> bool:
    """Whether executing both would run the same code on the same files."""
    files = [notebook.metadata.get("autograder", {}).get("files") for notebook in (before, after)]
    return code(before) == code(after) and files[0] == files[1]


def bare(notebook: NotebookNode) -> NotebookNode:
    """A copy without what executing adds."""
    found = copy.deepcopy(notebook)
    for cell in found.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return found


def carry_over(before: NotebookNode, after: NotebookNode) -> None:
    """The outputs of `before`, whose code cells are the same, in `after`."""
    pairs = zip((c for c in before.cells if c.cell_type == "code"), (c for c in after.cells if c.cell_type == "code"), strict=True)
    for old, new in pairs:
        new.outputs, new.execution_count = old.outputs, old.execution_count


def read(path: Path) -> NotebookNode:
    return cast(NotebookNode, nbformat.read(path, as_version=4))  # type: ignore[no-untyped-call]


def write(notebook: NotebookNode, path: Path) -> None:
    nbformat.validate(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
