"""What must be the same before and after: files beside the submissions, a port, and the processes of this machine."""

from __future__ import annotations

import hashlib
import json
import os
import random
import socket
import sqlite3
import time
from pathlib import Path

import psutil

from autograder.sandbox.account import FIRST_USER, LAST_USER
from autograder.sandbox.removal import LEFT_BEHIND

from .assignment import SEED, Hostile
from .kernel import MARK

FIELDS = ("name", "cmdline", "uids", "status")


class Canary:
    """A class's folder as an instructor has it, open to everybody, so that only the sandbox stands before it; and an open port."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.listener = socket.create_server(("0.0.0.0", 0))
        self.listener.setblocking(False)
        (root / "solutions").mkdir(parents=True)
        (root / "solutions" / "tiny.md").write_text("the answers", encoding="utf-8")
        inputs = root / "inputs"
        inputs.mkdir()
        drawn = Hostile().prepare(SEED, inputs, model="")
        (root / "expected.json").write_text(json.dumps({f"{a},{b}": a + b for a, b in drawn["pairs"]}), encoding="utf-8")
        with sqlite3.connect(root / "gradebook.sqlite") as db:
            db.execute("CREATE TABLE grade (score)")
            db.execute("INSERT INTO grade VALUES (?)", [random.random()])
        for path in [root, *root.rglob("*")]:
            path.chmod(0o777)
        self.before = self.files()

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def files(self) -> dict[str, str]:
        return {str(p.relative_to(self.root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(self.root.rglob("*")) if p.is_file()}

    def visitors(self) -> int:
        """Connections that were made to the port."""
        count = 0
        while True:
            try:
                self.listener.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1

    def close(self) -> None:
        self.listener.close()


def survivors(patience: float = 5.0) -> list[str]:
    """Processes that a submission or its sandbox can have left, this test's own or an earlier one's; what is just ending gets `patience` seconds.

    Those of a run that somebody else's living grader watches over, beside this test, are none of ours.
    """
    deadline = time.monotonic() + patience
    while (found := strays()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def strays() -> list[str]:
    return [f"{process.pid} {' '.join(process.info['cmdline'] or [])[:200]}" for process in psutil.process_iter(FIELDS) if sandboxed(process) and not foreign(process)]


def sandboxed(process: psutil.Process) -> bool:
    words, uids = process.info["cmdline"] or [], process.info["uids"]
    lent = os.geteuid() == 0 and uids is not None and FIRST_USER <= uids.real <= LAST_USER
    ours = process.info["name"] == "bwrap" and any(f"/{LEFT_BEHIND}" in word for word in words)
    return process.info["status"] != psutil.STATUS_ZOMBIE and (MARK in words or lent or ours)


def foreign(process: psutil.Process) -> bool:
    """Whether it belongs to a grader that lives and is not this test's; one that is gone by now belongs to nobody."""
    try:
        line = [process, *process.parents()]
    except psutil.Error:
        return True
    outermost = next((one for one in reversed(line) if one.name() == "bwrap"), None)
    return outermost is not None and outermost.ppid() > 1 and os.getpid() not in [one.pid for one in line]
