"""The grader's end of the kernel's sockets. What a learner's code prints is capped here, as it is read, where it cannot be lifted."""

from __future__ import annotations

from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from traitlets import Type

from .limits import HEADER_BYTES, MESSAGE_BYTES, MESSAGE_HARD_BYTES
from .outcome import size


ALWAYS_PASS = ("status", "execute_input", "clear_output")


class CappedChannel(AsyncZMQSocketChannel):
    """Hands on `allowance` bytes of output for each request, then one line that says so, then no more of it.

    Of a message above `MESSAGE_BYTES` only the headers are decoded.
    """

    allowance = 1 << 20

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = ""
        self._left = 0

    async def _recv(self, **kwargs: Any) -> dict[str, Any]:
        while True:
            frames = await self.socket.recv_multipart(**kwargs)
            message = self._capped(frames)
            if message is not None:
                return message

    def _capped(self, frames: list[bytes]) -> dict[str, Any] | None:
        """The message, a note in its place, or None when the request's output is used up."""
        total = sum(len(frame) for frame in frames)
        message = self._decoded(frames, total)
        kind = message["msg_type"]
        if kind in ALWAYS_PASS:
            return message
        request = str(message["parent_header"].get("msg_id", ""))
        if request != self._request:
            self._request, self._left = request, self.allowance
        if self._left <= 0:
            return None
        before, self._left = self._left, self._left - total
        return message if self._left > 0 else self._cut(message, before)

    def _decoded(self, frames: list[bytes], total: int) -> dict[str, Any]:
        _, parts = self.session.feed_identities(frames)
        if total <= MESSAGE_BYTES:
            return dict(self.session.deserialize(parts))
        headers = [part if len(part) <= HEADER_BYTES else b"{}" for part in parts[1:3]]
        shortened = [*headers, b"{}", b"{}"]
        return dict(self.session.deserialize([self.session.sign(shortened), *shortened]))

    def _cut(self, message: dict[str, Any], room: int) -> dict[str, Any]:
        content = message.get("content", {})
        kept = str(content.get("text", ""))[:room] if message["msg_type"] == "stream" else ""
        note = f"\n[the output was cut off here: a cell may print {size(self.allowance)}]\n"
        header = {**message["header"], "msg_type": "stream"}
        return {**message, "header": header, "msg_type": "stream", "content": {"name": content.get("name", "stdout"), "text": kept + note}}


class CappedClient(AsyncKernelClient):
    """A kernel client whose memory no kernel can fill."""

    iopub_channel_class = Type(CappedChannel)

    @property
    def iopub_channel(self) -> Any:
        channel = super().iopub_channel
        channel.allowance = self.parent.spec.limits.output_bytes
        return channel

    def _create_connected_socket(self, channel: str, identity: bytes | None = None) -> zmq.asyncio.Socket:
        self.context.setsockopt(zmq.MAXMSGSIZE, MESSAGE_HARD_BYTES)
        return super()._create_connected_socket(channel, identity)
