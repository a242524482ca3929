from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.paths import course_root
from autograder.sandbox import Isolation
from autograder.sandbox.attempts import Bench
from autograder.sandbox.command import heading, line, summary
from autograder.sandbox.conformance import PROMISES, Checked, Promise, State, checked, self_check

from .fixtures import as_nobody, needs_bubblewrap, needs_root, needs_server
from .fixtures import self_check as command

pytestmark = [pytest.mark.sandbox, needs_bubblewrap]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
def test_every_promise_is_held_here(promise: Promise, bench: Bench) -> None:
    found = checked(promise, bench)
    assert found.state is State.HELD, found.seen
    assert found.seen


@needs_server
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
def test_every_promise_is_held_by_a_forked_kernel_too(promise: Promise, forked_bench: Bench) -> None:
    found = checked(promise, forked_bench)
    assert found.state is State.HELD, found.seen


def test_the_promises_have_names_of_their_own() -> None:
    assert len({p.id for p in PROMISES}) == len({p.title for p in PROMISES}) == len(PROMISES)


def test_a_promise_that_does_not_hold_is_said_to_be_broken(bench: Bench) -> None:
    """The same attempts, on a run whose bait lies among its inputs."""
    bench_with_a_leak = Bench(bench.isolation)
    try:
        bench_with_a_leak.seen["private"].append("/inputs/solution.txt")
        found = checked(next(p for p in PROMISES if p.id == "files-read"), bench_with_a_leak)
    finally:
        bench_with_a_leak.close()
    assert (found.state, found.seen) == (State.BROKEN, "found /inputs/solution.txt")


@needs_root
@pytest.mark.slow
@pytest.mark.parametrize("how", ["", "--forked"], ids=["started", "forked"])
def test_an_ordinary_user_has_every_promise_too(how: str) -> None:
    done = as_nobody(command("--json", *how.split()))
    table = json.loads(done.stdout)
    assert {p["id"]: p["state"] for p in table["promises"]} == {p.id: "held" for p in PROMISES}, done.stdout + done.stderr
    assert (table["isolation"]["kind"], done.returncode) == ("bubblewrap", 0)


@pytest.mark.slow
def test_where_user_namespaces_are_refused_it_says_so_and_marks_what_is_not_enforced() -> None:
    """A container as people run them: no right to make namespaces. What a plain process can be held to is tried all the same."""
    closed = ["bwrap", "--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000", "--dev-bind", "/", "/"]
    done = subprocess.run([*closed, *command("--json")], capture_output=True, text=True, check=False)
    table = json.loads(done.stdout)
    assert table["isolation"]["kind"] == "none" and "bubblewrap is refused here" in table["isolation"]["why"]
    expected = {p.id: "not enforced" if p.isolates else "held" for p in PROMISES}
    assert {p["id"]: p["state"] for p in table["promises"]} == expected, done.stdout + done.stderr
    assert done.returncode == 1


def test_without_bubblewrap_the_table_says_what_is_missing() -> None:
    missing = Isolation("none", "bubblewrap is not installed")
    isolating = [p for p in PROMISES if p.isolates]
    found = list(self_check(missing, isolating))
    assert {one.state for one in found} == {State.ABSENT}
    assert "NOTHING ISOLATES A RUN HERE: bubblewrap is not installed" in heading(missing)
    assert f"{len(isolating)} not enforced here" in summary(found) and "trust" in summary(found)


def test_the_table_shows_what_was_seen() -> None:
    broken = Checked(PROMISES[0], State.BROKEN, "reached 10.0.0.1:80")
    assert "✗" in line(broken) and "reached 10.0.0.1:80" in line(broken) and "1 BROKEN" in summary([broken])


def test_a_missing_bwrap_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    env = {**os.environ, "PATH": str(tmp_path / "bin")}
    code = "from autograder.sandbox import available; print(available().why)"
    done = subprocess.run([sys.executable, "-c", code], cwd=course_root(), env=env, capture_output=True, text=True, check=True)
    assert "bubblewrap is not installed" in done.stdout
