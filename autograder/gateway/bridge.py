"""From a blocking thread to an asyncio reader: a bounded stream that the reader can break off."""

from __future__ import annotations

import asyncio
import atexit
import threading
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")
ROOM = 256
GRACE = 20.0
"""Seconds that producers get to stop when the process ends. The engine asks between batches of a prompt, which takes it some seconds."""


class Channel(Generic[T]):
    """What a producer's thread may do: `put`, which blocks while the reader is `ROOM` items behind."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._items: asyncio.Queue[T | BaseException | None] = asyncio.Queue()
        self._room = threading.Semaphore(ROOM)
        self._gone = threading.Event()

    @property
    def gone(self) -> bool:
        """Whether the reader went away: the producer should stop."""
        return self._gone.is_set()

    def put(self, item: T) -> bool:
        """Hand an item over; False when nobody reads any more."""
        while not self._room.acquire(timeout=0.2):
            if self.gone:
                return False
        return self._send(item)

    def fail(self, error: BaseException) -> None:
        """Raise `error` in the reader, after what was put before."""
        self._send(error)

    def _send(self, item: T | BaseException | None) -> bool:
        if self.gone:
            return False
        try:
            self._loop.call_soon_threadsafe(self._items.put_nowait, item)
        except RuntimeError:  # the loop has been closed
            self._gone.set()
        return not self.gone


async def stream(produce: Callable[[Channel[T]], None]) -> AsyncGenerator[T, None]:
    """Run `produce` in a thread of its own and yield what it puts; its exception is raised here.
    Closing the iterator tells the producer to stop, and does not wait for it."""
    channel: Channel[T] = Channel(asyncio.get_running_loop())

    def run() -> None:
        try:
            produce(channel)
        except BaseException as error:
            channel._send(error)
        else:
            channel._send(None)

    producer = threading.Thread(target=run, name="gateway-producer", daemon=True)
    _producing[producer] = channel
    producer.start()
    try:
        while (item := await channel._items.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            channel._room.release()
            yield item
    finally:
        channel._gone.set()


_producing: WeakKeyDictionary[threading.Thread, Channel[Any]] = WeakKeyDictionary()


@atexit.register
def _break_off() -> None:
    """Stop the producers before the interpreter does: a thread that it ends inside the engine's C++ aborts the process."""
    for channel in list(_producing.values()):
        channel._gone.set()
    deadline = time.monotonic() + GRACE
    for producer in list(_producing):
        producer.join(max(0.0, deadline - time.monotonic()))
