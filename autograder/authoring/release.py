"""The release notebook: nbgrader's own preprocessors take out solutions, hidden tests and outputs, and lock what is the grader's."""

from __future__ import annotations

import ast
import logging

import nbformat
from nbformat import NotebookNode
from nbgrader.nbgraderformat import ValidationError
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

from .. import checks
from . import tags
from .problem import SourceError
from .source import Source

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
LANGUAGE = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "pygments_lexer": "ipython3",
    "codemirror_mode": {"name": "ipython", "version": 3},
    "nbconvert_exporter": "python",
}
"""Without a version: the notebook must not differ with the machine that built it."""
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


class Stubs(ClearSolutions):  # type: ignore[misc]
    """ClearSolutions with a stub per cell that says which function is not written yet."""

    def __init__(self, assignment: str) -> None:
        super().__init__()
        self.assignment = assignment

    def preprocess_cell(self, cell: NotebookNode, resources: dict[str, object], cell_index: int) -> tuple[NotebookNode, dict[str, object]]:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.cell_type == "code":
            self.code_stub = {"python": stub(self.assignment, name, cell.source)}
        found: tuple[NotebookNode, dict[str, object]] = super().preprocess_cell(cell, resources, cell_index)
        return found


def with_metadata(source: Source) -> NotebookNode:
    """The solution notebook before it is run: every cell of the source, with nbgrader's metadata. Raises `SourceError`."""
    notebook = source.parsed()
    front = source.front
    tags.apply(notebook, source.name)
    about = {**front.model_dump(exclude={"constants"}), "source": source.digest}
    notebook.metadata = {"kernelspec": KERNEL, "language_info": LANGUAGE, "autograder": about}
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def release(source: Source) -> NotebookNode:
    """Raises `SourceError` when nbgrader or nbformat refuses it."""
    notebook = with_metadata(source)
    resources: dict[str, object] = {}
    steps = (LockCells(), Stubs(source.front.assignment), ClearOutput(), ClearHiddenTests(), CheckCellMetadata(), ComputeChecksums())
    try:
        for step in steps:
            step.log = logging.getLogger("autograder.nbgrader")
            step.log.propagate = False
            notebook, resources = step.preprocess(notebook, resources)
        CheckCellMetadata().preprocess(notebook, resources)
        nbformat.validate(notebook)
    except (ValidationError, nbformat.ValidationError, RuntimeError, ValueError) as error:
        raise SourceError(f"{source.name}: nbgrader refuses it: {error}") from None
    return notebook


def stub(assignment: str, name: str, code: str) -> str:
    """What stands in place of a solution: an error that says what is to be done."""
    what = function_around(code) or f"the cell {name}"
    exercise = f"{assignment}-{name}"
    known = any(exercise == one.id for one in checks.of_notebook(assignment))
    todo = f"{exercise}: write {what}, then run the check below" if known else f"write {what}, then run the cells below again"
    return f'# YOUR CODE HERE\nraise NotImplementedError("{todo}")'


def function_around(code: str) -> str:
    """The function or class in whose body the first solution region begins; nothing for a region on the top level."""
    lines = code.splitlines()
    begin = next((number for number, line in enumerate(lines, start=1) if BEGIN in line), 0)
    if not begin or not lines[begin - 1].startswith((" ", "\t")):
        return ""
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.lineno <= begin <= (node.end_lineno or 0):
            return node.name
    return ""
