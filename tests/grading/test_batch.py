"""Many submissions at once, and what is left of a batch that was killed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.errors import UsageError
from autograder.grading import Options
from autograder.grading.batch import grade_batch
from autograder.paths import course_root
from autograder.sandbox import available

from . import tiny

pytestmark = [pytest.mark.sandbox, pytest.mark.skipif(not available(), reason=f"nothing isolates here: {available().why}")]

SCRIPT = """
import sys
from pathlib import Path
from autograder.grading import Options
from autograder.grading.batch import grade_batch
from tests.grading import tiny
from tests.grading.test_batch import register_light
if __name__ == "__main__":
    root, state = Path(sys.argv[1]), Path(sys.argv[2])
    register_light(root / "release")
    submissions = {path.name: path for path in sorted((root / "submissions").iterdir())}
    options = Options(seed=7, model="double:flaky", out=state / "reports", journal=state / "journal.sqlite", formats=("json",))
    for name, result in grade_batch(submissions, options, workers=2).items():
        assert result.graded is not None, result.error
"""
TIMES = ("finished", "seconds", "stages")
LEARNERS = 10
KILLS = 20


def register_light(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    tiny.register(folder)


def lay_out(root: Path, learners: int) -> dict[str, Path]:
    """Submissions that differ, some of them wrong."""
    found = {}
    for number in range(learners):
        folder = root / "submissions" / f"learner{number}"
        folder.mkdir(parents=True)
        nbformat.write(tiny.solved(add=f"def add(a, b):\n    return a + b + {number % 3}  # {number}"), folder / "tiny.ipynb")
        found[folder.name] = folder
    return found


def results(state: Path) -> dict[str, dict[str, Any]]:
    """Every report without its times."""
    reports = {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in state.glob("reports/*/report.json")}
    return {name: {key: value for key, value in report.items() if key not in TIMES} for name, report in reports.items()}


def graded_twice(journal: Path) -> list[tuple[Any, ...]]:
    """(submission, started, finished, process) of every run under a key that has more than one result."""
    twice = "SELECT key FROM results JOIN runs USING (run) GROUP BY key HAVING count(*) > 1"
    with sqlite3.connect(journal) as db:
        return db.execute(f"SELECT submission, started, finished, pid FROM results JOIN runs USING (run) WHERE key IN ({twice})").fetchall()


def scores(found: Mapping[str, Any]) -> dict[str, float]:
    return {name: result.graded.report.score for name, result in found.items()}


def test_each_is_graded_on_its_own_and_a_second_batch_takes_what_is_there(tiny_course: None, tmp_path: Path) -> None:
    submissions = lay_out(tmp_path, 3)
    options = Options(seed=7, model="double:flaky", out=tmp_path / "reports", journal=tmp_path / "journal.sqlite", formats=("json",))
    heard = []
    first = grade_batch(submissions, options, workers=2, done=heard.append)
    assert scores(first) == {"learner0": 4.0, "learner1": 2.0, "learner2": 2.0}
    assert sorted(result.name for result in heard) == sorted(submissions)
    again = grade_batch(submissions, options, workers=2)
    assert [result.graded.reused for result in again.values() if result.graded] == [True] * 3
    assert scores(again) == scores(first)


def test_the_same_notebook_handed_in_twice_has_one_score_and_two_names(tiny_course: None, tmp_path: Path) -> None:
    submissions = lay_out(tmp_path, 1) | {"copied": tmp_path / "copied"}
    shutil.copytree(submissions["learner0"], submissions["copied"])
    options = Options(seed=7, model="double:flaky", out=tmp_path / "reports", journal=tmp_path / "journal.sqlite", formats=("json",))
    found = grade_batch(submissions, options, workers=1)
    assert scores(found) == {"learner0": 4.0, "copied": 4.0}
    assert [Path(report["submission"]).name for name, report in sorted(results(tmp_path).items())] == ["copied", "learner0"]
    assert [result.graded.reused for result in found.values() if result.graded] == [False, True]


def test_one_that_cannot_be_graded_is_one_sentence_and_the_rest_go_on(tiny_course: None, tmp_path: Path) -> None:
    submissions = lay_out(tmp_path, 2)
    (tmp_path / "elsewhere.ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook()), encoding="utf-8")
    submissions = {"nobody": tmp_path / "elsewhere.ipynb", **submissions}
    found = grade_batch(submissions, Options(seed=7, model="double:flaky", out=tmp_path / "r", journal=tmp_path / "j.sqlite"), workers=1)
    assert "not clear which assignment" in found["nobody"].error
    assert found["learner0"].graded is not None and found["learner1"].graded is not None


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\0b"])
def test_a_name_is_never_a_path(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be the name"):
        grade_batch({name: tmp_path}, Options(seed=7))


@pytest.mark.slow
def test_kill_9_at_twenty_moments_changes_nothing_and_grades_nothing_twice(tmp_path: Path) -> None:
    lay_out(tmp_path, LEARNERS)
    began = time.monotonic()
    assert start(tmp_path, tmp_path / "undisturbed").wait() == 0
    whole = time.monotonic() - began
    undisturbed = results(tmp_path / "undisturbed")
    assert len(undisturbed) == LEARNERS
    draw = random.Random(20)
    kills = rounds = 0
    while kills < KILLS:
        state = tmp_path / f"round{rounds}"
        rounds += 1
        while True:
            began, fresh = time.monotonic(), not state.exists()
            batch = start(tmp_path, state)
            try:
                assert batch.wait(timeout=draw.uniform(0.1, 1.0) * whole if kills < KILLS else None) == 0
                if fresh:  # nobody was in time to kill it: the machine has less to do by now
                    whole = min(whole, time.monotonic() - began)
                break
            except subprocess.TimeoutExpired:
                os.kill(batch.pid, signal.SIGKILL)
                batch.wait()
                kills += 1
        assert results(state) == undisturbed
        assert graded_twice(state / "journal.sqlite") == []


def start(root: Path, state: Path) -> subprocess.Popen[bytes]:
    state.mkdir(exist_ok=True)
    script = root / "batch.py"
    script.write_text(SCRIPT, encoding="utf-8")
    return subprocess.Popen([sys.executable, str(script), str(root), str(state)], env={**os.environ, "PYTHONPATH": str(course_root())})
