"""A grader that is killed at any moment leaves nothing of its runs behind."""

from __future__ import annotations

import random
import secrets
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from autograder.paths import course_root

from .fixtures import needs_bubblewrap

pytestmark = [pytest.mark.sandbox, needs_bubblewrap, pytest.mark.slow]

SCRIPT = """
import asyncio, os, signal, sys, threading, time
from pathlib import Path
from autograder.sandbox import SandboxKernelManager, SandboxSpec, available

def die(thread, seconds):
    children = Path(f"/proc/self/task/{thread}/children")
    while not children.read_text():
        pass
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)

async def run(work, mark):
    manager = SandboxKernelManager(SandboxSpec(work, env={"RUN": mark}))
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready()
    client.execute("import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True).wait()")
    await asyncio.sleep(600)

def grader(work, mark, seconds):
    threading.Thread(target=die, args=(threading.get_native_id(), seconds), daemon=True).start()
    asyncio.run(run(work, mark))

available()
root, mark = Path(sys.argv[1]), sys.argv[2]
for number, seconds in enumerate(map(float, sys.argv[3:])):
    work = root / str(number)
    work.mkdir()
    child = os.fork()
    if child == 0:
        grader(work, mark, seconds)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended == -signal.SIGKILL, ended
"""
KILLS = 30


def moments() -> list[float]:
    """Seconds after the first process was forked: at once, while bwrap sets up the namespaces, while the kernel starts, and in a cell."""
    draw = random.Random(3)
    ranges = ((0.0, 0.002), (0.0, 0.02), (0.02, 0.5), (0.5, 3.0))
    return [draw.uniform(*ranges[number % len(ranges)]) for number in range(KILLS)]


def survivors(mark: str) -> list[str]:
    """Processes with `mark` on their command line or in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            if process.status() != psutil.STATUS_ZOMBIE and (mark in words or mark in process.environ().values()):
                found.append(f"{process.pid} (parent {process.ppid()}) {' '.join(words)[:200]}")
        except psutil.Error:
            continue
    return found


def test_a_grader_killed_at_thirty_moments_leaves_no_process_behind(tmp_path: Path) -> None:
    mark = secrets.token_hex(8)
    graders = [sys.executable, "-c", SCRIPT, str(tmp_path), mark, *map(str, moments())]
    done = subprocess.run(graders, cwd=course_root(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    patience = time.monotonic() + 10
    while survivors(mark) and time.monotonic() < patience:
        time.sleep(0.1)
    assert survivors(mark) == []
