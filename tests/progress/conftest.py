from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from autograder.probe import progress

Log = Callable[..., None]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner who has done nothing yet."""
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def attempt() -> Log:
    """Notes an attempt at noon of an earlier day."""

    def note(exercise: str, *, days_ago: int = 0, passed: bool = True) -> None:
        at = datetime.combine(date.today() - timedelta(days=days_ago), time(12))
        progress.remember(exercise, passed=passed)
        with sqlite3.connect(progress.where()) as db:
            db.execute("update attempts set at = ? where rowid = (select max(rowid) from attempts)", (at.timestamp(),))

    return note
