"""One set-up at a time in a clone. Standard library only; also read by old Pythons."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from .steps import Steps

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt

_POLL_SECONDS = 0.2


@contextlib.contextmanager
def alone(folder: Path, steps: Steps) -> Iterator[int]:
    """Holds `folder/setup.lock`; the system lets go of it when the last process that has it open ends, however it ends.
    Yields the file's descriptor: a child that inherits it keeps others waiting until it ends too, even if this process was killed."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(str(folder / "setup.lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _taken(descriptor):
            steps.say("Another start is setting this clone up; waiting for it.")
            while not _taken(descriptor):
                time.sleep(_POLL_SECONDS)
        yield descriptor
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        if os.name == "posix":
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True
