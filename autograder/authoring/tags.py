"""Short cell tags become nbgrader metadata.

| tag | on | means |
|---|---|---|
| `solution` with `:id:` | code | the learner writes it; BEGIN/END SOLUTION enclose what is taken out |
| `check` | code | `check("1.1-retry")`: the exercise's points, locked |
| `locked` with `:id:` | any | the grader's own cell: shown, not to be edited |
| `answer` with `:id:` and `:points:` | Markdown | a written answer, marked by hand in formgrader |
| `parameters` | code | papermill's cell of values that a run may replace |
| `raises-exception` | code | an error is what this cell wants to show |
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any

from nbformat import NotebookNode

from .. import checks
from ..errors import UsageError
from .problem import SourceError

OURS = ("solution", "check", "locked", "answer")
PASSED_ON = ("parameters", "raises-exception", "hide-input")
SCHEMA = 3
"""Of nbgrader's cell metadata."""
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
CHECK = re.compile(r"""check\(\s*["']([^"']+)["']\s*\)""")


def apply(notebook: NotebookNode, where: str) -> None:
    """Give every cell its final metadata and a cell id that stays the same as long as the cell does. Raises `SourceError`."""
    names: Counter[str] = Counter()
    for cell in notebook.cells:
        given = dict(cell.metadata)
        try:
            cell.metadata = metadata(cell, given)
        except ValueError as error:
            raise SourceError(f"{where}, cell {cell.source.strip().splitlines()[0][:60]!r}: {error}.") from None
        cell["id"] = cell_id(cell, names)


def metadata(cell: NotebookNode, given: dict[str, Any]) -> dict[str, Any]:
    """What replaces the short form. Raises `ValueError`."""
    tags = list(given.pop("tags", []))
    ours = [tag for tag in tags if tag in OURS]
    kept = [tag for tag in tags if tag in PASSED_ON]
    if unknown := sorted(set(tags) - set(OURS) - set(PASSED_ON)):
        raise ValueError(f"unknown tag {unknown[0]!r}; there are {', '.join(OURS + PASSED_ON)}")
    if len(ours) > 1:
        raise ValueError(f"{' and '.join(ours)} exclude each other")
    found: dict[str, Any] = {"tags": kept} if kept else {}
    if ours:
        found["nbgrader"] = nbgrader(ours[0], cell, given)
    if given:
        raise ValueError(f"unknown option {sorted(given)[0]!r}")
    return found


def nbgrader(tag: str, cell: NotebookNode, given: dict[str, Any]) -> dict[str, Any]:
    """nbgrader's metadata; takes what it uses out of `given`."""
    wanted = "markdown" if tag == "answer" else "code"
    if cell.cell_type != wanted and tag != "locked":
        raise ValueError(f"a {tag} cell is a {wanted} cell")
    graded = tag in ("check", "answer")
    written = tag in ("solution", "answer")
    name, points = named(tag, cell, given)
    data = {"grade": graded, "solution": written, "locked": not written, "task": False, "grade_id": name, "schema_version": SCHEMA}
    return data | ({"points": points} if graded else {})


def named(tag: str, cell: NotebookNode, given: dict[str, Any]) -> tuple[str, float]:
    """(grade_id, points): a check is called after its exercise and worth what its criteria are worth together."""
    if tag == "check":
        call = CHECK.fullmatch(cell.source.strip())
        if call is None:
            raise ValueError('a check cell holds check("<exercise>") and nothing else')
        try:
            exercise = checks.find(call[1])
        except UsageError as error:
            raise ValueError(str(error).rstrip(".")) from None
        return f"check-{exercise.cell}", sum(prop.criterion.max_score for prop in exercise)
    name = str(given.pop("id", ""))
    if not ID.fullmatch(name):
        raise ValueError(f"a {tag} cell needs an :id: of letters, digits, - and _")
    points = given.pop("points", 0) if tag == "answer" else 0
    if tag == "answer" and not (isinstance(points, int | float) and points > 0):
        raise ValueError("a written answer needs its points")
    return name, float(points)


def cell_id(cell: NotebookNode, names: Counter[str]) -> str:
    """The grade_id, or a digest of the content: inserting a cell leaves the ids of all others alone."""
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    if not name:
        name = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:10]
    names[name] += 1
    return name if names[name] == 1 else f"{name}-{names[name]}"
