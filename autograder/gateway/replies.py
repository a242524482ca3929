"""Writes answers to the socket: NDJSON while they come, or one JSON record; and stops the model when nobody listens."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import struct
import sys
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from .desk import Answer
from .doubles import ResetConnection, TruncateJson
from .errors import GatewayError
from .protocol import Record, merged

log = logging.getLogger("autograder.gateway")


def encoded(record: Any) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def refusal(error: GatewayError) -> JSONResponse:
    return JSONResponse(error.body(), error.status, headers=error.headers)


class ModelReply:
    """An ASGI application that sends one `Answer`. A client that goes away cancels it, which stops the generation."""

    def __init__(self, answer: Answer, endpoint: str, *, stream: bool) -> None:
        self._answer = answer
        self._endpoint = endpoint
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await until_gone(Writing(self._answer, self._endpoint, scope, receive, send).run(self._stream), receive)


async def until_gone(work: Any, receive: Receive) -> None:
    """Run `work`, but cancel it when the client disconnects."""
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watching.cancel()
        if not working.done():
            working.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)
    if not working.cancelled() and (error := working.exception()) is not None:
        raise error


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class Writing:
    """One answer on its way out, as Ollama writes it."""

    streamed: Mapping[str, str] = {"content-type": "application/x-ndjson"}
    torn = b'{"model":"double:fla'
    """What a provider that cuts its answer off leaves behind."""

    def __init__(self, answer: Answer, endpoint: str, scope: Scope, receive: Receive, send: Send) -> None:
        self._answer = answer
        self._endpoint = endpoint
        self._scope = scope
        self._receive = receive
        self._send = send
        self._begun = False

    async def run(self, stream: bool) -> None:
        try:
            await (self._lines() if stream else self._whole())
        except GatewayError as error:
            await self._refuse(error)
        except Exception as error:
            log.exception("answering failed")
            await self._refuse(
                GatewayError(f"the gateway failed: {type(error).__name__}: {error}.", "This is a defect; please report it.")
            )

    async def _refuse(self, error: GatewayError) -> None:
        if self._begun:  # Ollama reports errors in the middle of a stream as a last line
            await self._body(encoded(error.body()) + b"\n", more=False)
        else:
            await refusal(error)(self._scope, self._receive, self._send)

    async def _lines(self) -> None:
        async with aclosing(self._answer.records()) as records:
            try:
                async for record in records:
                    if not self._begun:
                        await self._start(self.streamed)
                    await self._piece(record)
            except ResetConnection:
                await self._reset()
                return
            except TruncateJson:
                await self._body(self.torn, more=False)
                return
        await self._end()

    async def _piece(self, record: Record) -> None:
        await self._body(encoded(record) + b"\n")

    async def _end(self) -> None:
        await self._body(b"", more=False)

    async def _whole(self) -> None:
        heard: list[Record] = []
        fault: Exception | None = None
        async with aclosing(self._answer.records()) as records:
            try:
                async for record in records:
                    heard.append(record)
            except (ResetConnection, TruncateJson) as caught:
                fault = caught
        body = encoded(merged(self._endpoint, heard))
        sent = body if fault is None else body[: len(body) // 2]
        length = len(body) if isinstance(fault, ResetConnection) else len(sent)
        await self._start({"content-type": "application/json; charset=utf-8", "content-length": str(length)})
        if isinstance(fault, ResetConnection):
            await self._body(sent)
            await self._reset()
        else:
            await self._body(sent, more=False)

    async def _start(self, headers: Mapping[str, str]) -> None:
        self._begun = True
        every = {**headers, "x-replayed": "true" if self._answer.replayed else "false"}
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in every.items()]
        await self._send({"type": "http.response.start", "status": 200, "headers": pairs})

    async def _body(self, body: bytes, *, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def _reset(self) -> None:
        """Break the connection: a TCP reset, or on a Unix socket an end in the middle of the body."""
        transport: asyncio.Transport = self._scope["autograder.transport"]
        await asyncio.sleep(0.02)  # let what was written leave first
        line = transport.get_extra_info("socket")
        if line is not None and line.family != getattr(socket, "AF_UNIX", None):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0))
        transport.abort()
        await asyncio.sleep(0)
