"""What a process and all its descendants use, read from outside."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

Folder = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes of resident memory, number of processes and threads."""

    memory: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Files:
    """Bytes on disk and number of files below some folders; `hidden` says what could not be looked at, if anything."""

    bytes: int
    count: int
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Descriptors:
    """How many are open in all, and bytes per device in files that are open but have no name any more."""

    count: int
    deleted: dict[int, int]


def members(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def usage(processes: list[psutil.Process], limit: int) -> Usage:
    """Adds up resident memory; only where the sum passes `limit` are shared pages counted once, which is slower to learn."""
    memory = tasks = 0
    for process in processes:
        try:
            memory += process.memory_info().rss
            tasks += process.num_threads()
        except psutil.Error:
            continue
    if memory > limit and len(processes) > 1:
        memory = sum(_own_share(process) for process in processes)
    return Usage(memory, tasks)


def _own_share(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", 0) or getattr(full, "uss", full.rss))
    except psutil.Error:
        pass
    try:
        plain = process.memory_info()
    except psutil.Error:
        return 0
    return int(plain.rss - getattr(plain, "shared", 0))


def private_memory() -> int:
    """Bytes this very process holds that no file backs. Linux only; 0 elsewhere."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next((int(line.split()[1]) * 1024 for line in file if line.startswith("RssAnon:")), 0)
    except OSError:
        return 0


def descriptors(processes: list[psutil.Process]) -> Descriptors:
    """Linux only; elsewhere nothing is found."""
    found: dict[tuple[int, int], int] = {}
    count = 0
    for process in processes:
        try:
            entries = list(os.scandir(f"/proc/{process.pid}/fd"))
        except OSError:
            continue
        count += len(entries)
        for entry in entries:
            try:
                status = os.stat(entry.path)
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                found[(status.st_dev, status.st_ino)] = status.st_blocks * 512
    sums: dict[int, int] = {}
    for (device, _), size in found.items():
        sums[device] = sums.get(device, 0) + size
    return Descriptors(count, sums)


def files(folders: Iterable[Folder], most: int, depth: int) -> Files:
    """What lies in `folders`; stops beyond `most` files, or at a folder that is too deep or closed to us."""
    total = count = 0
    waiting = [(os.fspath(folder), 0) for folder in folders]
    while waiting:
        here, level = waiting.pop()
        if level > depth:
            return Files(total, count, f"folders more than {depth} deep")
        try:
            entries = os.scandir(here)
        except PermissionError:
            return Files(total, count, "a folder that is closed to the grader")
        except OSError:
            continue
        with entries:
            for entry in entries:
                try:
                    status = entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, level + 1))
                except OSError:
                    continue
                count += 1
                total += getattr(status, "st_blocks", -(-status.st_size // 512)) * 512
                if count > most:
                    return Files(total, count)
    return Files(total, count)
