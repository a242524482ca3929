"""What the learner has tried and passed, in one small SQLite file in the cache folder. Losing it loses no work."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

SCHEMA = """
create table if not exists attempts (exercise text not null, at real not null, passed integer not null);
create table if not exists hints (exercise text primary key, shown integer not null);
"""


def where() -> Path:
    from ..paths import home

    return home() / "progress.sqlite"


@contextlib.contextmanager
def opened() -> Iterator[sqlite3.Connection | None]:
    """The database, or None where it cannot be written: progress is a convenience and never stops a check."""
    try:
        where().parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(where(), timeout=1.0)
        connection.executescript(SCHEMA)
    except (sqlite3.Error, OSError):
        yield None
        return
    try:
        with contextlib.suppress(sqlite3.Error), connection:
            yield connection
    finally:
        connection.close()


def remember(exercise: str, *, passed: bool) -> None:
    """Note an attempt."""
    with opened() as db:
        if db is not None:
            db.execute("insert into attempts values (?, ?, ?)", (exercise, time.time(), int(passed)))


def attempts(exercise: str) -> int:
    """How often a written solution of this exercise was checked."""
    with opened() as db:
        if db is not None:
            return int(db.execute("select count(*) from attempts where exercise = ?", (exercise,)).fetchone()[0])
    return 0


def next_hint(exercise: str, last: int) -> int:
    """The number of the hint to show now, from 0; stays at `last` once all were shown."""
    with opened() as db:
        if db is not None:
            row = db.execute("select shown from hints where exercise = ?", (exercise,)).fetchone()
            now = min(row[0] if row else 0, last)
            db.execute("insert or replace into hints values (?, ?)", (exercise, now + 1))
            return int(now)
    return 0


def passed() -> dict[str, float]:
    """Exercise -> when it was first passed (seconds since the epoch)."""
    with opened() as db:
        if db is not None:
            rows = db.execute("select exercise, min(at) from attempts where passed group by exercise").fetchall()
            return {str(exercise): float(at) for exercise, at in rows}
    return {}


def first() -> float | None:
    """When the first check was run (seconds since the epoch); None before that."""
    with opened() as db:
        if db is not None:
            found = db.execute("select min(at) from attempts").fetchone()[0]
            return None if found is None else float(found)
    return None
