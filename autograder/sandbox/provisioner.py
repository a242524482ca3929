"""Starts kernels for jupyter_client: in bubblewrap, or as a plain process where there is none."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import threading
from abc import abstractmethod
from collections import deque
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from .account import hand_over, open_for_reading
from .bubblewrap import KERNEL, Place, arguments, plan, variables
from .errors import SandboxError
from .isolation import filter_descriptor, scratch, way
from .kernel_server import KernelServer
from .outcome import Ended, Outcome, size
from .removal import remove_tree
from .spec import SandboxSpec
from .watch import Watch
from .wires import Wires

BUBBLEWRAP, PLAIN = "autograder-bubblewrap", "autograder-plain"


def register() -> None:
    """Makes our provisioners known to jupyter_client without an installed entry point."""
    known = KernelProvisionerFactory.instance().provisioners
    for name, where in ((BUBBLEWRAP, f"{__name__}:BubblewrapProvisioner"), (PLAIN, f"{__package__}.plain:PlainProvisioner")):
        known[name] = EntryPoint(name=name, value=where, group=KernelProvisionerFactory.GROUP_NAME)


class SandboxProvisioner(KernelProvisionerBase):
    """One run: a process, the watch over it, and what ended it. Its parent is the kernel manager that holds the `SandboxSpec`."""

    parent: Any
    process: subprocess.Popen[bytes] | None = None
    watch: Watch | None = None
    root: Path | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.spec: SandboxSpec = self.parent.spec.checked()
        self.outcome = Outcome(Ended.OK)
        self.returned: int | None = None
        self._said: deque[bytes] = deque(maxlen=16)
        self._lock = threading.Lock()

    @abstractmethod
    def start(self) -> subprocess.Popen[bytes]:
        """Starts the kernel's process."""

    @abstractmethod
    def kill_tree(self) -> None:
        """Ends the kernel and everything it started, at once; does nothing when all are gone."""

    @property
    def has_process(self) -> bool:
        return self.process is not None

    def end(self, outcome: Outcome) -> None:
        """Kills the run for a reason; the first reason stands. May be called from any thread."""
        with self._lock:
            if self.outcome and self.returned is None:
                self.outcome = outcome
        self.kill_tree()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        for name in ("wanted", "running"):
            kwargs.pop(name, None)
        self.root = scratch()
        (self.root / "k").mkdir(mode=0o700)
        manager = self.parent
        if os.name == "posix":
            manager.transport, manager.ip = "ipc", str(self.root / "k" / "k")
        manager.connection_file = str(self.root / "client.json")
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return {"cmd": [], "env": {}}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        assert self.root is not None
        for folder in ("home", "evidence"):
            (self.spec.work / folder).mkdir(exist_ok=True)
        self.process = self.start()
        threading.Thread(target=self._listen, args=(self.process,), name="sandbox-stderr", daemon=True).start()
        self.watch = Watch(self.processes(), (self.spec.work, self.root / "k"), self.spec.limits, self.end)
        self.watch.start()
        return self.connection_info

    def processes(self) -> list[psutil.Process]:
        """Those from which all others of the run descend."""
        return [psutil.Process(self.process.pid)] if self.process is not None else []

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Keeps the end of what the process says on stderr, and reads all of it so that it never blocks."""
        if process.stderr is not None:
            while chunk := process.stderr.read1(1 << 16):  # type: ignore[attr-defined]
                self._said.append(chunk)

    def last_words(self) -> str:
        lines = b"".join(self._said).decode(errors="replace").strip().splitlines()
        return lines[-1][-300:] if lines else ""

    async def poll(self) -> int | None:
        if self.process is None:
            return self.returned
        code = self.process.poll()
        if code is not None:
            self._note_end(code)
        return code

    def _note_end(self, code: int) -> None:
        with self._lock:
            if self.returned is not None:
                return
            self.returned = code
            if self.outcome:
                self.outcome = self._died(code)

    def _died(self, code: int) -> Outcome:
        """Says why a kernel that nobody ended is gone."""
        number = -code if code < 0 else code - 128
        peak = self.watch.peak if self.watch else 0
        if number in (signal.SIGABRT, 9) and peak > 0.8 * self.spec.limits.memory_bytes:
            return Outcome(Ended.MEMORY, f"The kernel died for want of memory, having used {size(peak)}.")
        try:
            how = f"was ended by {signal.Signals(number).name}"
        except ValueError:
            how = f"left with exit code {code}"
        return Outcome(Ended.DEAD_KERNEL, f"The kernel {how} before the notebook was done.")

    async def wait(self) -> int | None:
        while await self.poll() is None and self.process is not None:
            await asyncio.sleep(0.01)
        if self.process is not None:
            self.process = None
        return self.returned

    async def send_signal(self, signum: int) -> None:
        """A run is ended, never asked: whoever wants to stop it stops all of it."""
        if signum != 0:
            await self.kill()

    async def kill(self, restart: bool = False) -> None:
        with self._lock:
            code = self.process.poll() if self.process is not None else None
            if self.returned is None and code is None:
                self.returned = 0
        if code is not None:
            self._note_end(code)
        self.kill_tree()

    async def terminate(self, restart: bool = False) -> None:
        await self.kill(restart)

    def get_shutdown_wait_time(self, recommended: float = 5.0) -> float:
        return 0.0

    async def cleanup(self, restart: bool = False) -> None:
        if self.watch is not None:
            self.watch.stop()
            self.watch = None
        self.kill_tree()
        self.give_back()
        if self.root is not None:
            remove_tree(self.root)
            self.root = None

    def settled(self) -> None:
        """Called when the kernel listens, before any of the learner's code has run."""

    def give_back(self) -> None:
        """Makes the work directory the caller's again, whatever the run did to its permissions."""
        if os.name == "posix":
            hand_over(self.spec.work, os.getuid(), os.getgid())


class BubblewrapProvisioner(SandboxProvisioner):
    """The kernel as a process in namespaces of its own."""

    first_inside: int | None = None
    kernel: psutil.Process | None = None
    """Where it has come from a `KernelServer`, and so is no child of the first process."""
    lifeline: int | None = None
    """Only this process holds it: when it is closed, by us or by our own end, the run ends."""
    lent = False

    def start(self) -> subprocess.Popen[bytes]:
        """With a kernel from the manager's `KernelServer`; where that fails or there is none, with one of its own."""
        if self.parent.kernels is not None:
            with contextlib.suppress(SandboxError):
                return self._start(self.parent.kernels)
        return self._start(None)

    def _start(self, server: KernelServer | None) -> subprocess.Popen[bytes]:
        assert self.root is not None
        place, chosen = Place(self.root), way()
        self._write_connection(place)
        if chosen.user is not None:
            self._lend(place, chosen.user)
        wires = Wires(seccomp=filter_descriptor(), guest=server is not None)
        try:
            process = subprocess.Popen(
                [*(server.entry if server is not None else ()), *arguments(self.spec, place, chosen, wires)], pass_fds=wires.inherited, env={},
                cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=wires.stderr, start_new_session=True,
            )  # fmt: skip
            wires.hand_over()
            process.stderr = wires.reader(wires.stderr_end)
            with wires.reader(wires.info_end) as file:
                said = file.read()
            if not said:
                wires.close()
                complaint = process.communicate()[1].decode(errors="replace").strip()
                raise SandboxError(f"Bubblewrap did not start: {complaint}")
            self.first_inside = json.loads(said)["child-pid"]
            if server is not None:
                run = {**plan(self.spec, place, chosen, wires), "environment": variables(self.spec), "modules": list(self.spec.modules)}
                kernel = server.fork(run, self.first_inside, wires.ready_end, wires.ended_end, wires.stderr)
                self.kernel = psutil.Process(kernel)
            self.lifeline = wires.taken(wires.lifeline_end)
        finally:
            wires.close()
        return process

    def processes(self) -> list[psutil.Process]:
        return [*super().processes(), *([self.kernel] if self.kernel is not None else [])]

    def _write_connection(self, place: Place) -> None:
        """The kernel's copy of the connection file, with the paths it sees."""
        info = json.loads(Path(self.parent.connection_file).read_text(encoding="utf-8"))
        (place.root / "kernel.json").write_text(json.dumps({**info, "ip": f"{KERNEL}/k"}), encoding="utf-8")

    def _lend(self, place: Place, user: int) -> None:
        self.lent = True
        hand_over(self.spec.work, user, user)
        hand_over(place.sockets, user, user)
        for path in (*self.spec.inputs.values(), *([self.spec.models] if self.spec.models else [])):
            open_for_reading(path)
        if self.spec.gateway_socket is not None and self.spec.gateway_socket.stat().st_mode & 0o006 != 0o006:
            self.spec.gateway_socket.chmod(0o666)

    def settled(self) -> None:
        """Where the run has an id of its own, nothing in the folder of sockets can be replaced from now on: not by a link to
        somebody else's socket, and not by a file."""
        if self.root is not None and self.lent:
            sockets = Place(self.root).sockets
            os.chown(sockets, os.getuid(), os.getgid())
            sockets.chmod(0o755)

    def kill_tree(self) -> None:
        """The first process of the pid namespace takes all others with it, and is gone only when they are."""
        with self._lock:
            lifeline, self.lifeline = self.lifeline, None
        if lifeline is not None:
            os.close(lifeline)
        process = self.process
        if process is None or process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.first_inside or process.pid, signal.SIGKILL)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
