"""The journal: every graded run, append-only, in one SQLite file that survives `kill -9` at any moment.

A run is a row in `runs` when it starts and a row in `results` when it ends; both are only ever inserted (triggers hold
that). A start without a result is a run that was cut off: it is simply graded again.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from ..paths import course_root, datasets, home
from ..reports.report import Report
from .errors import JournalError

TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    run INTEGER PRIMARY KEY, key TEXT NOT NULL, assignment TEXT NOT NULL, submission TEXT NOT NULL,
    seed INTEGER NOT NULL, started TEXT NOT NULL, pid INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS results (
    run INTEGER PRIMARY KEY REFERENCES runs(run), finished TEXT NOT NULL, report TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS runs_by_key ON runs(key);
"""
APPEND_ONLY = """
CREATE TRIGGER IF NOT EXISTS {table}_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""


@dataclass(frozen=True, slots=True)
class Key:
    """What a score depends on. Two runs with the same key have the same score."""

    assignment: str
    submission: str
    seed: int
    model: str
    mode: str
    sandbox: str

    def digest(self) -> str:
        parts = (
            self.assignment,
            self.submission,
            str(self.seed),
            self.model,
            self.mode,
            self.sandbox,
            grader_digest(),
            environment_digest(),
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def grader_digest() -> str:
    """SHA-256 over what forms a verdict: the package's files, the release notebooks and the data sets."""
    roots = (course_root() / "autograder", course_root() / "phases", course_root() / "milestones", datasets())
    total = hashlib.sha256()
    for path in sorted(p for root in roots for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        total.update(path.relative_to(course_root()).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


@cache
def environment_digest() -> str:
    lock = course_root() / "requirements.lock"
    pinned = lock.read_bytes() if lock.is_file() else b""
    return hashlib.sha256(pinned + f"{platform.python_version()} {platform.system()} {platform.machine()}".encode()).hexdigest()


class Journal:
    """Opened per use; several processes may write to the same file at once. Raises `JournalError`."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or home() / "journal.sqlite"

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self.failed(error) from None
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.executescript(TABLES)
            for table in ("runs", "results"):
                for verb in ("UPDATE", "DELETE"):
                    connection.execute(APPEND_ONLY.format(table=table, verb=verb))
            yield connection
        except sqlite3.Error as error:
            raise self.failed(error) from None
        finally:
            connection.close()

    def failed(self, error: Exception) -> JournalError:
        return JournalError(
            f"The journal {self.path} cannot be used ({error}).",
            "Free some disk space, check its permissions, or set AUTOGRADER_HOME to a folder that can be written.",
        )

    def find(self, key: Key) -> Report | None:
        """The last finished report under this key."""
        with self.open() as db:
            found = db.execute(
                "SELECT report FROM results JOIN runs USING (run) WHERE key = ? ORDER BY run DESC LIMIT 1", [key.digest()]
            ).fetchone()
        return Report.from_json(found[0]) if found else None

    def start(self, key: Key, submission: str) -> int:
        """Note that a run has begun; returns its number."""
        with self.open() as db:
            row = (key.digest(), key.assignment, submission, key.seed, now(), os.getpid())
            cursor = db.execute("INSERT INTO runs (key, assignment, submission, seed, started, pid) VALUES (?, ?, ?, ?, ?, ?)", row)
            return int(cursor.lastrowid or 0)

    def finish(self, run: int, report: Report, *, first_stands: bool = False) -> Report:
        """Store what a run came to, in one transaction; returns the report that stands.

        With `first_stands` that is the one another process has stored under the same key in the meantime, if one has: a batch that was
        killed and started again may meet a worker of the old one that had not died yet.
        """
        earlier = """SELECT report FROM results JOIN runs USING (run)
                     WHERE key = (SELECT key FROM runs WHERE run = ?) ORDER BY run LIMIT 1"""
        with self.open() as db:
            db.execute("BEGIN IMMEDIATE")
            found = db.execute(earlier, [run]).fetchone() if first_stands else None
            if found is None:
                db.execute("INSERT INTO results (run, finished, report) VALUES (?, ?, ?)", (run, report.finished, report.as_json()))
            db.execute("COMMIT")
        return report if found is None else Report.from_json(found[0])

    def history(self, assignment: str, submission: str, limit: int = 30) -> list[Report]:
        """The last finished reports of one submission of an assignment, oldest first."""
        query = """SELECT report FROM results JOIN runs USING (run)
                   WHERE assignment = ? AND submission = ? ORDER BY run DESC LIMIT ?"""
        with self.open() as db:
            found = db.execute(query, [assignment, submission, limit]).fetchall()
        return [Report.from_json(text) for (text,) in reversed(found)]

    def latest(self, assignment: str, limit: int = 200) -> list[Report]:
        """The last finished reports of an assignment, whosever submission, oldest first."""
        query = "SELECT report FROM results JOIN runs USING (run) WHERE assignment = ? ORDER BY run DESC LIMIT ?"
        with self.open() as db:
            found = db.execute(query, [assignment, limit]).fetchall()
        return [Report.from_json(text) for (text,) in reversed(found)]


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
