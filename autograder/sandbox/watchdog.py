"""Watches a run from outside and ends all of it when a limit is passed: time, memory, processes, disk."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from .limits import Limits
from .outcome import Outcome

TICK = 0.1
"""Seconds between two looks at the process tree; disk is looked at every tenth time."""


def tree(pid: int) -> list[psutil.Process]:
    """The process and all its descendants that are alive now."""
    try:
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


def memory(processes: list[psutil.Process]) -> int:
    """Bytes held by the processes together, shared pages counted once (at their largest)."""
    private, shared = 0, 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            facts = process.memory_info()
            common = getattr(facts, "shared", 0)
            private += facts.rss - common
            shared = max(shared, common)
    return private + shared


def tasks(processes: list[psutil.Process]) -> int:
    """Processes and their threads."""
    count = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            count += process.num_threads()
    return count


def disk(folder: Path) -> int:
    """Bytes below a folder, links not followed; what vanishes while we look counts nothing."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.lstat().st_blocks * 512
    return total


class Watchdog(threading.Thread):
    """Calls `kill` at most once, and keeps why in `outcome`."""

    def __init__(self, pid: int, work: Path, limits: Limits, kill: Callable[[], None]) -> None:
        super().__init__(daemon=True, name="sandbox-watchdog")
        self.pid, self.work, self.limits, self.kill = pid, work, limits, kill
        self.outcome = Outcome()
        self.peak_bytes = 0
        self.began = time.monotonic()
        self.done = threading.Event()

    def run(self) -> None:
        rounds = 0
        while not self.done.wait(TICK):
            found = self.look(with_disk=rounds % 10 == 9)
            rounds += 1
            if found.ended != "ok":
                self.end(found)
                return

    def end(self, outcome: Outcome) -> None:
        """End the run for a reason; the first reason stands."""
        if self.outcome.ended == "ok":
            self.outcome = outcome
        self.done.set()
        self.kill()

    def look(self, *, with_disk: bool) -> Outcome:
        limits = self.limits
        if time.monotonic() - self.began > limits.wall_seconds:
            return Outcome("timeout", f"the run took longer than {limits.wall_seconds:g} s")
        processes = tree(self.pid)
        held = memory(processes)
        self.peak_bytes = max(self.peak_bytes, held)
        if held > limits.memory_bytes:
            return Outcome("memory", f"the run held more than {limits.memory_bytes >> 20} MiB of memory")
        if tasks(processes) > limits.processes:
            return Outcome("processes", f"the run had more than {limits.processes} processes and threads")
        if with_disk and disk(self.work) > limits.work_bytes:
            return Outcome("disk", f"the run wrote more than {limits.work_bytes >> 20} MiB into its folder")
        return Outcome()
