from __future__ import annotations

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.authoring.numbers import figures, unfounded


def notebook(prose: str, printed: str = "success 72.7% after 1,250 ms") -> NotebookNode:
    code = new_code_cell("rate = 0.3\nmeasure(rate)", outputs=[new_output("stream", name="stdout", text=printed)])
    return new_notebook(cells=[new_markdown_cell("Before anything ran: 99 %."), code, new_markdown_cell(prose)])


@pytest.mark.parametrize("prose", ["It succeeds in 72.7 % of cases.", "It takes 1250 ms.", "It takes 1,250 ms.", "A rate of 0.3.", "No figure at all."])
def test_a_figure_that_was_printed_or_set_in_code_is_founded(prose: str) -> None:
    assert unfounded(notebook(prose), []) == []


@pytest.mark.parametrize(
    ("prose", "figure"),
    [("It succeeds in 72.8 % of cases.", "72.8 %"), ("About 12 tokens/s.", "12 tokens/s"), ("It took 5 s.", "5 s"), ("A mean of 0.31.", "0.31")],
)
def test_a_figure_that_the_run_did_not_print_is_named(prose: str, figure: str) -> None:
    assert unfounded(notebook(prose), []) == [figure]


def test_the_front_matter_can_list_plain_constants() -> None:
    assert unfounded(notebook("Clients that knock every 100 ms."), ["100 ms"]) == []


def test_the_story_and_what_is_code_or_a_reference_is_left_alone() -> None:
    story = "**What this looked like in production.** It took 10 seconds."
    assert unfounded(notebook(f"See notebook 2.2 and `timeout=0.25`, $x = 0.5$.\n\n{story}"), []) == []


def test_status_codes_years_and_counts_are_no_measurements() -> None:
    assert list(figures("429 and 503 in 2026; 40 calls; section 3; 6.")) == []
