"""Seeded leaks: a line of the solution put into each place where one could end up."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.authoring import leaks
from autograder.authoring.release import release, with_metadata
from autograder.authoring.source import Source
from tests.authoring.fixtures import ANSWER, CHECK, IMPORTS, RATE, body, code, source

LINE = 'secret_number = sum(map(ord, "warehouse"))'


def found(source: Source, notebook: NotebookNode) -> list[str]:
    return [str(problem) for problem in leaks.audit(source, notebook)]


def test_a_clean_release_has_no_leaks(small: Source) -> None:
    assert found(small, release(small)) == []


def in_prose(notebook: NotebookNode) -> None:
    notebook.cells[0].source += f"\n\nTry `{LINE}`."


def reformatted(notebook: NotebookNode) -> None:
    notebook.cells[-1].source += "\n# secret_number=sum( map(ord,'warehouse') )"


def over_two_lines(notebook: NotebookNode) -> None:
    notebook.cells[-1].source += '\nsecret_number = sum(\n    map(ord, "warehouse"))'


def in_cell_metadata(notebook: NotebookNode) -> None:
    notebook.cells[1].metadata["note"] = {"deep": ["x", LINE]}


def in_the_name_of_metadata(notebook: NotebookNode) -> None:
    notebook.metadata[LINE] = True


def in_notebook_metadata(notebook: NotebookNode) -> None:
    notebook.metadata["autograder"]["reference"] = f"def f():\n    {LINE}"


def in_an_output(notebook: NotebookNode) -> None:
    notebook.cells[1].outputs = [new_output("stream", name="stdout", text=LINE)]


def in_a_rich_output(notebook: NotebookNode) -> None:
    notebook.cells[1].outputs = [new_output("display_data", data={"text/html": f"<pre>{LINE}</pre>"})]


def in_an_attachment(notebook: NotebookNode) -> None:
    notebook.cells[0]["attachments"] = {"notes.txt": {"text/plain": base64.b64encode(LINE.encode()).decode()}}


PLACES = [
    *(in_prose, reformatted, over_two_lines),
    *(in_cell_metadata, in_the_name_of_metadata, in_notebook_metadata),
    *(in_an_output, in_a_rich_output, in_an_attachment),
]


@pytest.mark.parametrize("seed_leak", PLACES, ids=lambda place: place.__name__)
def test_a_line_of_the_solution_is_found_wherever_it_is(small: Source, seed_leak: Callable[[NotebookNode], None]) -> None:
    notebook = release(small)
    seed_leak(notebook)
    assert any("shows a line of the solution" in problem and "secret_number" in problem for problem in found(small, notebook))


def test_the_solution_notebook_itself_is_one_big_leak(small: Source) -> None:
    assert found(small, with_metadata(small))


def test_any_output_in_a_release_is_refused(small: Source) -> None:
    notebook = release(small)
    notebook.cells[1].outputs = [new_output("stream", name="stdout", text="42")]
    assert any("has outputs" in problem for problem in found(small, notebook))


def test_a_sample_answer_and_a_whole_cell_are_secret_too(tmp_path: Path) -> None:
    whole = code("hidden_figure = 31415 * 27182", ":tags: [solution]\n:id: whole\n\n")
    given = source(tmp_path, body(ANSWER, whole))
    notebook = release(given)
    assert found(given, notebook) == []
    notebook.cells[0].source += " Because the cache was warm that morning. hidden_figure = 31415 * 27182"
    assert len(found(given, notebook)) == 2


def test_hidden_tests_are_secret(tmp_path: Path) -> None:
    text = "### BEGIN HIDDEN TESTS\nassert tokens_per_second({}) == {}\n### END HIDDEN TESTS"
    assert list(leaks.secrets(source(tmp_path, body(code(text))).parsed().cells).values()) == ["assert tokens_per_second({}) == {}"]


def test_lines_that_anybody_writes_or_that_stand_outside_as_well_are_no_secret(tmp_path: Path) -> None:
    lines = ["if reply:", "    return None", "total_tokens = reply.count + 1", "return reply"]
    text = "\n    ".join(["def f(reply):", "### BEGIN SOLUTION", *lines, "### END SOLUTION"])
    shown = code("total_tokens = reply.count + 1")
    given = source(tmp_path, body(IMPORTS, code(text, ":tags: [solution]\n:id: f\n\n"), shown))
    assert leaks.secrets(given.parsed().cells) == {}


def test_two_regions_in_one_cell(tmp_path: Path) -> None:
    text = "### BEGIN SOLUTION\nfirst_secret = 12345\n### END SOLUTION\nshown = 1\n### BEGIN SOLUTION\nsecond_secret = 12345\n### END SOLUTION"
    given = source(tmp_path, body(code(text, ":tags: [solution]\n:id: two\n\n"), RATE, CHECK))
    assert {"first_secret = 12345", "second_secret = 12345"} <= set(leaks.secrets(given.parsed().cells).values())
