"""What a kernel sends is read by a client that believes none of it. The sockets are real; the kernel is played by the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
import zmq
import zmq.asyncio
from jupyter_client.session import Session

from autograder.sandbox.client import CappedChannel, TolerantChannel
from autograder.sandbox.limits import MESSAGE_BYTES

KEY = b"known to the learner's code as well"


class Pair:
    """A kernel's socket and the channel that reads it."""

    def __init__(self, address: str, kind: type[TolerantChannel]) -> None:
        context = zmq.asyncio.Context.instance()
        self.kernel, there = context.socket(zmq.DEALER), context.socket(zmq.DEALER)
        self.kernel.bind(address)
        there.connect(address)
        self.session = Session(key=KEY)
        self.channel = kind(there, Session(key=KEY))

    async def send(self, kind: str, content: Any, **changes: Any) -> None:
        await self.send_parts({**self.session.msg(kind, content), **changes})

    async def send_parts(self, message: dict[str, Any]) -> None:
        packed = [self.session.pack(message[part]) for part in ("header", "parent_header", "metadata", "content")]
        await self.kernel.send_multipart([b"<IDS|MSG>", self.session.sign(packed), *packed])

    async def received(self) -> dict[str, Any]:
        return await self.channel.get_msg(timeout=5)

    def close(self) -> None:
        """The reader first. libzmq aborts the process when a socket is closed without linger in the middle of a message to a peer
        that goes away (session_base.cpp, clean_pipes); once the peer is gone, what was not sent is dropped with its pipe."""
        self.channel.close()
        self.kernel.close(linger=100)


@pytest.fixture(params=[TolerantChannel, CappedChannel])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Pair]:
    made = Pair(f"ipc://{tmp_path}/s", request.param)
    yield made
    made.close()


FORGED: list[tuple[str, list[bytes]]] = [
    ("no frames to speak of", [b""]),
    ("no delimiter", [b"a", b"b", b"c"]),
    ("too few parts", [b"<IDS|MSG>", b"signature", b"{}"]),
    ("a signature that does not fit", [b"<IDS|MSG>", b"00" * 32, b"{}", b"{}", b"{}", b"{}"]),
]


@pytest.mark.parametrize("frames", [frames for _, frames in FORGED], ids=[name for name, _ in FORGED])
async def test_what_is_no_message_is_dropped(pair: Pair, frames: list[bytes]) -> None:
    await pair.kernel.send_multipart(frames)
    await pair.send("status", {"execution_state": "idle"})
    assert (await pair.received())["msg_type"] == "status"


@pytest.mark.parametrize("part", ["header", "parent_header", "metadata", "content"])
@pytest.mark.parametrize("value", [[], "text", 1, None])
async def test_a_signed_message_with_parts_of_the_wrong_type_is_dropped(pair: Pair, part: str, value: Any) -> None:
    await pair.send_parts({**pair.session.msg("stream", {"text": "x"}), part: value})
    await pair.send("status", {"execution_state": "idle"})
    assert (await pair.received())["msg_type"] == "status"


async def test_a_message_nested_beyond_reading_is_dropped(pair: Pair) -> None:
    packed = [pair.session.pack(pair.session.msg("stream")["header"]), b"{}", b"{}", b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}"]
    await pair.kernel.send_multipart([b"<IDS|MSG>", pair.session.sign(packed), *packed])
    await pair.send("status", {"execution_state": "idle"})
    assert (await pair.received())["msg_type"] == "status"


async def test_the_content_of_a_huge_message_is_not_decoded(tmp_path: Path) -> None:
    pair = Pair(f"ipc://{tmp_path}/s", TolerantChannel)
    await pair.send("execute_reply", {"status": "ok", "payload": "x" * (MESSAGE_BYTES + 1)})
    found = await pair.received()
    assert (found["msg_type"], found["content"]) == ("execute_reply", {})


async def test_dropped_messages_do_not_make_a_wait_longer(pair: Pair) -> None:
    await pair.kernel.send_multipart([b"nothing"])
    with pytest.raises(Empty):
        await pair.channel.get_msg(timeout=0.2)


async def test_a_flood_does_not_keep_a_timeout_from_firing(pair: Pair) -> None:
    """The socket always has one more; whoever waits beside it must still get a turn."""

    async def flood() -> None:
        while True:
            await pair.send("status", {"execution_state": "busy"})

    async def read() -> None:
        while True:
            await pair.channel.get_msg(timeout=None)

    flooding = asyncio.ensure_future(flood())
    try:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(read(), 0.3)
    finally:
        flooding.cancel()
        await asyncio.gather(flooding, return_exceptions=True)


async def test_output_beyond_the_allowance_is_cut_once_and_then_dropped(tmp_path: Path) -> None:
    pair = Pair(f"ipc://{tmp_path}/s", CappedChannel)
    pair.channel.allowance = 5_000  # type: ignore[attr-defined]
    for _ in range(4):
        await pair.send("stream", {"name": "stdout", "text": "x" * 3_000})
    await pair.send("status", {"execution_state": "idle"})
    kinds = []
    while not kinds or kinds[-1] != "status":
        message = await pair.received()
        kinds.append(message["msg_type"])
        if len(kinds) == 2:
            assert "cut off" in message["content"]["text"]
    assert kinds == ["stream", "stream", "status"]
    pair.close()
