"""Runs a command where no namespace ends with the grader: `guard.py COMMAND...`. Standard library only.

Its standard input is a pipe whose other end only the grader holds. When that end is gone, whatever has become of the grader, the command
and all that descends from it are killed. Otherwise it ends as the command does.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys

PR_SET_CHILD_SUBREAPER = 36


def guard(command: list[str]) -> None:
    lifeline, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    (guard_by_fork if os.name == "posix" else guard_by_subprocess)(command, lifeline)


def guard_by_fork(command: list[str], lifeline: int) -> None:
    if sys.platform == "linux":
        adopt_orphans()
    child = os.fork()
    if child == 0:
        os.close(lifeline)
        os.execv(command[0], command)
    _thread.start_new_thread(end_with, (lifeline, child))
    while True:
        ended, status = os.wait()
        if ended == child:
            os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


def end_with(lifeline: int, child: int) -> None:
    """Stops all descendants, so that none can start another, before it kills the first; `child` last, because this process goes with it.

    Elsewhere than on Linux they are not known, and it kills its own group.
    """
    os.read(lifeline, 1)
    if sys.platform != "linux":
        os.killpg(0, signal.SIGKILL)
    stopped: set[int] = set()
    while found := descendants(os.getpid()) - stopped:
        stopped |= found
        send(signal.SIGSTOP, found)
    send(signal.SIGKILL, stopped - {child})
    send(signal.SIGKILL, {child})


def adopt_orphans() -> None:
    """Linux: a descendant whose parent ends becomes this process's child, and so stays one of its descendants."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants(process: int) -> set[int]:
    """Linux only."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
        except OSError:
            continue
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent == process or parent in found} - found:
        found |= more
    return found


def send(number: int, processes: set[int]) -> None:
    for process in processes:
        try:
            os.kill(process, number)
        except OSError:
            continue


def guard_by_subprocess(command: list[str], lifeline: int) -> None:
    """Windows."""
    import subprocess

    child = subprocess.Popen(command)

    def end() -> None:
        os.read(lifeline, 1)
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(child.pid)], capture_output=True, check=False)

    _thread.start_new_thread(end, ())
    os._exit(child.wait())


if __name__ == "__main__":
    guard(sys.argv[1:])
