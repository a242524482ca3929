from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring import shape
from autograder.authoring.source import Source
from tests.authoring.fixtures import CHECK, IMPORTS, RATE, body, code, source


def said(source: Source) -> str:
    return "\n".join(str(problem) for problem in shape.problems(source))


def test_a_notebook_opens_and_closes_as_all_do(small: Source) -> None:
    for words in ("will be able to", "You will have measured", "## Summary", "in production", "Where it leads", "cells; 30 to 50"):
        assert words in said(small)


def test_a_guide_needs_no_exercises_and_has_none(tmp_path: Path) -> None:
    nameless = body(code("print(1)")).replace('assignment: "0.1"\n', "")
    assert said(source(tmp_path, nameless)) == ""
    assert "has cells to solve and names no assignment" in said(source(tmp_path, nameless + RATE))


def test_each_exercise_has_its_cell_and_a_check_beneath_it(tmp_path: Path) -> None:
    assert "the exercise 0.1-rate has no solution cell" in said(source(tmp_path, body(IMPORTS)))
    assert "no check beneath the solution of 0.1-rate" in said(source(tmp_path, body(RATE, code("x = 1"), CHECK)))
    complete = said(source(tmp_path, body(RATE, CHECK)))
    assert "0.1-rate" not in complete and "0.1-budget has no solution cell" in complete


def test_a_solution_of_a_phase_notebook_belongs_to_an_exercise(tmp_path: Path) -> None:
    assert "the solution cell 'other' belongs to no exercise" in said(source(tmp_path, body(code("x = 1", ":tags: [solution]\n:id: other\n\n"))))


def test_an_exercise_without_enough_faults_and_alternatives_is_refused(small: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "seeded faults" not in said(small)
    monkeypatch.setattr("autograder.checks.audit.LEAST_MUTANTS", 50)
    assert "0.1-rate has 9 seeded faults and 2 alternatives; it needs 50 and 2" in said(small)


def test_an_exercise_without_a_notebook_is_named(small: Source) -> None:
    assert any("1.1-retry" in str(problem) for problem in shape.homeless([small]))


def test_a_long_cell_and_an_unknown_model_are_refused(tmp_path: Path) -> None:
    long = code("\n".join(f"x{n} = {n}" for n in range(26)))
    text = body(long).replace("needs: []", "needs: [gpt-17]")
    assert "has 26 lines of code" in said(source(tmp_path, text)) and "the model 'gpt-17'" in said(source(tmp_path, text))


def test_a_line_that_a_laptop_does_not_show_is_refused(tmp_path: Path) -> None:
    assert "a line of 120 characters" in said(source(tmp_path, body(code("x = '" + "a" * 114 + "'"))))


def test_lines_of_code_are_lines_that_hold_code() -> None:
    text = '''def f(x):
    """Docstring
    of two lines."""
    # a comment

    return (
        x
    )  # another
'''
    assert shape.code_lines(text) == 4


def test_statistics(small: Source) -> None:
    found = shape.measured(small)
    assert (found.cells, found.longest, found.pictures, found.exercises) == (5, 3, 0, 2)
    assert "0.1" in shape.table([small])
