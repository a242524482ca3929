from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import SaveCells

from autograder.authoring.problem import SourceError
from autograder.authoring.release import release
from autograder.authoring.source import Source
from tests.authoring.fixtures import ANSWER, FRONT, body, code, source


def cell(source: Source, name: str) -> str:
    return str(next(c.source for c in release(source).cells if c.id == name))


def test_the_stub_keeps_the_docstring_and_says_what_is_to_be_done(small: Source) -> None:
    assert cell(small, "rate").splitlines() == [
        "def tokens_per_second(reply):",
        '    """What it does."""',
        "    # YOUR CODE HERE",
        '    raise NotImplementedError("0.1-rate: write tokens_per_second, then run the check below")',
    ]


def test_an_async_function_and_a_helper_inside_the_region(tmp_path: Path) -> None:
    lines = ["async def both(x):", "    ### BEGIN SOLUTION", "    return await helper(x)", "", "async def helper(x):", "    return x", "    ### END SOLUTION"]
    stub = cell(source(tmp_path, body(code("\n".join(lines), ":tags: [solution]\n:id: both\n\n"))), "both")
    assert "write both, then run the cells below again" in stub and "helper" not in stub
    ast.parse(stub)


def test_a_region_on_the_top_level_names_its_cell(tmp_path: Path) -> None:
    text = "LIMIT = 3\n### BEGIN SOLUTION\nlimits = [LIMIT]\n### END SOLUTION"
    assert "write the cell limits" in cell(source(tmp_path, body(code(text, ":tags: [solution]\n:id: limits\n\n"))), "limits")


def test_a_written_answer_becomes_an_empty_one(tmp_path: Path) -> None:
    assert cell(source(tmp_path, body(ANSWER)), "why") == "YOUR ANSWER HERE"


def test_outputs_hidden_tests_and_jupytexts_metadata_are_gone(tmp_path: Path) -> None:
    hidden = code('check("0.1-rate")', ":tags: [check]\n\n")
    notebook = release(source(tmp_path, body(hidden)))
    assert set(notebook.metadata) == {"kernelspec", "language_info", "autograder"}
    assert all(not c.get("outputs") and c.get("execution_count") is None for c in notebook.cells)


def test_the_graders_cells_are_locked(small: Source) -> None:
    cells = {c.id: c for c in release(small).cells}
    assert cells["check-rate"].metadata.editable is False and cells["check-rate"].metadata.deletable is False
    assert "editable" not in cells["rate"].metadata


def test_it_is_the_same_at_every_build(small: Source) -> None:
    assert nbformat.writes(release(small)) == nbformat.writes(release(Source(small.path, small.root)))


def test_nbgrader_accepts_it_and_its_gradebook_learns_the_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # nbgrader calls alembic
    notebook = release(source(tmp_path, body(code('check("0.1-rate")', ":tags: [check]\n\n"), ANSWER)))
    MetadataValidator().validate_nb(notebook)
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with Gradebook(url) as gradebook:
        gradebook.add_assignment("0.1")
    SaveCells().preprocess(notebook, {"nbgrader": {"assignment": "0.1", "notebook": "0_1_small", "db_url": url}})
    with Gradebook(url) as gradebook:
        cells = gradebook.find_notebook("0_1_small", "0.1").grade_cells
        assert {c.name: (c.max_score, c.cell_type) for c in cells} == {"check-rate": (4, "code"), "why": (3, "markdown")}


@pytest.mark.parametrize("end", ["", "    ### BEGIN SOLUTION\n    ### END SOLUTION\n"])
def test_an_unclosed_or_nested_region_is_refused(tmp_path: Path, end: str) -> None:
    text = f"def f():\n    ### BEGIN SOLUTION\n    return 1\n{end}"
    with pytest.raises(SourceError, match="nbgrader refuses it"):
        release(source(tmp_path, body(code(text, ":tags: [solution]\n:id: f\n\n"))))


def test_a_solution_outside_a_solution_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Solution region detected in a non-solution cell"):
        release(source(tmp_path, body(code("### BEGIN SOLUTION\nx = 1\n### END SOLUTION"))))


@pytest.mark.parametrize(
    ("front", "field"),
    [
        (FRONT.replace("minutes: 5\n", ""), "minutes"),
        (FRONT.replace("minutes", "minuets"), "minutes"),
        (FRONT.replace("minutes: 5", "minutes: 5\nmood: grey"), "mood"),
    ],
)
def test_front_matter_that_lacks_or_adds_something_is_refused(tmp_path: Path, front: str, field: str) -> None:
    with pytest.raises(SourceError, match=f"front matter's '{field}'"):
        release(source(tmp_path, front + "# 0.1 Small\n"))
