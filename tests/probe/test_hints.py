from __future__ import annotations

from pathlib import Path

import pytest

from autograder import checks, hint, solution
from autograder.probe import progress
from autograder.probe.feedback import Hint
from autograder.probe.hints import source


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path))


def test_hints_come_one_after_the_other_and_the_last_one_stays(capsys: pytest.CaptureFixture[str]) -> None:
    hints = checks.find("1.1-retry").hints
    for number, text in [(1, hints[0]), (2, hints[1]), (3, hints[2]), (3, hints[2])]:
        hint("1.1-retry")
        shown = capsys.readouterr().out
        assert shown.startswith(f"Hint {number} of 3: {text}")
        assert ('solution("1.1-retry")' in shown) == (number == 3)


def test_code_in_a_hint_is_shown_as_code_and_nothing_else_as_markup() -> None:
    shown = Hint("Hint 1 of 3", "Compare `a < b` and <b>", "Last.")._repr_html_()
    assert "<code>a &lt; b</code>" in shown and "&lt;b&gt;" in shown and "Last." in shown


def test_the_solution_waits_for_an_attempt(capsys: pytest.CaptureFixture[str]) -> None:
    solution("1.1-gather")
    assert "First try it yourself" in capsys.readouterr().out
    progress.remember("1.1-gather", passed=False)
    solution("1.1-gather")
    shown = capsys.readouterr().out
    assert "asyncio.Semaphore(limit)" in shown and "BEGIN SOLUTION" not in shown


def test_an_unknown_exercise_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    hint("1.1-retri")
    solution("1.1-retri")
    assert capsys.readouterr().out.count("Did you mean 1.1-retry") == 2


def test_a_graded_run_gives_neither(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    progress.remember("1.1-gather", passed=False)
    monkeypatch.setenv("AUTOGRADER_GRADED", "1")
    hint("1.1-gather")
    solution("1.1-gather")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("exercise", checks.all_exercises(), ids=lambda exercise: exercise.id)
def test_every_solution_is_in_the_sources(exercise: checks.Exercise) -> None:
    compile(source(exercise.notebook, exercise.cell), exercise.id, "exec")


def test_what_is_not_in_the_sources_is_said() -> None:
    assert "are not in this copy" in source("9.9", "x")
    assert "has no solution cell 'x'" in source("1.1", "x")
