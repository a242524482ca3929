"""Observers for notebook 2.4. Bytes cut where a case says, and sources, readers and departures that are counted in turns of the event loop."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import json
from collections.abc import AsyncGenerator
from types import SimpleNamespace as Namespace
from typing import Any

from ..observation import in_event_loop

Json = Any
PATIENCE = 3000
"""Turns of the event loop after which whoever has not come back never will."""


def ndjson(learner: Namespace, inputs: Json) -> Json:
    """Feed `take_records` a stream in pieces; what each piece gave, and what was left at the end, in hex."""
    lines = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in inputs["lines"]]
    stream = "".join(line + inputs["ending"] for line in lines).encode()
    stream = stream[: len(stream) - inputs["lost"]]
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in inputs["cuts"]), len(stream)]
    rest = b""
    given = []
    for begin, end in itertools.pairwise(edges):
        records, rest = learner.take_records(rest, stream[begin:end])
        given.append(list(records))
        if type(rest) is not bytes:
            raise TypeError(f"the rest is of type {type(rest).__name__}, not bytes")
    return {"given": given, "rest": rest.hex()}


def queue(learner: Namespace, inputs: Json) -> Json:
    """Read `read_ahead` as slowly as the case says: ["take" | "hand", item], ["closed"], ["over", how] and ["left", tasks that still run]."""
    events: list[list[Any]] = []

    async def source() -> AsyncGenerator[str, None]:
        try:
            for number, item in enumerate(inputs["items"]):
                await turns(inputs["pause"])
                if number == inputs["fails_at"]:
                    raise ConnectionError("the model server closed the connection")
                events.append(["take", item])
                yield item
        finally:
            try:
                await asyncio.sleep(0)
            finally:
                events.append(["closed"])

    async def read() -> None:
        stream = learner.read_ahead(source(), inputs["limit"])
        if inspect.iscoroutine(stream):  # nothing is yielded in it, or not yet
            await stream
            raise TypeError("read_ahead yields nothing: it is a coroutine, not an async generator")
        how = "end"
        try:
            for _ in range(len(inputs["items"]) + 1 if inputs["leaves_after"] is None else inputs["leaves_after"]):
                events.append(["hand", await anext(stream)])
                await turns(inputs["slow"])
            how = "leave"
        except (StopAsyncIteration, ConnectionError) as error:
            how = type(error).__name__
        await stream.aclose()
        events.append(["over", how])

    async def watch() -> None:
        before = asyncio.all_tasks()
        reading = asyncio.ensure_future(read())
        if await comes_back(reading):
            reading.result()
        else:
            events.append(["over", "waits for ever"])
        events.append(["left", len(asyncio.all_tasks() - before - {reading})])

    in_event_loop(watch())
    return {"events": events}


def cancel(learner: Namespace, inputs: Json) -> Json:
    """Run `until_gone` and say how it ended, what was closed when it did, how many steps were done, and what still ran."""
    closed: list[str] = []
    steps = 0

    async def work() -> str:
        nonlocal steps
        try:
            for _ in range(inputs["steps"]):
                await asyncio.sleep(0)
                steps += 1
            if inputs["fails"]:
                raise ConnectionError("the model server closed the connection")
            return "what the work returned"
        finally:
            await turns(inputs["closing"])
            closed.append("work")

    async def gone() -> None:
        try:
            await (asyncio.Event().wait() if inputs["leaves_after"] is None else turns(inputs["leaves_after"]))
        finally:
            closed.append("gone")

    async def watch() -> Json:
        before = asyncio.all_tasks()
        parts = work(), gone()
        running = asyncio.ensure_future(learner.until_gone(*parts))
        if inputs["stopped_after"] is not None:
            await turns(inputs["stopped_after"])
            running.cancel()
        back = await comes_back(running)
        at_return = sorted(closed)
        left = len(asyncio.all_tasks() - before - {running})
        for part in parts:
            if inspect.getcoroutinestate(part) == inspect.CORO_CREATED:
                part.close()
        return {"outcome": outcome(running) if back else "waits for ever", "closed": at_return, "steps": steps, "left": left}

    return in_event_loop(watch())


async def turns(number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def comes_back(task: asyncio.Future[Any]) -> bool:
    """Whether a task ends within our patience; one that does not is stopped."""
    for _ in range(PATIENCE):
        if task.done():
            return True
        await asyncio.sleep(0)
    task.cancel()
    await turns(10)
    return False


def outcome(task: asyncio.Future[Any]) -> Any:
    if task.cancelled():
        return "CancelledError"
    error = task.exception()
    return type(error).__name__ if isinstance(error, ConnectionError) else task.result()

