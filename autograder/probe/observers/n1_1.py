"""Observers for notebook 1.1. A virtual clock, scripted servers and counting jobs stand in for what takes time or fails at will."""

from __future__ import annotations

import asyncio
import copy
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace as Namespace
from typing import Any

from ..observation import in_event_loop

Json = Any


class VirtualClock:
    """Seconds that pass only when somebody sleeps or waits, so that an hour of retries is tested in a millisecond."""

    def __init__(self, events: list[Any]) -> None:
        self.seconds = 0.0
        self.events = events

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError(f"cannot sleep {seconds} s")
        self.seconds += seconds
        self.events.append(["sleep", seconds])


@dataclass
class Reply:
    """What the transport returns: the parts of an HTTP response that a retry decides on."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


def retry(learner: Namespace, inputs: Json) -> Json:
    """Drive `call_with_retry` over a scripted server on a virtual clock, and say what it did: ["call", timeout] or ["sleep", seconds].

    When that was and what the server said follows from the script; whoever judges works it out anew.
    """
    events: list[Any] = []
    clock = VirtualClock(events)
    script = iter(inputs["script"])
    calls = itertools.count()

    def transport(timeout: float | None = None) -> Reply:
        if next(calls) >= 50:
            raise RuntimeError("50 attempts: this does not end")
        step: dict[str, Any] = next(script, {"takes": 0.0, "status": 200})
        events.append(["call", timeout])
        waits = step["takes"] if timeout is None else min(step["takes"], timeout)
        clock.seconds += waits
        if waits < step["takes"] or "status" not in step:
            raise TimeoutError(f"no answer within {waits:g} s")
        headers = {"Retry-After": f"{step['retry_after']:g}"} if "retry_after" in step else {}
        return Reply(step["status"], headers)

    outcome: int | str
    try:
        outcome = learner.call_with_retry(transport, max_attempts=inputs["max_attempts"], deadline=inputs["deadline"], clock=clock).status
    except TimeoutError:
        outcome = "TimeoutError"
    return {"events": events, "outcome": outcome}


def idempotent(learner: Namespace, inputs: Json) -> Json:
    """Send requests to `handle`, one after the other, and record each reply and whether the action ran."""
    store: dict[str, Any] = {}
    receipts = itertools.count(1)
    replies = []
    for request in inputs["requests"]:
        acted: list[bool] = []

        def act(body: dict[str, Any], *, fails: bool = request["fails"], acted: list[bool] = acted) -> dict[str, Any]:
            acted.append(True)
            if fails:
                raise ConnectionError("the payment provider did not answer")
            return {"receipt": next(receipts), "amount": body.get("amount")}

        status, body = learner.handle(request["key"], copy.deepcopy(request["body"]), store, act)
        replies.append({"status": status, "body": copy.deepcopy(body), "acted": len(acted) == 1, "acts": len(acted)})
    return {"replies": replies}


def gather(learner: Namespace, inputs: Json) -> Json:
    """Run `gather_bounded` over jobs that note when they start and end: ["start" | "end", job, turn of the event loop]."""
    events: list[list[Any]] = []
    turn = 0

    def job(number: int, steps: int, fails: bool) -> Callable[[], Awaitable[int]]:
        async def run() -> int:
            events.append(["start", number, turn])
            try:
                for _ in range(steps):
                    await asyncio.sleep(0)
                if fails:
                    raise RuntimeError(f"call {number} failed")
                return number
            finally:
                events.append(["end", number, turn])

        return run

    jobs = [job(number, item["steps"], item["fails"]) for number, item in enumerate(inputs["jobs"])]

    async def watch() -> list[Any]:
        nonlocal turn
        task = asyncio.ensure_future(learner.gather_bounded(jobs, inputs["limit"]))
        while not task.done():
            turn += 1
            await asyncio.sleep(0)
        found: list[Any] = await task
        return found

    results = in_event_loop(watch())
    shown = [{"error": type(r).__name__} if isinstance(r, BaseException) else {"value": r} for r in results]
    return {"results": shown, "events": events}
