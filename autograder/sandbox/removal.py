"""Removing what a run left behind, however it is built: folders ten thousand deep, folders closed to everybody."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

LEFT_BEHIND = "ag-"
"""What the names of our temporary folders begin with; the id of the process that made them follows."""


def sweep() -> None:
    """Removes our temporary folders whose process was killed before it could."""
    for parent in {Path(tempfile.gettempdir()), Path("/tmp")}:
        for folder in parent.glob(f"{LEFT_BEHIND}*-*"):
            maker = folder.name.removeprefix(LEFT_BEHIND).partition("-")[0]
            with contextlib.suppress(OSError):
                if maker.isdigit() and not psutil.pid_exists(int(maker)) and (os.name != "posix" or folder.lstat().st_uid == os.getuid()):
                    remove_tree(folder)


def remove_tree(folder: Path) -> None:
    """Removes `folder` and everything in it; links are removed, not followed. What cannot be removed is left without a word.

    Each folder found is emptied into `folder` itself and then removed, so that no path gets long and nothing recurses.
    """
    if os.name != "posix":
        shutil.rmtree(folder, ignore_errors=True)
        return
    try:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            return
        root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        names = (f"removed-{number}" for number in itertools.count())
        while left := _entries(root):
            if not sum(_removed(root, name, names) for name in left):
                break
    finally:
        os.close(root)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _entries(descriptor: int) -> list[str]:
    try:
        return os.listdir(descriptor)
    except OSError:
        return []


def _removed(root: int, name: str, names: Iterator[str]) -> bool:
    """Removes one entry of `root`, its contents having been moved up into `root`; says whether anything changed."""
    try:
        os.unlink(name, dir_fd=root)
        return True
    except OSError:
        pass
    try:
        os.chmod(name, 0o700, dir_fd=root)
        inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=root)
    except OSError:
        return False
    moved = False
    try:
        for child in _entries(inner):
            moved = _moved_up(inner, child, root, names) or moved
    finally:
        os.close(inner)
    try:
        os.rmdir(name, dir_fd=root)
        return True
    except OSError:
        return moved


def _moved_up(inner: int, child: str, root: int, names: Iterator[str]) -> bool:
    try:
        os.unlink(child, dir_fd=inner)
        return True
    except OSError:
        pass
    try:
        os.chmod(child, 0o700, dir_fd=inner)
        os.rename(child, next(names), src_dir_fd=inner, dst_dir_fd=root)
        return True
    except OSError:
        return False
