"""A kernel that was forked is a kernel like any other: in a sandbox of its own, with no more rights, and with nothing of the run before."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograder.sandbox import Ended, available
from autograder.sandbox.errors import SandboxError
from autograder.sandbox.kernel_server import KernelServer
from autograder.sandbox.trial import Trial

from .fixtures import needs_bubblewrap, needs_root, needs_server, run_tests_as_nobody
from .test_survivors import survivors

pytestmark = [pytest.mark.sandbox, needs_bubblewrap, needs_server]

PORTRAIT = """
import os, resource, sys
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
names = ("Umask", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "SigBlk")
limits = {name: resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")}
mounts = sorted(" ".join(line.split()[4:6]) for line in open("/proc/self/mountinfo"))
import signal
answer({
    "status": {name: status[name].strip() for name in names},
    "one user": len(set(status["Uid"].split() + status["Gid"].split())),
    "limits": limits,
    "environment": dict(os.environ),
    "mounts": mounts,
    "folder": os.getcwd(),
    "root": os.readlink("/proc/self/root"),
    "path": sys.path,
    "leads its session": os.getsid(0) == os.getpid(),
    "oom": open("/proc/self/oom_score_adj").read(),
    "readable by itself": os.access("/proc/self/environ", os.R_OK),
    "regular files open": [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if os.path.isfile(f"/proc/self/fd/{n}")],
    "signals": [str(signal.getsignal(n)).split(" at ")[0] for n in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGTERM)],
    "processes": len([name for name in os.listdir("/proc") if name.isdigit()]),
    "streams": [os.readlink(f"/proc/self/fd/{n}").split(":")[0] for n in range(3)],
})
"""
NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "uts")


@contextmanager
def sandbox(kernels: KernelServer | None, *modules: str) -> Iterator[Trial]:
    trial = Trial(available(), kernels=kernels)
    trial.manager.spec = replace(trial.manager.spec, modules=modules)
    with trial:
        assert trial.manager.forked is (kernels is not None)
        yield trial


def kernel_of(trial: Trial) -> psutil.Process:
    found = trial.manager.provisioner.kernel
    assert isinstance(found, psutil.Process)
    return found


def test_a_forked_kernel_looks_like_one_that_was_started(kernels: KernelServer) -> None:
    with sandbox(None) as started, sandbox(kernels) as forked:
        expected, found = started.run(PORTRAIT), forked.run(PORTRAIT)
    assert expected["status"]["Seccomp"] == "2" and expected["regular files open"] == []
    assert found == expected


def test_every_run_has_namespaces_of_its_own(kernels: KernelServer) -> None:
    with sandbox(kernels) as one, sandbox(kernels) as other:
        processes = [os.getpid(), kernels.process, kernel_of(one).pid, kernel_of(other).pid]
        for name in NAMESPACES[1:]:
            seen = [os.stat(f"/proc/{process}/ns/{name}").st_ino for process in processes]
            assert len(set(seen[2:])) == 2 and not set(seen[2:]) & set(seen[:2]), name


LEAVE = """
import builtins, json, os
builtins.left = json.left = 1
os.environ["LEFT"] = "1"
for place in ("/tmp", "/dev/shm", "/work"):
    open(place + "/left", "w").close()
answer(1)
"""
LOOK = """
import builtins, json, os
found = [hasattr(builtins, "left"), hasattr(json, "left"), "LEFT" in os.environ]
answer(found + [os.path.exists(place + "/left") for place in ("/tmp", "/dev/shm", "/work")])
"""
DRAW = """
import random, sys
assert "numpy.random" in sys.modules
import numpy
answer([random.random(), float(numpy.random.rand())])
"""
SEARCH = """
import sys
loaded = "lancedb" in sys.modules
import lancedb
table = lancedb.connect("/work/db").create_table("t", [{"vector": [1.0, 2.0], "n": 7}])
answer([loaded, table.search([1.0, 2.0]).to_list()[0]["n"]])
"""


def test_no_run_sees_anything_of_the_one_before(kernels: KernelServer) -> None:
    with sandbox(kernels) as one:
        assert one.run(LEAVE) == 1
        assert one.run(LOOK) == [True] * 6
    with sandbox(kernels) as other:
        assert other.run(LOOK) == [False] * 6


def test_no_two_draw_the_same_random_numbers(kernels: KernelServer) -> None:
    drawn: list[Any] = []
    for _ in range(2):
        with sandbox(kernels, "numpy.random") as trial:
            drawn.append(trial.run(DRAW))
    assert not set(drawn[0]) & set(drawn[1])


def test_modules_are_loaded_before_the_fork_even_if_they_start_threads(kernels: KernelServer) -> None:
    for _ in range(2):
        with sandbox(kernels, "lancedb") as trial:
            assert trial.run(SEARCH) == [True, 7]


def test_how_it_ended_is_told(kernels: KernelServer) -> None:
    with sandbox(kernels) as trial:
        trial.run("import os; os._exit(3)")
        assert (trial.outcome.ended, "exit code 3" in trial.outcome.detail) == (Ended.DEAD_KERNEL, True)
    with sandbox(kernels) as trial:
        trial.run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
        assert (trial.outcome.ended, "SIGSEGV" in trial.outcome.detail) == (Ended.DEAD_KERNEL, True)


def test_a_signal_to_its_own_group_stays_inside(kernels: KernelServer) -> None:
    with sandbox(kernels) as trial:
        trial.run("import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.kill(0, signal.SIGTERM)")
        assert trial.run("import time; time.sleep(0.5); answer(1)") == 1 and trial.outcome


def test_closing_it_while_it_starts_leaves_nothing() -> None:
    grader = [str(os.getpid())]
    before = survivors(grader)
    for pause in (0, 0.002, 0.01, 0.05, 0.3):
        server = KernelServer()
        time.sleep(pause)
        server.close()
        assert survivors(grader) == before


def test_without_the_server_a_run_has_a_kernel_of_its_own() -> None:
    with KernelServer() as kernels:
        with sandbox(kernels):
            os.kill(kernels.process, signal.SIGKILL)
        with Trial(available(), kernels=kernels) as trial:
            assert not trial.manager.forked
            assert trial.run("answer(1)") == 1
        with pytest.raises(SandboxError, match="is gone"):
            kernels.fork({"modules": []}, os.getpid(), 0, 0, 0)


@needs_root
@pytest.mark.slow
def test_all_of_this_holds_for_an_ordinary_user() -> None:
    """Whose process that forks has no rights, in a user namespace of its own."""
    passed, said = run_tests_as_nobody(Path(__file__).name)
    others = [name for name in globals() if name.startswith("test_") and name != "test_all_of_this_holds_for_an_ordinary_user"]
    assert passed == len(others), said
