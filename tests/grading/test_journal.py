from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.grading.errors import JournalError
from autograder.grading.journal import Journal, Key
from autograder.reports.report import ModelUsed, Report
from autograder.verdict import Status

KEY = Key(assignment="1.1", submission="abc", seed=3, model="sha", mode="replay", sandbox="bubblewrap")


def report(score: float = 1.0) -> Report:
    return Report(
        assignment="1.1",
        submission="work.ipynb",
        seed=3,
        model=ModelUsed(tag="smollm2:135m", digest="sha"),
        status=Status.PASS,
        score=score,
        max_score=1.0,
        sandbox="bubblewrap",
        criteria=[],
    )


def test_a_finished_run_is_found_by_what_it_depends_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    assert journal.find(KEY) is None
    journal.finish(journal.start(KEY, "work.ipynb"), report())
    assert journal.find(KEY) == report().model_copy(update={"finished": journal.find(KEY).finished})  # type: ignore[union-attr]
    for name, value in [("seed", 4), ("submission", "abd"), ("model", "x"), ("mode", "live"), ("sandbox", "none"), ("assignment", "1.2")]:
        other = Key(**{**{f: getattr(KEY, f) for f in Key.__slots__}, name: value})  # type: ignore[arg-type]
        assert journal.find(other) is None, name


def test_a_started_run_without_a_result_counts_for_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.start(KEY, "work.ipynb")
    assert journal.find(KEY) is None


def test_the_last_result_stands_and_history_is_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    for score in (0.1, 0.2, 0.3):
        journal.finish(journal.start(KEY, "work.ipynb"), report(score))
    found = journal.find(KEY)
    assert found is not None and found.score == 0.3
    assert [r.score for r in journal.history("1.1", "work.ipynb", limit=2)] == [0.2, 0.3]
    assert journal.history("1.1", "somebody else's") == []


def test_of_two_processes_with_one_key_the_first_to_finish_stands_if_asked(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    old, new = journal.start(KEY, "work.ipynb"), journal.start(KEY, "work.ipynb")
    journal.finish(new, report(0.2), first_stands=True)
    assert journal.finish(old, report(0.1), first_stands=True).score == 0.2
    assert [r.score for r in journal.history("1.1", "work.ipynb")] == [0.2]


@pytest.mark.parametrize("statement", ["UPDATE results SET report = ''", "DELETE FROM runs", "DELETE FROM results"])
def test_nothing_that_was_written_can_be_changed(tmp_path: Path, statement: str) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.finish(journal.start(KEY, "work.ipynb"), report())
    db = sqlite3.connect(journal.path)
    with pytest.raises(sqlite3.Error, match="append-only"):
        db.execute(statement)
    db.close()


def test_an_unusable_journal_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(JournalError, match="AUTOGRADER_HOME"):
        Journal(path).find(KEY)


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_journal import KEY, report
from autograder.grading.journal import Journal
journal = Journal(Path(sys.argv[1]))
number = 0
while True:
    number += 1
    run = journal.start(KEY, str(number))
    print(number, flush=True)
    journal.finish(run, report(number / 1e6))
    print("finished", number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_kill_9_at_any_moment_loses_nothing_that_was_finished(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    script = WRITER.format(tests=str(Path(__file__).parent))
    promised = 0
    for lines in (1, 2, 3, 6, 9, 14):
        writer = subprocess.Popen([sys.executable, "-c", script, str(journal.path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(lines)]
        os.kill(writer.pid, signal.SIGKILL)
        said += writer.stdout.readlines()
        writer.wait()
        promised += sum(line.startswith("finished") for line in said)
        with journal.open() as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            (finished,) = db.execute("SELECT count(*) FROM results").fetchone()
            (torn,) = db.execute("SELECT count(*) FROM results LEFT JOIN runs USING (run) WHERE key IS NULL").fetchone()
        assert finished >= promised and torn == 0
    assert promised > 5
