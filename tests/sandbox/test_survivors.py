"""A grader that is killed at any moment leaves nothing of its runs behind."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from autograder.paths import course_root
from autograder.sandbox.removal import LEFT_BEHIND

from .fixtures import NOBODY, needs_bubblewrap, needs_root, needs_server, run_tests_as_nobody

pytestmark = [pytest.mark.sandbox, needs_bubblewrap, pytest.mark.slow]

SCRIPT = """
import asyncio, os, signal, sys, threading, time
from pathlib import Path
from autograder.sandbox import Isolation, SandboxKernelManager, SandboxSpec, available
from autograder.sandbox.kernel_server import KernelServer

def die(thread, seconds):
    children = Path(f"/proc/self/task/{thread}/children")
    while not children.read_text():
        pass
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)

async def run(work, isolation, kernels):
    manager = SandboxKernelManager(SandboxSpec(work), isolation=isolation, kernels=kernels)
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready()
    client.execute("import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True).wait()")
    await asyncio.sleep(600)

def grader(work, seconds, how):
    threading.Thread(target=die, args=(threading.get_native_id(), seconds), daemon=True).start()
    isolation = Isolation("none", "not wanted") if how == "plain" else available()
    asyncio.run(run(work, isolation, KernelServer() if how == "forked" else None))

available()
root, how = Path(sys.argv[1]), sys.argv[2]
for number, seconds in enumerate(map(float, sys.argv[3:])):
    work = root / str(number)
    work.mkdir()
    child = os.fork()
    if child == 0:
        grader(work, seconds, how)
    print(child)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended == -signal.SIGKILL, ended
"""
KILLS = 30


def moments() -> list[float]:
    """Seconds after the first process was forked: at once, while bwrap sets up the namespaces, while the kernel starts, and in a cell."""
    draw = random.Random(3)
    ranges = ((0.0, 0.002), (0.0, 0.02), (0.02, 0.5), (0.5, 3.0))
    return [draw.uniform(*ranges[number % len(ranges)]) for number in range(KILLS)]


def survivors(graders: list[str]) -> list[str]:
    """Processes that one of these graders started: its folder is on their command line, in their environment, or mounted where they live."""
    folders = [f"/{LEFT_BEHIND}{grader}-" for grader in graders]
    found = []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            seen = [*words, *process.environ().values(), Path(f"/proc/{process.pid}/mountinfo").read_text(encoding="utf-8")]
            if process.status() != psutil.STATUS_ZOMBIE and any(folder in text for folder in folders for text in seen):
                found.append(f"{process.pid} (parent {process.ppid()}) {' '.join(words)[:200]}")
        except (psutil.Error, OSError):
            continue
    return found


@pytest.mark.parametrize("how", ["new", pytest.param("forked", marks=needs_server), "plain"])
def test_a_grader_killed_at_thirty_moments_leaves_no_process_behind(how: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), how, *map(str, moments())]
    done = subprocess.run(command, cwd=course_root(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    graders = done.stdout.split()
    assert len(graders) == KILLS
    patience = time.monotonic() + 10
    while survivors(graders) and time.monotonic() < patience:
        time.sleep(0.1)
    assert survivors(graders) == []


@needs_root
def test_nor_does_that_of_an_ordinary_user() -> None:
    """Root looks once more: of a sandbox's first process an ordinary user cannot see to whom it belongs."""
    before = processes_of(NOBODY)
    passed, said = run_tests_as_nobody(Path(__file__).name)
    assert passed == 3, said
    assert processes_of(NOBODY) <= before


def processes_of(user: int) -> set[int]:
    found = psutil.process_iter(["uids", "status"])
    return {process.pid for process in found if process.info["uids"].real == user and process.info["status"] != psutil.STATUS_ZOMBIE}
