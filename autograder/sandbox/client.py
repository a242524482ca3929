"""The grader's end of the kernel's sockets. What a learner's code prints is capped here, as it is read, where it cannot be lifted.

A learner's code can read the key of its own kernel, so a valid signature says nothing about who sent a message: whatever has not
the shape of one is dropped, on every socket.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from queue import Empty
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from traitlets import Type

from .limits import HEADER_BYTES, MESSAGE_BYTES, MESSAGE_HARD_BYTES, MESSAGES_WAITING, START_SECONDS
from .outcome import Ended, size

LAST_BREATH_SECONDS = 2.0
RECONNECT_MILLISECONDS = 10
"""How often a kernel that does not listen yet is called."""
ALWAYS_PASS = ("status", "execute_input", "clear_output")
IN_A_ROW = 64
"""Messages read before other tasks get a turn; a socket that always has one ready would keep timeouts from ever firing."""


class TolerantChannel(AsyncZMQSocketChannel):
    """Hands on messages and drops what only looks like one. Of a message above `MESSAGE_BYTES` only the headers are decoded."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._row = 0

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        """The next message that is one; raises `Empty` after `timeout` seconds without."""
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        while await self.socket.poll(None if timeout is None else max(0, int((deadline - time.monotonic()) * 1000))):
            self._row += 1
            if self._row % IN_A_ROW == 0:
                await asyncio.sleep(0)
            frames = await self.socket.recv_multipart()
            try:
                message = self.taken(frames)
            except Exception:  # whatever a forged message provokes: its signature, its JSON, its fields
                continue
            if message is not None:
                return message
        raise Empty

    def taken(self, frames: list[Any]) -> dict[str, Any] | None:
        """The message to hand on, or None. May raise anything."""
        return self.decoded(frames, sum(map(len, frames)))

    def decoded(self, frames: list[Any], total: int) -> dict[str, Any]:
        parts: list[Any]
        _, parts = self.session.feed_identities(frames)
        if total > MESSAGE_BYTES:
            headers = [part if len(part) <= HEADER_BYTES else b"{}" for part in parts[1:3]]
            shortened = [*headers, b"{}", b"{}"]
            parts = [self.session.sign(shortened), *shortened]
        return checked(dict(self.session.deserialize(parts)))


def checked(message: dict[str, Any]) -> dict[str, Any]:
    """The message if its parts have the types that the protocol names. Raises `TypeError`."""
    if not all(isinstance(message.get(part), dict) for part in ("header", "parent_header", "metadata", "content")):
        raise TypeError("a part of the message is no object")
    if not isinstance(message["msg_type"], str):
        raise TypeError("the type of the message is no text")
    return message


class CappedChannel(TolerantChannel):
    """Hands on `allowance` bytes of output for each request, then one line that says so, then no more of it."""

    allowance = 1 << 20

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request: str | None = None
        self._left = 0

    def taken(self, frames: list[Any]) -> dict[str, Any] | None:
        """The message, a note in its place, or None when the request's output is used up."""
        total = sum(map(len, frames))
        message = self.decoded(frames, total)
        if message["msg_type"] in ALWAYS_PASS:
            return message
        request = str(message["parent_header"].get("msg_id", ""))
        if request != self._request:
            self._request, self._left = request, self.allowance
        if self._left <= 0:
            return None
        before, self._left = self._left, self._left - total
        return message if self._left > 0 else self._cut(message, before)

    def _cut(self, message: dict[str, Any], room: int) -> dict[str, Any]:
        content = message["content"]
        kept = str(content.get("text", ""))[:room] if message["msg_type"] == "stream" else ""
        note = f"\n[the output was cut off here: a cell may print {size(self.allowance)}]\n"
        header = {**message["header"], "msg_type": "stream"}
        return {**message, "header": header, "msg_type": "stream", "content": {"name": content.get("name", "stdout"), "text": kept + note}}


class ReplyChannel(TolerantChannel):
    """Says when a request has been answered."""

    answered: Callable[[], None] = staticmethod(lambda: None)

    def taken(self, frames: list[Any]) -> dict[str, Any] | None:
        message = super().taken(frames)
        if message is not None and message["msg_type"] == "execute_reply":
            self.answered()
        return message


class CappedClient(AsyncKernelClient):
    """A kernel client whose memory no kernel can fill, and which has each cell's time watched from outside."""

    parent: Any
    _cut: zmq.Socket[Any] | None = None

    iopub_channel_class = Type(CappedChannel)
    shell_channel_class = Type(ReplyChannel)
    stdin_channel_class = Type(TolerantChannel)
    control_channel_class = Type(TolerantChannel)

    def start_channels(self, shell: bool = True, iopub: bool = True, stdin: bool = True, hb: bool = True, control: bool = True) -> None:
        """Only what is of use: nobody types into a sandbox, its process is watched without heartbeats, and outputs are read on demand.

        A kernel whose outputs nobody subscribes to does not send them.
        """
        super().start_channels(shell=shell, iopub=iopub and self.parent.outputs, stdin=False, hb=False, control=False)

    @property
    def iopub_channel(self) -> Any:
        channel = super().iopub_channel
        channel.allowance = self.parent.spec.limits.output_bytes
        return channel

    @property
    def shell_channel(self) -> Any:
        channel = super().shell_channel
        channel.answered = self._watch("cell_ends")
        return channel

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        self._watch("cell_begins")()
        return super().execute(*args, **kwargs)

    def _watch(self, what: str) -> Callable[[], None]:
        watch = getattr(self.parent.provisioner, "watch", None)
        return getattr(watch, what) if watch is not None else lambda: None

    async def is_alive(self) -> bool:
        """Whether the kernel runs and its connection is up; no answer can come from one that closed it, and so it is ended."""
        if not await super().is_alive():
            return False
        if not self._line_cut():
            return True
        deadline = time.monotonic() + LAST_BREATH_SECONDS  # a process that dies loses its sockets first, and what ended it is to be said
        while await super().is_alive() and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        self.parent.end(Ended.DEAD_KERNEL, "The kernel's connection to the grader was closed.")
        return False

    def _line_cut(self) -> bool:
        """Whether the connection of the shell socket has ever been closed."""
        return self._cut is not None and bool(int(self._cut.get(zmq.EVENTS)) & zmq.POLLIN)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Until the kernel answers and its outputs arrive; what else it has said by then is left to be skipped by its parent's id.

        Raises `RuntimeError` when it does not come up.
        """
        deadline = time.monotonic() + (START_SECONDS if timeout is None else timeout)
        while not await self._answers():
            if not await self.is_alive():
                raise RuntimeError("The kernel died before it answered.")
            if time.monotonic() > deadline:
                raise RuntimeError("The kernel did not answer in time.")
        self.parent.provisioner.settled()

    async def _answers(self) -> bool:
        self.kernel_info()
        try:
            reply = await self.shell_channel.get_msg(timeout=1)
            if self.parent.outputs:
                await self.iopub_channel.get_msg(timeout=0.2)
        except Empty:
            return False
        return bool(reply["msg_type"] == "kernel_info_reply")

    def _create_connected_socket(self, channel: str, identity: bytes | None = None) -> zmq.Socket[Any]:
        self.context.setsockopt(zmq.MAXMSGSIZE, MESSAGE_HARD_BYTES)
        self.context.setsockopt(zmq.RCVHWM, MESSAGES_WAITING)
        self.context.setsockopt(zmq.RECONNECT_IVL, RECONNECT_MILLISECONDS)
        made = super()._create_connected_socket(channel, identity)
        if channel == "shell":
            self._watch_line(made)
        return made

    def _watch_line(self, line: zmq.Socket[Any]) -> None:
        address = f"inproc://line-{id(self)}"
        line.monitor(address, zmq.EVENT_DISCONNECTED)
        self._cut = self.context.socket(zmq.PAIR)
        self._cut.connect(address)
