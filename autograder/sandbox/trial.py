"""A few lines of Python run in a sandbox of their own, to see what happens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import stat
import time
from collections.abc import Coroutine, Mapping
from pathlib import Path
from queue import Empty
from types import TracebackType
from typing import Any, Self, TypeVar

from .isolation import Isolation, scratch
from .kernel_server import KernelServer
from .limits import Limits
from .manager import SandboxKernelManager
from .outcome import Outcome
from .removal import remove_tree
from .spec import SandboxSpec

T = TypeVar("T")

ANSWER_BYTES = 1 << 20
PRELUDE = """
def answer(value):
    import json, os
    with open(os.environ["AUTOGRADER_WORK"] + "/answer.json", "w") as file:
        json.dump(value, file)
"""


class Trial:
    """A kernel in a sandbox with fresh directories; everything is gone when it is left. `printed` counts the characters of output kept here."""

    def __init__(
        self,
        isolation: Isolation,
        *,
        limits: Limits = Limits(),
        inputs: Mapping[str, Path] | None = None,
        gateway_socket: Path | None = None,
        kernels: KernelServer | None = None,
    ) -> None:
        self.root = scratch()
        self.work = self.root / "work"
        self.work.mkdir()
        spec = SandboxSpec(self.work, inputs or {}, gateway_socket, limits=limits)
        self.manager = SandboxKernelManager(spec, isolation=isolation, kernels=kernels)
        self.printed = 0
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Self:
        try:
            self._wait(self._start())
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def outcome(self) -> Outcome:
        return self.manager.outcome

    def run(self, code: str, *, seconds: float = 60.0) -> Any:
        """Runs `code`, in which `answer(value)` is known, until it is done, the sandbox ends it, or `seconds` are over. The answer, or None."""
        (self.work / "answer.json").unlink(missing_ok=True)
        self._wait(self._run(PRELUDE + code, seconds))
        return self.answer()

    def answer(self) -> Any:
        path = self.work / "answer.json"
        with contextlib.suppress(OSError, ValueError):
            if stat.S_ISREG(path.lstat().st_mode) and path.stat().st_size < ANSWER_BYTES:
                return json.loads(path.read_text(encoding="utf-8"))
        return None

    def end(self) -> None:
        """Ends the run; its directories stay until `close`."""
        self._wait(self._end())

    def close(self) -> None:
        self.end()
        self._loop.close()
        remove_tree(self.root)

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    async def _start(self) -> None:
        await self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready()

    async def _run(self, code: str, seconds: float) -> None:
        request = self.client.execute(code)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and await self.manager.is_alive():
            try:
                message = await self.client.iopub_channel.get_msg(timeout=0.1)
            except Empty:
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "stream":
                self.printed += len(message["content"]["text"])
            if message["msg_type"] == "status" and message["content"].get("execution_state") == "idle":
                await self.client.shell_channel.get_msg(timeout=5)
                return

    async def _end(self) -> None:
        if hasattr(self, "client"):
            self.client.stop_channels()
        if self.manager.provisioner is not None:
            await self.manager.shutdown_kernel()
