"""What a process and all its descendants use, read from outside."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes of resident memory, number of processes and threads."""

    memory: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Files:
    """Bytes on disk and number of files below a directory."""

    bytes: int
    count: int


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


def deleted_files(processes: list[psutil.Process]) -> dict[int, int]:
    """Bytes per device in files that are open but have no name any more. Linux only; elsewhere nothing is found."""
    found: dict[tuple[int, int], int] = {}
    for process in processes:
        folder = f"/proc/{process.pid}/fd"
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            try:
                status = os.stat(entry.path)
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                found[(status.st_dev, status.st_ino)] = status.st_blocks * 512
    sums: dict[int, int] = {}
    for (device, _), count in found.items():
        sums[device] = sums.get(device, 0) + count
    return sums


def files(folder: Path, most: int) -> Files:
    """What lies in `folder`; stops counting beyond `most` files."""
    total = count = 0
    waiting = [str(folder)]
    while waiting:
        try:
            entries = os.scandir(waiting.pop())
        except OSError:
            continue
        with entries:
            for entry in entries:
                try:
                    status = entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                except OSError:
                    continue
                count += 1
                total += getattr(status, "st_blocks", -(-status.st_size // 512)) * 512
                if count > most:
                    return Files(total, count)
    return Files(total, count)
