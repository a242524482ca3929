"""What a learner meets who opens a release and runs it: no error before the first exercise, and checks that help."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.authoring import product
from autograder.authoring.execute import environment
from autograder.authoring.source import Source, every
from autograder.gateway import Gateway
from autograder.probe import progress

pytestmark = pytest.mark.model


def kind(cell: NotebookNode) -> str:
    data = cell.metadata.get("nbgrader", {})
    return "solution" if data.get("solution") and cell.cell_type == "code" else "check" if data.get("grade") else ""


def run(source: Source, cells: list[NotebookNode], scratch: Path, gateway: Gateway) -> list[NotebookNode]:
    """The cells with their outputs; an error does not stop the ones after it, as in JupyterLab."""
    notebook = nbformat.v4.new_notebook(cells=cells)
    work = scratch / "work"
    work.mkdir()
    client = NotebookClient(
        notebook,
        allow_errors=True,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(work)}},
        extra_arguments=["--Application.log_level=ERROR"],
    )
    client.execute(env=environment(source, scratch, gateway.url))
    return list(notebook.cells)


def uses_own_module(source: Source, cell: NotebookNode) -> bool:
    """Whether a cell of a milestone runs a module that is the learner's to write."""
    return source.milestone and cell.cell_type == "code" and "from qa." in cell.source


def errors(cell: NotebookNode) -> list[str]:
    return [f"{output.ename}: {output.evalue}" for output in cell.get("outputs", []) if output.output_type == "error"]


@pytest.mark.parametrize("source", list(every()), ids=lambda source: source.id)
def test_a_release_runs_to_its_first_exercise_and_every_check_helps(source: Source, tmp_path: Path, gateway: Gateway) -> None:
    cells = product.read(source.release).cells
    first = next((number for number, cell in enumerate(cells) if kind(cell) == "solution" or uses_own_module(source, cell)), len(cells))
    exercises = [] if source.milestone else [cell for cell in cells[first:] if kind(cell) in ("solution", "check")]
    chosen = cells[:first] + exercises
    done = run(source, chosen, tmp_path, gateway)
    assert [said for cell in done for said in errors(cell)] == []
    checks = [cell for cell in done if kind(cell) == "check"]
    for cell in checks:
        shown = "".join(product.texts(cell))
        exercise = cell.source.removeprefix('check("').removesuffix('")')
        assert "is not written yet" in shown and f'hint("{exercise}")' in shown


def test_the_page_to_start_on_runs_for_one_who_has_begun(tmp_path: Path, gateway: Gateway) -> None:
    source = next(one for one in every() if one.id == "0_start_here")
    (tmp_path / "home").mkdir()
    with sqlite3.connect(tmp_path / "home" / "progress.sqlite") as db:
        db.executescript(progress.SCHEMA)
        db.execute("insert into attempts values ('0.1-rate', ?, 1)", (time.time() - 5 * 86_400,))
    done = run(source, product.read(source.release).cells, tmp_path, gateway)
    assert [said for cell in done for said in errors(cell)] == []
    shown = "".join(text for cell in done for text in product.texts(cell))
    assert "1 of 2" in shown and "Day 6 of 90" in shown and 'class="passed"' in shown


def test_a_check_brings_hint_and_solution_along(tmp_path: Path, gateway: Gateway) -> None:
    source = next(one for one in every() if one.front.assignment == "0.1")
    code = ["from autograder import check", "solution = 'mine'", 'check("0.1-rate")', 'hint("0.1-rate")', "print(solution)"]
    done = run(source, [nbformat.v4.new_code_cell(text) for text in code], tmp_path, gateway)
    assert [said for cell in done for said in errors(cell)] == []
    assert "Hint 1 of 3" in done[3].outputs[0].data["text/plain"]
    assert done[4].outputs[0].text == "mine\n", "a name of the learner's own is left alone"


def test_a_check_in_a_kernel_shows_a_panel_and_a_text(tmp_path: Path, gateway: Gateway) -> None:
    source = next(one for one in every() if one.front.assignment == "0.1")
    code = [
        "from autograder import check, hint, solution",
        "def tokens_per_second(reply):\n    return {'prompt': 1 / 0, 'generation': None}",
        'check("0.1-rate")',
        'hint("0.1-rate")',
        'check("0.1-ratte")',
    ]
    done = run(source, [nbformat.v4.new_code_cell(text) for text in code], tmp_path, gateway)
    assert [said for cell in done for said in errors(cell)] == []
    panel = done[2].outputs[0].data
    for text in (panel["text/plain"], panel["text/html"]):
        assert "ZeroDivisionError: division by zero (line 2: return {" in text.replace("&#x27;", "'") and "Traceback" not in text
    hint = done[3].outputs[0].data
    assert hint["text/plain"].startswith("Hint 1 of 3") and "<b>Hint 1 of 3</b>" in hint["text/html"]
    assert "Did you mean 0.1-rate" in done[4].outputs[0].data["text/plain"]
