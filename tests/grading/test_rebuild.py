from __future__ import annotations

import json
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grading.notebook import Notebook, read_notebook
from autograder.grading.rebuild import Rebuilt, parameters, rebuild


def graded(grade_id: str, source: str, **flags: bool) -> NotebookNode:
    data = {"grade_id": grade_id, "solution": False, "grade": False, "locked": True, "schema_version": 3, **flags}
    return new_code_cell(source, metadata={"nbgrader": data}, id=grade_id)


def release() -> NotebookNode:
    stub = "def double(x):\n    raise NotImplementedError"
    return new_notebook(
        cells=[
            new_markdown_cell("# Title", id="title"),
            new_code_cell('MODEL = "a"', metadata={"tags": ["parameters"]}, id="params"),
            new_code_cell("import math", id="demo"),
            graded("double", stub, solution=True, locked=False),
            graded("check-double", 'check("double")', grade=True),
            new_markdown_cell("YOUR ANSWER", metadata={"nbgrader": {"grade_id": "why", "solution": True, "grade": True}}, id="why"),
            graded("hand-in", "hand_in(double)"),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


def submitted(change: Any = lambda notebook: None) -> Notebook:
    notebook = release()
    notebook.cells[3].source = "def double(x):\n    return 2 * x"
    change(notebook)
    return read_notebook(json.dumps(notebook).encode(), "work.ipynb")


def run(change: Any = lambda notebook: None) -> Rebuilt:
    return rebuild(release(), submitted(change))


def sources(rebuilt: Rebuilt) -> dict[str, str]:
    return {cell.id: cell.source for cell in rebuilt.notebook.cells}


def test_the_learners_source_is_transplanted_and_nothing_is_reported() -> None:
    rebuilt = run()
    assert sources(rebuilt)["double"] == "def double(x):\n    return 2 * x"
    assert rebuilt.tampering == () and rebuilt.notes == ()


def test_written_answers_are_transplanted_too() -> None:
    assert sources(run(lambda n: n.cells[5].update(source="Because.")))["why"] == "Because."


def test_metadata_outputs_and_kernelspec_of_the_submission_are_dropped() -> None:
    def change(notebook: NotebookNode) -> None:
        notebook.metadata.kernelspec = {"name": "no-such-kernel", "display_name": "x"}
        notebook.cells[3].metadata.tags = ["skip-execution"]
        notebook.cells[3].outputs = [{"output_type": "stream", "name": "stdout", "text": "42"}]

    rebuilt = run(change)
    assert rebuilt.notebook.metadata.kernelspec["name"] == "python3"
    assert "tags" not in rebuilt.notebook.cells[3].metadata and rebuilt.notebook.cells[3].outputs == []
    assert rebuilt.tampering == ()


def test_a_changed_check_is_put_back_and_shown_as_a_diff() -> None:
    rebuilt = run(lambda n: n.cells[4].update(source="print('passed')"))
    assert sources(rebuilt)["check-double"] == 'check("double")'
    (found,) = rebuilt.tampering
    assert found.cell == "check-double" and "-check(\"double\")" in found.diff and "+print('passed')" in found.diff


def test_a_deleted_a_converted_and_a_duplicated_check_are_put_back() -> None:
    def delete(n: NotebookNode) -> None:
        del n.cells[4]

    def convert(n: NotebookNode) -> None:
        n.cells[4].cell_type = "markdown"

    def duplicate(n: NotebookNode) -> None:
        n.cells.insert(5, n.cells[4])

    for change, word in ((delete, "deleted"), (convert, "markdown"), (duplicate, "2 times")):
        rebuilt = run(change)
        assert [word in t.what for t in rebuilt.tampering] == [True], word
        assert [c.cell_type for c in rebuilt.notebook.cells] == [c.cell_type for c in release().cells]
        assert sources(rebuilt)["check-double"] == 'check("double")'


def test_a_run_tag_on_a_check_is_dropped_and_reported() -> None:
    rebuilt = run(lambda n: n.cells[4].metadata.update(tags=["skip-execution"]))
    assert "skip-execution" in rebuilt.tampering[0].what
    assert "skip-execution" not in rebuilt.notebook.cells[4].metadata.get("tags", [])


def test_another_order_is_reported_and_not_run() -> None:
    def swap(n: NotebookNode) -> None:
        n.cells[4], n.cells[6] = n.cells[6], n.cells[4]

    rebuilt = run(swap)
    assert [t.cell for t in rebuilt.tampering] == ["hand-in"]
    assert list(sources(rebuilt)) == [c.id for c in release().cells]


def test_windows_line_ends_are_not_tampering() -> None:
    assert run(lambda n: n.cells[4].update(source='check("double")  \r\n')).tampering == ()


def test_a_missing_solution_becomes_the_stub() -> None:
    def delete(n: NotebookNode) -> None:
        del n.cells[3]

    rebuilt = run(delete)
    assert "NotImplementedError" in sources(rebuilt)["double"]
    assert "missing" in rebuilt.notes[0] and rebuilt.tampering == ()


def test_of_two_copies_the_last_one_worked_on_counts() -> None:
    def copy(n: NotebookNode) -> None:
        n.cells.insert(4, graded("double", "def double(x):\n    return x + x", solution=True))
        n.cells.append(graded("double", release().cells[3].source, solution=True))

    rebuilt = run(copy)
    assert sources(rebuilt)["double"] == "def double(x):\n    return x + x"
    assert "3 times" in rebuilt.notes[0]


def test_added_and_edited_cells_are_noted_and_not_run() -> None:
    def change(n: NotebookNode) -> None:
        n.cells.append(new_code_cell("import os; os._exit(0)"))
        n.cells[2].source = "import math, cmath"

    rebuilt = run(change)
    assert len(rebuilt.notebook.cells) == len(release().cells)
    assert ["added" in rebuilt.notes[0], "edited" in rebuilt.notes[1]] == [True, True]


def test_only_parameters_the_release_knows_are_injected() -> None:
    assert parameters(release(), {"MODEL": "b", "SEED": 3}) == {"MODEL": "b"}
