"""What must be the same before and after: files beside the submissions, a port, and the processes of this machine."""

from __future__ import annotations

import hashlib
import json
import os
import random
import socket
import sqlite3
from pathlib import Path

import psutil

from autograder.sandbox.account import FIRST_USER, LAST_USER

from .assignment import SEED, Hostile
from .kernel import MARK


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
        self.running = set(psutil.pids())

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

    def survivors(self) -> list[str]:
        """Processes that were not there before, that only a submission can have started, and that no grader watches over any more."""
        found = []
        for process in psutil.process_iter(["pid", "cmdline", "uids"]):
            uids, words = process.info["uids"], process.info["cmdline"] or []
            if process.pid in self.running:
                continue
            if MARK in words or (os.geteuid() == 0 and uids and FIRST_USER <= uids.real <= LAST_USER and not watched(process)):
                found.append(f"{process.pid} {' '.join(words)[:200]}")
        return found

    def close(self) -> None:
        self.listener.close()


def watched(process: psutil.Process) -> bool:
    """Whether it belongs to a run of somebody else's that goes on beside this test."""
    try:
        return any(one.name() == "bwrap" and one.ppid() > 1 for one in process.parents())
    except psutil.Error:
        return True
