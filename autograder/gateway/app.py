"""The routes: Ollama's own, OpenAI's dialect under `/v1`, and `/double/...` for whoever scripts a double from another process."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Literal

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ..errors import CourseError
from . import listing, openai_routes
from .desk import Desk
from .doubles import Plan
from .errors import BadRequest, GatewayError, PlanClosed
from .protocol import VERSION, EmbeddingsRequest, EmbedRequest, NamedRequest, Record, parse
from .replies import ModelReply, encoded, refusal, until_gone
from .requests import body_of, desk_of, wants_live


def build(desk: Desk) -> ASGIApp:
    """The gateway's ASGI application around one desk."""
    routes = [
        Route("/", _hello, methods=["GET", "HEAD"]),
        Route("/api/version", _version, methods=["GET", "HEAD"]),
        Route("/api/tags", _tags, methods=["GET", "HEAD"]),
        Route("/api/ps", _ps, methods=["GET"]),
        Route("/api/show", _show, methods=["POST"]),
        Route("/api/pull", _pull, methods=["POST"]),
        Route("/api/chat", ModelRoute("chat"), methods=["POST"]),
        Route("/api/generate", ModelRoute("generate"), methods=["POST"]),
        Route("/api/embed", EmbedRoute(_embed), methods=["POST"]),
        Route("/api/embeddings", EmbedRoute(_embeddings), methods=["POST"]),
        *openai_routes.routes(),
        Route("/double/plan", _plan, methods=["POST"]),
        Route("/double/stats", _stats, methods=["GET"]),
    ]
    handlers = {GatewayError: _refused, HTTPException: _no_route}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.state.desk = desk
    return app


class ModelRoute:
    """`/api/chat` and `/api/generate`; an ASGI endpoint, since the answer needs to see the client leave."""

    def __init__(self, endpoint: Literal["chat", "generate"]) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        desk = desk_of(request)
        ask = await desk.ask(self._endpoint, await body_of(request))
        reply = ModelReply(desk.answer(ask, live=wants_live(request)), self._endpoint, stream=ask.request.streams)
        await reply(scope, receive, send)


class EmbedRoute:
    """The two embedding endpoints; also cancelled when the client leaves."""

    def __init__(self, work: Callable[[Request], Awaitable[Response]]) -> None:
        self._work = work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await body_of(request)
        request.state.body = body

        async def respond() -> None:
            try:
                response = await self._work(request)
            except GatewayError as error:
                response = refusal(error)
            await response(scope, receive, send)

        await until_gone(respond(), receive)


async def _embed(request: Request) -> Response:
    began = time.perf_counter_ns()
    asked = parse(EmbedRequest, request.state.body)
    result, replayed = await desk_of(request).embed("embed", asked, live=wants_live(request))
    body = {
        "model": asked.model,
        "embeddings": result.vectors,
        "total_duration": time.perf_counter_ns() - began,
        "load_duration": 0,
        "prompt_eval_count": result.tokens,
    }
    return JSONResponse(body, headers={"X-Replayed": str(replayed).lower()})


async def _embeddings(request: Request) -> Response:
    asked = parse(EmbeddingsRequest, request.state.body)
    one = EmbedRequest(model=asked.model, input=[asked.prompt] if asked.prompt else [])
    result, replayed = await desk_of(request).embed("embeddings", one, live=wants_live(request))
    return JSONResponse({"embedding": result.vectors[0] if result.vectors else []}, headers={"X-Replayed": str(replayed).lower()})


async def _hello(request: Request) -> Response:
    return PlainTextResponse("Ollama is running")


async def _version(request: Request) -> Response:
    return JSONResponse({"version": VERSION})


async def _tags(request: Request) -> Response:
    return JSONResponse(await listing.tags(desk_of(request)))


async def _ps(request: Request) -> Response:
    return JSONResponse(await listing.ps(desk_of(request)))


async def _show(request: Request) -> Response:
    return JSONResponse(await listing.show(desk_of(request), parse(NamedRequest, await body_of(request))))


async def _pull(request: Request) -> Response:
    asked = parse(NamedRequest, await body_of(request))
    records = listing.pull(desk_of(request), asked)
    if asked.stream is False:
        return JSONResponse([record async for record in records][-1])
    first = await anext(records)
    return StreamingResponse(_lines(first, records), media_type="application/x-ndjson")


async def _lines(first: Record, rest: AsyncGenerator[Record, None]) -> AsyncGenerator[bytes, None]:
    yield encoded(first) + b"\n"
    try:
        async for record in rest:
            yield encoded(record) + b"\n"
    except (CourseError, OSError, ValueError) as error:  # the status line has been sent: the last record says what went wrong
        yield encoded({"error": str(error)}) + b"\n"


async def _plan(request: Request) -> Response:
    if not desk_of(request).doubles.open_plan:
        raise PlanClosed
    try:
        desk_of(request).doubles.apply(Plan.model_validate(await body_of(request)))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadRequest(f"field '{'.'.join(map(str, first['loc']))}': {first['msg']}") from None
    return JSONResponse(desk_of(request).doubles.stats())


async def _stats(request: Request) -> Response:
    return JSONResponse(desk_of(request).doubles.stats())


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, GatewayError)
    return refusal(error)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    text = f"{error.status_code} page not found" if error.status_code == 404 else error.detail.lower()
    return PlainTextResponse(text, error.status_code, headers=error.headers)
