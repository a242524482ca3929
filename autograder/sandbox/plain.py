"""The kernel as a plain process with the caller's rights, where nothing isolates. Time, memory and the whole tree are still held."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import psutil

from .bubblewrap import rlimits
from .provisioner import SandboxProvisioner
from .spec import environment
from .tree import members

MARK = "AUTOGRADER_RUN"
"""Every process of a run carries this variable, so that one that left the tree is still found."""
NEEDED = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "WINDIR", "USERPROFILE", "APPDATA", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What an operating system needs passed on to start Python at all."""


class PlainProvisioner(SandboxProvisioner):
    """Marked `none` wherever it is reported: a learner's code can read and write what the caller can."""

    mark = ""
    taken = 0

    def start(self) -> subprocess.Popen[bytes]:
        assert self.root is not None
        for folder in ("tmp", "inputs"):
            (self.root / folder).mkdir(exist_ok=True)
        self._copy_inputs(self.root / "inputs")
        self.mark = uuid.uuid4().hex
        relay = self._relay()
        plan = self.root / "plan.json"
        plan.write_text(json.dumps(self._plan(relay)), encoding="utf-8")
        guard, inside = (str(Path(__file__).with_name(name)) for name in ("guard.py", "inside.py"))
        first = ["-I", "-S", inside, str(plan)] if os.name == "posix" else ["-s", "-P", inside, str(plan), "kernel"]
        host = f"http://127.0.0.1:{relay['port']}" if relay else ""
        return subprocess.Popen(
            [sys.executable, "-I", "-S", guard, sys.executable, *first],
            env=self._environment(host),
            cwd=self.spec.work,
            stdin=subprocess.PIPE,  # only this process holds this end, and nothing of the run outlives it
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def _copy_inputs(self, folder: Path) -> None:
        for name, source in self.spec.inputs.items():
            if source.is_dir():
                shutil.copytree(source, folder / name, dirs_exist_ok=True)
            else:
                shutil.copy2(source, folder / name)

    def _relay(self) -> dict[str, Any] | None:
        if self.spec.gateway_socket is None or os.name != "posix":
            return None
        with socket.create_server(("127.0.0.1", 0)) as probe:
            return {"port": probe.getsockname()[1], "socket": str(self.spec.gateway_socket)}

    def _plan(self, relay: dict[str, Any] | None) -> dict[str, Any]:
        limits = {name: value for name, value in rlimits(self.spec).items() if name != "NPROC"}
        if sys.platform != "linux":  # elsewhere the limit on data counts what is reserved, or nothing
            limits.pop("DATA")
        return {
            "user": None,
            "wires": None,
            "limits": limits,
            "relay": relay,
            "roots": [""],
            "work": str(self.spec.work),
            "connection": str(self.parent.connection_file),
            "command": None,
        }

    def _environment(self, host: str) -> dict[str, str]:
        root = str(self.root)
        found = {name: os.environ[name] for name in NEEDED if name in os.environ}
        found["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
        found[MARK] = self.mark
        if self.spec.models is not None:
            found["AUTOGRADER_HOME"] = str(self.spec.models.parent)
        return {**found, **environment(self.spec, work=str(self.spec.work), inputs=f"{root}/inputs", scratch=f"{root}/tmp", host=host)}

    def kill_tree(self) -> None:
        process = self.process
        if process is None:
            return
        for _ in range(20):
            victims = self._victims()
            if not victims:
                break
            for victim in victims:
                with contextlib.suppress(psutil.Error):
                    victim.kill()
            psutil.wait_procs(victims, timeout=1)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()

    def _victims(self) -> list[psutil.Process]:
        found: dict[int, psutil.Process] = {}
        first = self.process
        if first is not None and first.poll() is None:
            with contextlib.suppress(psutil.Error):
                found = {process.pid: process for process in members(psutil.Process(first.pid))}
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.environ().get(MARK) == self.mark and process.status() != psutil.STATUS_ZOMBIE:
                    found[process.pid] = process
        return list(found.values())
