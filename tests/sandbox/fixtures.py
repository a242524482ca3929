"""Fixtures for tests that start real sandboxes, and how to become an ordinary user for one command."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.paths import course_root
from autograder.sandbox import available
from autograder.sandbox.attempts import Bench
from autograder.sandbox.isolation import scratch
from autograder.sandbox.kernel_server import KernelServer, can_serve
from autograder.sandbox.removal import remove_tree

NOBODY = 65534
SELF_CHECK = "import sys; sys.path.insert(0, {root!r}); from autograder.cli import dispatch; sys.exit(dispatch('sandbox', ['self-check', *sys.argv[1:]]))"

needs_bubblewrap = pytest.mark.skipif(not available(), reason=f"nothing isolates here: {available().why}")
needs_server = pytest.mark.skipif(not can_serve(), reason="kernels cannot be forked into sandboxes here")
needs_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0 or not shutil.which("setpriv"), reason="becoming another user takes root")


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    made = Bench(available())
    yield made
    made.close()


@pytest.fixture(scope="module")
def kernels() -> Iterator[KernelServer]:
    with KernelServer() as server:
        yield server


@pytest.fixture(scope="module")
def forked_bench(kernels: KernelServer) -> Iterator[Bench]:
    made = Bench(available(), kernels)
    yield made
    made.close()


def self_check(*arguments: str) -> list[str]:
    """The command line of a self-check in a process of its own."""
    return [sys.executable, "-c", SELF_CHECK.format(root=str(course_root())), *arguments]


def as_nobody(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Runs `command` as the user nobody, in mounts of its own where the interpreter lies in a folder that is closed to others."""
    home = scratch()
    try:
        home.chmod(0o777)
        return run_as_nobody(command, home)
    finally:
        remove_tree(home)


def run_tests_as_nobody(file: str) -> tuple[int, str]:
    """Runs a file of tests as the user nobody: how many passed, and what pytest said. Those for root are skipped there."""
    done = as_nobody([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", str(course_root() / "tests" / "sandbox" / file)])
    passed = re.search(r"(\d+) passed", done.stdout)
    return int(passed[1]) if passed and done.returncode == 0 else 0, done.stdout + done.stderr


def run_as_nobody(command: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    drop = f"setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups env HOME={shlex.quote(str(home))} {shlex.join(command)}"
    steps = []
    closed = first_closed(Path(sys.base_prefix))
    if closed is not None:
        kept = home / "interpreter"
        kept.mkdir()
        base, aside = shlex.quote(sys.base_prefix), shlex.quote(str(kept))
        steps = [f"mount --rbind {base} {aside}", f"mount -t tmpfs -o mode=755 tmpfs {closed}", f"mkdir -p {base}", f"mount --move {aside} {base}"]
    script = " && ".join([*steps, f"exec {drop}"])
    return subprocess.run(["unshare", "--mount", "--propagation", "private", "sh", "-c", script], capture_output=True, text=True, check=False)


def first_closed(path: Path) -> Path | None:
    """The outermost folder on the way to `path` that others cannot enter."""
    return next((p for p in reversed([path, *path.parents]) if not p.stat().st_mode & stat.S_IXOTH), None)
