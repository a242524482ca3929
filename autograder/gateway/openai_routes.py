"""`/v1/chat/completions`, `/v1/embeddings` and `/v1/models`: the same desk, behind OpenAI's dialect."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from . import listing
from .desk import Answer
from .doubles import ResetConnection, TruncateJson
from .errors import EngineFailed, GatewayError
from .openai import Completion, Embeddings, Reply, embeddings, error_body
from .protocol import EmbedRequest, Record, merged, parse
from .replies import Writing, encoded, until_gone
from .requests import body_of, desk_of, wants_live


def routes() -> list[Route]:
    return [
        Route("/v1/chat/completions", Completions(), methods=["POST"]),
        Route("/v1/embeddings", _embeddings, methods=["POST"]),
        Route("/v1/models", _models, methods=["GET"]),
    ]


def refusal(error: GatewayError) -> JSONResponse:
    return JSONResponse(error_body(error), error.status, headers=error.headers)


class Completions:
    """`/v1/chat/completions`; an ASGI endpoint, since the answer needs to see the client leave."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            asked = parse(Completion, await body_of(request))
            ask = await desk_of(request).ask("chat", asked.as_chat())
        except GatewayError as error:
            await refusal(error)(scope, receive, send)
            return
        answer = desk_of(request).answer(ask, live=wants_live(request))
        writing = EventStream(answer, asked, scope, receive, send)
        await until_gone(writing.run(asked.stream), receive)


class EventStream(Writing):
    """Writes one answer as server-sent events, or as one completion."""

    streamed: Mapping[str, str] = {"content-type": "text/event-stream", "cache-control": "no-cache"}
    torn = b'data: {"id":"chatcmpl-'

    def __init__(self, answer: Answer, asked: Completion, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(answer, "chat", scope, receive, send)
        self._asked = asked
        self._reply = Reply(asked.model)

    async def _refuse(self, error: GatewayError) -> None:
        if self._begun:
            await self._event(encoded(error_body(error)), more=False)
        else:
            await refusal(error)(self._scope, self._receive, self._send)

    async def _piece(self, record: Record) -> None:
        await self._event(encoded(self._reply.chunk(record)))
        if record["done"] and self._asked.stream_options and self._asked.stream_options.include_usage:
            await self._event(encoded(self._reply.last(record)))

    async def _end(self) -> None:
        await self._event(b"[DONE]", more=False)

    async def _whole(self) -> None:
        heard: list[Record] = []
        async with aclosing(self._answer.records()) as records:
            try:
                async for record in records:
                    heard.append(record)
            except (ResetConnection, TruncateJson):
                raise EngineFailed("the answer broke off in the middle.", "Ask again.") from None
        await self._start({"content-type": "application/json"})
        await self._body(encoded(self._reply.whole(merged("chat", heard))), more=False)

    async def _event(self, data: bytes, *, more: bool = True) -> None:
        await self._body(b"data: " + data + b"\n\n", more=more)


async def _embeddings(request: Request) -> Response:
    try:
        asked = parse(Embeddings, await body_of(request))
        plain = parse(EmbedRequest, asked.as_embed())
        result, replayed = await desk_of(request).embed("embed", plain, live=wants_live(request))
    except GatewayError as error:
        return refusal(error)
    return JSONResponse(embeddings(asked, result.vectors, result.tokens), headers={"X-Replayed": str(replayed).lower()})


async def _models(request: Request) -> Response:
    rows = (await listing.tags(desk_of(request)))["models"]
    data = [{"id": row["model"], "object": "model", "created": _seconds(row["modified_at"]), "owned_by": "library"} for row in rows]
    return JSONResponse({"object": "list", "data": data})


def _seconds(stamp: str) -> int:
    """Seconds since the epoch of an RFC 3339 time; a real Ollama gives nanoseconds, which Python cuts at microseconds."""
    return int(datetime.fromisoformat(stamp).timestamp())
