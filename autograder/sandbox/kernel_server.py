"""A process that has loaded ipykernel and forks one kernel for each run, so that a class of learners pays for its imports once.

What was clean stays clean: no learner's code ever runs in it. A forked kernel moves into a sandbox that bwrap has made for this one run,
leaves every right behind there, and only then listens. The process lies in mounts like a sandbox's own, so that everything it has loaded
is found at the same place inside.

Root's process has the rights to enter any namespace. An ordinary user's has a user namespace of its own, and the sandboxes it is to enter
are made in there (`entry`): it needs no right to do so, and can enter nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

import psutil

from .bubblewrap import Place, entering, server_arguments
from .errors import SandboxError
from .isolation import available, nests, scratch, way
from .limits import START_SECONDS
from .removal import remove_tree
from .seccomp import program

LATER = (
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect", "IPython.extensions.storemagic",
    "IPython.utils.wildcard", "faulthandler", "tornado.platform.asyncio", "unicodedata",
)  # fmt: skip
"""What a kernel loads by itself before its first cell is done."""


class KernelServer:
    """It starts at once and loads while its owner does other things; it ends when all who have it are gone.

    Processes forked from its owner, or given a copy when they are started, have it too. Only the owner closes it. Raises `SandboxError`
    where kernels cannot be forked into sandboxes (`can_serve`).
    """

    def __init__(self) -> None:
        rules = program()
        if not can_serve() or rules is None:
            raise SandboxError("Kernels cannot be forked into sandboxes here.")
        chosen = way()
        self._root = scratch()
        self._line, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        heard, info = os.pipe()  # bwrap has both ends: it would die of writing to nobody, and leave a child behind that waits for it
        with there, os.fdopen(heard, "rb") as file:
            self._process = subprocess.Popen(
                server_arguments(Place(self._root), chosen, line=there.fileno(), info=info, rules=rules, modules=LATER),
                pass_fds=[there.fileno(), heard, info], env={}, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
            os.close(info)
            there.close()
            started = bool(file.read())
        self.entry: tuple[str, ...] = () if chosen.user is not None else entering(self._process.pid)
        """What a sandbox must be started by for kernels to move into it."""
        if not started:
            self.close()
            raise SandboxError("The process that forks kernels did not start.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def process(self) -> int:
        """The id of the process that forks, out here; 0 while it does not run."""
        return next(iter(self._inside()), 0)

    def _inside(self) -> list[int]:
        try:
            return [child.pid for child in psutil.Process(self._process.pid).children()]
        except psutil.Error:
            return []

    def __getstate__(self) -> dict[str, Any]:
        return {"_line": self._line, "entry": self.entry}

    def fork(self, run: dict[str, Any], first: int, ready: int, ended: int, stderr: int) -> int:
        """Has a kernel move into the sandbox whose first process is `first`, as soon as that one says on `ready` that it can; returns its id.

        How the kernel ended is written to `ended`, what it complains of to `stderr`. Raises `SandboxError` when no kernel came of it.
        """
        heard, report = os.pipe()
        pidfd = os.pidfd_open(first)
        try:
            socket.send_fds(self._line, [json.dumps(run).encode()], [pidfd, ready, ended, report, stderr])
        except OSError as problem:
            os.close(heard)
            raise SandboxError(f"The process that forks kernels is gone ({problem.strerror}).") from None
        finally:
            os.close(pidfd)
            os.close(report)
        with os.fdopen(heard, "rb") as file:
            said = file.read(100).decode() if select.select([file], [], [], START_SECONDS)[0] else "no answer in time"
        if not said.isdecimal():
            raise SandboxError(f"A kernel could not be forked into its sandbox ({said or 'no answer'}).")
        return int(said)

    def close(self) -> None:
        """Ends the process, not bwrap: without it, what it was about to start would wait for it for ever."""
        self._line.close()
        while self._process.poll() is None:
            for process in self._inside():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=0.02)
        remove_tree(self._root)


def can_serve() -> bool:
    """Whether kernels can be forked into sandboxes here: on Linux, and for an ordinary user where user namespaces may lie in one another."""
    if sys.platform != "linux" or not available() or program() is None or not hasattr(os, "pidfd_open"):
        return False
    return way().user is not None or nests()
