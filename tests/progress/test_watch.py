"""`watch`: what it says of a notebook as it is saved, and when it looks."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.paths import course_root
from autograder.probe.hints import source
from autograder.progress import watch

RELEASE = course_root() / "phases/1_foundations/0_1_your_machine.ipynb"


def notebook(folder: Path, written: Mapping[str, str]) -> Path:
    """Notebook 0.1 with some of its solution cells replaced."""
    found = json.loads(RELEASE.read_text(encoding="utf-8"))
    for cell in found["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        cell["source"] = written.get(name, cell["source"])
    path = folder / RELEASE.name
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


def once(path: Path, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = watch.run(argparse.Namespace(path=path, once=True))
    return code, capfd.readouterr().out


def test_an_untouched_notebook_is_told_to_be_begun(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, said = once(notebook(tmp_path, {}), capfd)
    assert code == 1 and "tokens_per_second is not written yet" in said and 'hint("0.1-rate")' in said and "0.1-budget" not in said


def test_the_first_exercise_that_is_not_met_is_shown_and_no_further_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    wrong = "def timeout_for(prompt_tokens, answer_tokens, machine, *, margin=3.0, floor=5.0):\n    return floor"
    code, said = once(notebook(tmp_path, {"rate": source("0.1", "rate"), "budget": wrong}), capfd)
    assert code == 1 and "1 of 2 exercises of notebook 0.1 passed." in said
    assert said.index("✓ Both rates") < said.index("Smallest example found") < said.index('hint("0.1-budget")')


def test_a_notebook_that_is_done_says_what_comes_next(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, said = once(notebook(tmp_path, {name: source("0.1", name) for name in ("rate", "budget")}), capfd)
    assert code == 0 and "Every exercise of this notebook is met. Open phases/1_foundations/1_1_model_call.ipynb" in said


def test_a_cell_that_is_no_python_is_told_with_its_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, said = once(notebook(tmp_path, {"rate": "def tokens_per_second(reply):\n    return {"}), capfd)
    assert code == 1 and "line 2: '{' was never closed: return {" in said and "There is no tokens_per_second yet" in said


def test_a_notebook_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no notebook at"):
        watch.run(argparse.Namespace(path=tmp_path / "none.ipynb", once=True))


def test_it_looks_once_per_save_and_not_while_a_file_is_still_being_written(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text("1", encoding="utf-8")
    waits: list[str] = []
    writes = {3: "12", 4: "123", 6: "1234"}

    def wait(seconds: float) -> None:
        waits.append(path.read_text(encoding="utf-8"))
        if text := writes.get(len(waits)):
            path.write_text(text, encoding="utf-8")

    saves = watch.saves(path, wait)
    seen = [(next(saves), len(waits), path.read_text(encoding="utf-8"))[1:] for _ in range(3)]
    assert seen == [(1, "1"), (5, "123"), (7, "1234")]
