"""Looks at a run from outside and ends it when it takes more than it may."""

from __future__ import annotations

import math
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from .limits import DESCRIPTORS, FREE_DISK_BYTES, GRADER_BYTES, WATCH_SECONDS, WORK_DEPTH, WORK_FILES, Limits
from .outcome import Ended, Outcome, size
from .tree import descriptors, files, members, private_memory, usage

LOOKS_PER_FILE_COUNT = 5


class Watch(threading.Thread):
    """Polls the trees below `processes`; at the first limit passed calls `end` once and stops. `peak` is the most memory seen, in bytes.

    `folders` are all that the run can write to on a disk; the first is its work directory.
    """

    def __init__(self, processes: list[psutil.Process], folders: tuple[Path, ...], limits: Limits, end: Callable[[Outcome], None]) -> None:
        super().__init__(name="sandbox-watch", daemon=True)
        self.processes = processes
        self.folders = folders
        self.work = work = folders[0]
        self.limits = limits
        self.end = end
        self.peak = 0
        self._deadline = time.monotonic() + limits.wall_seconds
        self._cell_deadline = math.inf
        self._own_memory = private_memory()
        self._enough_disk = shutil.disk_usage(work).free > 2 * FREE_DISK_BYTES
        self._stop_event = threading.Event()

    def stop(self) -> None:
        self._stop_event.set()

    def cell_begins(self) -> None:
        self._cell_deadline = time.monotonic() + self.limits.cell_seconds

    def cell_ends(self) -> None:
        self._cell_deadline = math.inf

    def run(self) -> None:
        look = 0
        while not self._stop_event.wait(min(WATCH_SECONDS, max(0.0, self._deadline - time.monotonic()))):
            try:
                outcome = self.look(count_files=look % LOOKS_PER_FILE_COUNT == 0)
            except FileNotFoundError:  # the folders go as soon as the run is over
                if self._stop_event.is_set():
                    return
                raise
            if outcome is not None:
                self.end(outcome)
                return
            look += 1

    def look(self, *, count_files: bool) -> Outcome | None:
        """The limit that is passed now, if one is."""
        if time.monotonic() >= self._deadline:
            return Outcome(Ended.TIMEOUT, f"The run took longer than {self.limits.wall_seconds:g} s and was stopped.")
        if time.monotonic() >= self._cell_deadline:
            return Outcome(Ended.TIMEOUT, f"A cell took longer than {self.limits.cell_seconds:g} s and the run was stopped.")
        tree = [one for process in self.processes for one in members(process)]
        used = usage(tree, self.limits.memory_bytes)
        self.peak = max(self.peak, used.memory)
        if used.memory > self.limits.memory_bytes:
            return Outcome(Ended.MEMORY, f"The run used {size(used.memory)} of memory; {size(self.limits.memory_bytes)} is the limit.")
        if used.tasks > 2 * self.limits.processes:
            return Outcome(Ended.PROCESSES, f"The run had {used.tasks} processes and threads; {self.limits.processes} is the limit.")
        if private_memory() - self._own_memory > GRADER_BYTES:
            return Outcome(Ended.MEMORY, f"The run sent the grader more than {size(GRADER_BYTES)} at once.")
        return self._look_at_files(tree) if count_files else None

    def _look_at_files(self, tree: list[psutil.Process]) -> Outcome | None:
        found = files(self.folders, WORK_FILES, WORK_DEPTH)
        opened = descriptors(tree)
        here = self.work.stat().st_dev
        total = found.bytes + opened.deleted.pop(here, 0)
        if total > self.limits.work_bytes:
            return Outcome(Ended.DISK, f"The work directory grew to {size(total)}; {size(self.limits.work_bytes)} is the limit.")
        if found.count > WORK_FILES:
            return Outcome(Ended.DISK, f"The work directory holds more than {WORK_FILES:,} files.")
        if found.hidden:
            return Outcome(Ended.DISK, f"The work directory holds {found.hidden}.")
        if opened.count > DESCRIPTORS:
            return Outcome(Ended.PROCESSES, f"The run had {opened.count:,} files and sockets open; {DESCRIPTORS:,} is the limit.")
        if sum(opened.deleted.values()) > self.limits.memory_bytes:
            return Outcome(Ended.MEMORY, f"Files held in memory grew beyond {size(self.limits.memory_bytes)}.")
        if self._enough_disk and shutil.disk_usage(self.work).free < FREE_DISK_BYTES:
            return Outcome(Ended.DISK, f"The run left less than {size(FREE_DISK_BYTES)} free on the disk.")
        return None
