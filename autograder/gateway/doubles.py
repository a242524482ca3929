"""Models without weights: a scripted one, and one whose server misbehaves on purpose.

`double:scripted` gives the replies of its script in order and refuses once they are used up. `double:flaky` goes through a
plan of faults and answers in between: from its script if it has one, else by repeating the last thing it was told.
Faults happen on the socket, not in the client.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .backend import Ask
from .errors import BadRequest, GatewayError, ModelNotFound
from .protocol import ChatRequest, GenerateRequest, Record, final, fragment

NAMES = ("double:scripted", "double:flaky")


class Fault(BaseModel):
    """One entry of a plan. Units: seconds. `at` says whether a stall comes before the answer or after its first words."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["ok", "429", "503", "stall", "reset_midstream", "truncated_json"]
    retry_after: float | None = Field(default=None, ge=0)
    seconds: float = Field(default=1.0, ge=0, le=3600)
    at: Literal["start", "midstream"] = "start"


class Reply(BaseModel):
    """One entry of a script; a plain string is short for `{"content": ...}`. `delay` in seconds before the first word."""

    model_config = ConfigDict(extra="forbid")
    content: str = ""
    tool_calls: list[dict[str, Any]] = Field(default_factory=list)
    done_reason: Literal["stop", "length"] = "stop"
    delay: float = Field(default=0.0, ge=0, le=3600)


class Plan(BaseModel):
    """The body of `POST /double/plan`: a new script, a new list of faults, or a seeded rate of faults. What is absent stays."""

    model_config = ConfigDict(extra="forbid")
    script: list[str | Reply] | None = None
    faults: list[Fault] | None = None
    rate: Annotated[float, Field(ge=0, le=1)] | None = None
    kinds: list[Fault] | None = None
    seed: int = 0


class ServerSays(GatewayError):
    """A fault that is a status line: 429 or 503."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str]) -> None:
        super().__init__(message, headers=headers)
        self.status = status


class ResetConnection(Exception):
    """Tear the connection down in the middle of the answer that follows the records already sent."""


class TruncateJson(Exception):
    """End the answer properly, but in the middle of a JSON text."""


class Doubles:
    """The doubles of one gateway, and what their server saw."""

    name = "double"

    def __init__(self, *, open_plan: bool = True) -> None:
        """With `open_plan` whoever asks them may also say what they do (`POST /double/plan`)."""
        self.open_plan = open_plan
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._script: list[Reply] = []
        self._next = 0
        self._faults: list[Fault] = []
        self._rate = 0.0
        self._kinds: list[Fault] = []
        self._dice = random.Random(0)
        self._open = self._most_open = 0
        self._arrivals: list[float] = []
        self._seen: Counter[str] = Counter()

    def apply(self, plan: Plan) -> None:
        """Set what the plan names, and begin counting afresh."""
        with self._lock:
            if plan.script is not None:
                self._script = [Reply(content=one) if isinstance(one, str) else one for one in plan.script]
                self._next = 0
            if plan.faults is not None:
                self._faults = list(plan.faults)
            if plan.rate is not None:
                self._rate, self._dice = plan.rate, random.Random(plan.seed)
                self._kinds = plan.kinds or [Fault(kind="429", retry_after=0.05), Fault(kind="503")]
            self._began, self._arrivals, self._seen, self._most_open = time.monotonic(), [], Counter(), self._open

    def script(self, replies: Sequence[str | Mapping[str, Any]]) -> None:
        self.apply(Plan.model_validate({"script": [r if isinstance(r, str) else dict(r) for r in replies]}))

    def faults(
        self,
        plan: Sequence[Mapping[str, Any]] | None = None,
        *,
        rate: float | None = None,
        seed: int = 0,
        kinds: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """Set faults to go through one per request, or a `rate` of requests (drawn from `seed`) that meet one of `kinds`."""
        given = {
            "faults": plan and [dict(one) for one in plan],
            "rate": rate,
            "seed": seed,
            "kinds": kinds and [dict(k) for k in kinds],
        }
        self.apply(Plan.model_validate({name: value for name, value in given.items() if value is not None}))

    def stats(self) -> dict[str, Any]:
        """Requests open now and at most at once, kinds of answers given, and arrival times in seconds since the plan was set."""
        with self._lock:
            return {
                "open": self._open,
                "max_open": self._most_open,
                "requests": len(self._arrivals),
                "answers": dict(self._seen),
                "arrivals": [round(moment, 4) for moment in self._arrivals],
                "script_left": len(self._script) - self._next,
            }

    async def answer(self, ask: Ask, *, live: bool) -> AsyncGenerator[Record, None]:
        if ask.tag not in NAMES:
            raise ModelNotFound(ask.tag)
        with self._counted():
            if ask.empty:
                yield final(ask.endpoint, ask.tag, "load")
                return
            fault = self._fault() if ask.tag == "double:flaky" else Fault(kind="ok")
            with self._lock:
                self._seen[fault.kind] += 1
            refuse(fault)
            if fault.kind == "stall" and fault.at == "start":
                await asyncio.sleep(fault.seconds)
            reply = self._reply(ask)
            await asyncio.sleep(reply.delay)
            for number, record in enumerate(_records(ask, reply)):
                if number == 1:
                    await _midway(fault)
                yield record

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._open += 1
            self._most_open = max(self._most_open, self._open)
            self._arrivals.append(time.monotonic() - self._began)
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1

    def _fault(self) -> Fault:
        with self._lock:
            if self._faults:
                return self._faults.pop(0)
            if self._dice.random() < self._rate:
                return self._dice.choice(self._kinds)
            return Fault(kind="ok")

    def _reply(self, ask: Ask) -> Reply:
        with self._lock:
            if self._next < len(self._script):
                self._next += 1
                return self._script[self._next - 1]
            given = len(self._script)
        if ask.tag == "double:scripted":
            raise BadRequest(f"the script of double:scripted has no reply left ({given} were given).", "Set a longer script.")
        return Reply(content=last_words(ask.request))


def refuse(fault: Fault) -> None:
    """Raise the fault if it is a status line."""
    if fault.kind == "429":
        headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
        raise ServerSays(429, "too many requests", headers)
    if fault.kind == "503":
        headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
        raise ServerSays(503, "server busy, please try again. maximum pending requests exceeded", headers)


async def _midway(fault: Fault) -> None:
    if fault.kind == "stall" and fault.at == "midstream":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "reset_midstream":
        raise ResetConnection
    if fault.kind == "truncated_json":
        raise TruncateJson


def last_words(request: ChatRequest | GenerateRequest) -> str:
    """What a double without a script answers: the last message, or the prompt."""
    if isinstance(request, ChatRequest):
        return (request.messages or [])[-1].content or "ok" if request.messages else "ok"
    return request.prompt or "ok"


def _records(ask: Ask, reply: Reply) -> Iterator[Record]:
    words = reply.content.split(" ")
    for number, word in enumerate(words):
        yield fragment(ask.endpoint, ask.tag, content=word if number == 0 else f" {word}")
    if reply.tool_calls and ask.endpoint == "chat":
        yield fragment(ask.endpoint, ask.tag, tool_calls=reply.tool_calls)
    figures = {
        "total_duration": int(reply.delay * 1e9) + 1,
        "load_duration": 0,
        "prompt_eval_count": len(last_words(ask.request).split()),
        "prompt_eval_duration": 1,
        "eval_count": len(words),
        "eval_duration": int(reply.delay * 1e9) + 1,
    }
    yield final(ask.endpoint, ask.tag, reply.done_reason, figures)
