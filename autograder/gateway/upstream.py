"""Passes requests on to a real Ollama, and its answers back."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx

from .backend import Ask
from .errors import ModelNotFound, UpstreamFailed, UpstreamRefused
from .protocol import Record

_CONNECT_SECONDS = 5.0
_PASSED_ON = ("retry-after",)


class UpstreamBackend:
    """A real Ollama (or another gateway) at `url`. Must be used from one event loop."""

    name = "upstream"

    def __init__(self, url: str) -> None:
        self.url = url
        self._client: httpx.AsyncClient | None = None

    @property
    def client(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                base_url=self.url, timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS), trust_env=False
            )
        return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def answer(self, ask: Ask, *, live: bool) -> AsyncGenerator[Record, None]:
        async for record in self.stream(f"/api/{ask.endpoint}", ask.body, live=live):
            yield record

    async def stream(self, path: str, body: Any, *, live: bool = False) -> AsyncGenerator[Record, None]:
        """The records of a POST. A record that another gateway replayed carries `"replayed": true` (take it out before sending)."""
        headers = {"X-Cassette-Mode": "live"} if live else {}
        try:
            async with self.client.stream("POST", path, json=body, headers=headers) as answer:
                if answer.status_code != 200:
                    raise _refused(answer, await answer.aread())
                replayed = answer.headers.get("x-replayed") == "true"
                async for line in answer.aiter_lines():
                    if line.strip():
                        yield _record(line, replayed)
        except httpx.HTTPError as error:
            raise self._failed(error) from error

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """The decoded JSON answer of a request that is no stream."""
        try:
            answer = await self.client.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise self._failed(error) from error
        if answer.status_code != 200:
            raise _refused(answer, answer.content)
        return answer.json()

    async def digest(self, tag: str) -> str:
        """The digest under which upstream lists a model."""
        for model in (await self.call("GET", "/api/tags")).get("models") or []:
            if tag in (model.get("name"), model.get("model")) or f"{tag}:latest" in (model.get("name"), model.get("model")):
                return str(model["digest"])
        raise ModelNotFound(tag)

    def _failed(self, error: httpx.HTTPError) -> UpstreamFailed:
        return UpstreamFailed(f"the Ollama server at {self.url} broke off ({type(error).__name__}).", "See that it still runs.")


def _record(line: str, replayed: bool) -> Record:
    try:
        record: Record = json.loads(line)
    except ValueError:
        raise UpstreamFailed("the Ollama server sent a line that is not JSON.", "Ask again.") from None
    if "error" in record:
        raise UpstreamRefused(500, str(record["error"]))
    return record | {"replayed": True} if replayed else record


def _refused(answer: httpx.Response, content: bytes) -> UpstreamRefused:
    try:
        message = str(json.loads(content)["error"])
    except (ValueError, KeyError, TypeError):
        message = content.decode("utf-8", "replace")[:500] or answer.reason_phrase
    headers = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
    return UpstreamRefused(answer.status_code, message, headers)
