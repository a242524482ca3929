"""Whose processes a sandbox's are, seen from here."""

from __future__ import annotations

import contextlib
import os
import random
import stat
from collections.abc import Iterator
from pathlib import Path

FIRST_USER, LAST_USER = 64_000, 64_999
"""User ids lent to runs that root starts, one each, so that limits per user are limits per run. No system gives them to people."""
SANDBOX_USER = 1000
"""The user id shown inside when an ordinary user, or a root that cannot lend ids, starts the run."""


def lend_user() -> int:
    """An id of the range that no process runs under now."""
    taken = set()
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                taken.add(entry.stat().st_uid)
            except OSError:
                continue
    free = [user for user in range(FIRST_USER, LAST_USER + 1) if user not in taken]
    return random.SystemRandom().choice(free)


def hand_over(tree: Path, user: int, group: int) -> None:
    """Gives everything in `tree` to `user`, who can then open all of it; links are not followed, and no file keeps a set-user-id bit. Unix only."""
    for path in _everything(tree):
        _give(path, user, group)


def _everything(tree: Path) -> Iterator[Path]:
    """`tree` and what lies in it, a folder always before its contents; nothing recurses, and a path too long for the system is left out."""
    waiting = [tree]
    while waiting:
        path = waiting.pop()
        yield path
        with contextlib.suppress(OSError):
            if stat.S_ISDIR(os.lstat(path).st_mode):
                waiting += [path / name for name in os.listdir(path)]


def _give(path: Path, user: int, group: int) -> None:
    try:
        status = os.lstat(path)
        if status.st_uid != user or status.st_gid != group:
            os.chown(path, user, group, follow_symlinks=False)
        if not stat.S_ISLNK(status.st_mode):
            wanted = stat.S_IMODE(status.st_mode) & ~0o6000 | (0o700 if stat.S_ISDIR(status.st_mode) else 0o600)
            if wanted != stat.S_IMODE(status.st_mode):
                os.chmod(path, wanted)
    except OSError:
        return


def open_for_reading(tree: Path) -> None:
    """Lets every user read `tree`, as a run under a lent id must; what is readable already is left alone."""
    for path in _everything(tree):
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            continue
        wanted = stat.S_IMODE(mode) | (0o555 if stat.S_ISDIR(mode) else 0o444)
        if wanted != stat.S_IMODE(mode):
            os.chmod(path, wanted)
