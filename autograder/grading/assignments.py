"""Which assignments exist, and which of them a submission is: by `--assignment`, by its metadata, or by its file name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import nbformat
from nbformat import NotebookNode

from .. import rubrics
from ..paths import course_root
from ..rubrics import Rubric
from .errors import AssignmentError

FOLDERS = ("phases", "milestones")


@dataclass(frozen=True, slots=True)
class Assignment:
    """A pristine release notebook and the name of its rubric (`rubrics.load`)."""

    id: str
    release: Path
    rubric_name: str

    def rubric(self) -> Rubric:
        return rubrics.load(self.rubric_name)

    def notebook(self) -> NotebookNode:
        found: NotebookNode = nbformat.read(self.release, as_version=4)  # type: ignore[no-untyped-call]
        return found


REGISTERED: dict[str, Assignment] = {}


def register(assignment: Assignment) -> None:
    """Add an assignment that does not live in `phases/` or `milestones/`."""
    REGISTERED[assignment.id] = assignment


def known() -> dict[str, Assignment]:
    """Every assignment whose release notebook has been built, in the order of the course."""
    found = {}
    built = (path for folder in FOLDERS for path in sorted((course_root() / folder).rglob("*.ipynb")))
    for path in (p for p in built if ".ipynb_checkpoints" not in p.parts):
        name = json.loads(path.read_text(encoding="utf-8"))["metadata"].get("autograder", {}).get("assignment")
        if name:
            found[name] = Assignment(name, path, rubrics.reference(name))
    return found | REGISTERED


def find(name: str) -> Assignment:
    """Raises `AssignmentError` listing what there is."""
    there = known()
    if name not in there:
        raise AssignmentError(f"There is no assignment {name!r}.", listing(there))
    return there[name]


def recognise(wanted: str | None, metadata: str, file: str) -> Assignment:
    """The assignment a submission belongs to. Raises `AssignmentError` when it cannot be told."""
    if wanted:
        return find(wanted)
    there = known()
    if metadata in there:
        return there[metadata]
    by_file = guess(file)
    if by_file:
        return by_file
    raise AssignmentError(f"It is not clear which assignment {file!r} is.", f"Say it with --assignment. {listing(there)}")


def guess(file: str) -> Assignment | None:
    """The assignment whose release notebook has this file name."""
    return next((a for a in known().values() if a.release.name == PurePosixPath(file).name), None)


def listing(there: dict[str, Assignment]) -> str:
    return (
        f"Known assignments: {', '.join(there)}." if there else "No notebook has been built yet: run `python3 -m autograder build`."
    )
