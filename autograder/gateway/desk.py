"""Where a request is taken through everything: allowed? within budget? recorded? then the model, the ledger, the recording."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from typing import Any, Literal

from . import catalog, embedder
from .backend import Ask, Backend, Embedded
from .cassette import Cassette, CassetteMode, Player, Recording, canonical, pack, remembered, replay, request_key, text_key
from .doubles import Doubles, ResetConnection, TruncateJson
from .errors import BadRequest, GatewayError, ModelNotAllowed, ModelNotFound, NotRecorded
from .ledger import Entry, Ledger
from .protocol import ChatRequest, EmbedRequest, GenerateRequest, Record, merged, parse
from .upstream import UpstreamBackend

GONE = 499
"""The status the ledger gives a call whose client went away before the answer was complete."""


class Desk:
    """Everything one gateway knows while it answers."""

    def __init__(
        self,
        backend: Backend,
        *,
        ledger: Ledger,
        mode: CassetteMode,
        player: Player,
        tape: Cassette | None = None,
        allowed: Collection[str] | None = None,
        doubles: Doubles | None = None,
    ) -> None:
        self.backend = backend
        self.ledger = ledger
        self.mode = mode
        self.player = player
        self.tape = tape
        self.allowed = None if allowed is None else frozenset(allowed)
        self.doubles = doubles or Doubles()

    async def ask(self, endpoint: Literal["chat", "generate"], body: Any) -> Ask:
        """Validate a chat or generate request and give it its digest and key."""
        request = parse(ChatRequest, body) if endpoint == "chat" else parse(GenerateRequest, body)
        digest = await self.digest(request.model)
        return Ask(endpoint, request, body, digest, request_key(digest, endpoint, canonical(body)))

    async def digest(self, tag: str) -> str:
        """Which weights a name stands for here; refuses names that are unknown or not allowed in this run."""
        if self.allowed is not None and tag not in self.allowed:
            raise ModelNotAllowed(tag, tuple(self.allowed))
        if tag.startswith("double:"):
            return tag
        model = catalog.find(tag)
        if model is not None:
            return model.digest
        if isinstance(self.backend, UpstreamBackend):
            return await self.backend.digest(tag)
        raise ModelNotFound(tag)

    def answer(self, ask: Ask, *, live: bool) -> Answer:
        return Answer(self, ask, live)

    def recorded(self, key: str, number: int, live: bool, what: str) -> Recording | None:
        """The recording to answer with; None means ask the model. Refuses in REPLAY_ONLY when there is none."""
        if self.mode is CassetteMode.REPLAY_ONLY and live:
            raise NotRecorded(f"{what}, which asks to be answered live")
        if live or self.mode in (CassetteMode.LIVE, CassetteMode.RECORD):
            return None
        found = self.player.find(key, number)
        if found is None and self.mode is CassetteMode.REPLAY_ONLY:
            raise NotRecorded(what)
        return found

    async def embed(self, endpoint: str, request: EmbedRequest, *, live: bool) -> tuple[Embedded, bool]:
        """Vectors for all texts, each from its recording if there is one; and whether all of them were recorded."""
        digest = await self.digest(request.model)
        keys = [text_key(digest, text, request.dimensions) for text in request.texts]
        entry = self.ledger.open(endpoint, request.model, digest, request_key(digest, "embed", canonical({"input": request.texts})))
        try:
            result, replayed = await self._vectors(request, digest, keys, live)
        except GatewayError as error:
            entry.close(error.status, str(error))
            raise
        except BaseException as error:
            entry.close(GONE if isinstance(error, asyncio.CancelledError) else 500, type(error).__name__)
            raise
        entry.replayed, entry.prompt_tokens = replayed, result.tokens
        entry.close(200)
        return result, replayed

    async def _vectors(self, request: EmbedRequest, digest: str, keys: list[str], live: bool) -> tuple[Embedded, bool]:
        texts = request.texts
        found = [self.recorded(key, 0, live, f"the embedding of {_short(text)!r}") for key, text in zip(keys, texts, strict=True)]
        missing = [text for text, one in zip(texts, found, strict=True) if one is None]
        fresh = await self._embed_live(request, missing) if missing or not texts else Embedded([], 0)
        new = iter(fresh.vectors)
        vectors = [next(new) if one is None else one.vector() for one in found]
        if self.tape is not None:
            self._tape_vectors(request, digest, dict(zip(keys, vectors, strict=True)))
        tokens = fresh.tokens + sum(int(one.response.get("tokens") or 0) for one in found if one is not None)
        return Embedded(vectors, tokens), bool(texts) and not missing

    def _tape_vectors(self, request: EmbedRequest, digest: str, vectors: dict[str, list[float]]) -> None:
        assert self.tape is not None
        self.tape.append(
            Recording(key, "embed", request.model, digest, 0, None, {"vector": pack(vector)}) for key, vector in vectors.items()
        )

    async def _embed_live(self, request: EmbedRequest, texts: list[str]) -> Embedded:
        model = catalog.find(request.model)
        local = model is not None and model.kind == "embed" and catalog.installed(model)
        if local and model is not None:
            one = embedder.shared(model.digest)
            return await asyncio.to_thread(one.embed, texts, truncate=request.truncate is not False, dimensions=request.dimensions)
        if isinstance(self.backend, UpstreamBackend):
            body = {"model": request.model, "input": texts, "truncate": request.truncate, "dimensions": request.dimensions}
            answer = await self.backend.call("POST", "/api/embed", {k: v for k, v in body.items() if v is not None})
            return Embedded(answer["embeddings"], int(answer.get("prompt_eval_count") or 0))
        if model is None or model.kind == "embed":
            raise ModelNotFound(request.model)
        raise BadRequest(f'"{request.model}" does not support embeddings')


class Answer:
    """One request being answered; iterate it once. `replayed` is known from the first record on."""

    def __init__(self, desk: Desk, ask: Ask, live: bool) -> None:
        self._desk = desk
        self._ask = ask
        self._live = live
        self.replayed = False

    async def records(self) -> AsyncGenerator[Record, None]:
        desk, ask = self._desk, self._ask
        backend: Backend = desk.doubles if ask.tag.startswith("double:") else desk.backend
        if ask.empty:
            async for record in self._idle(backend):
                yield record
            return
        request = ask.request
        entry = desk.ledger.open(ask.endpoint, ask.tag, ask.digest, ask.key, format=bool(request.format), stream=request.streams)
        try:
            number = desk.player.count(ask.key)
            found = desk.recorded(ask.key, number, self._live, _described(ask))
            source = self._replayed(found) if found is not None else self._asked(backend, number)
            async with aclosing(source) as records:
                async for record in records:
                    entry.replayed = self.replayed
                    _count(entry, record)
                    yield record
        except GatewayError as error:
            entry.close(error.status, str(error))
            raise
        except (GeneratorExit, asyncio.CancelledError):
            entry.close(GONE, "the client went away")
            raise
        except (ResetConnection, TruncateJson) as fault:
            entry.close(200, type(fault).__name__)
            raise
        except Exception as error:
            entry.close(500, f"{type(error).__name__}: {error}")
            raise
        entry.close(200)

    async def _idle(self, backend: Backend) -> AsyncGenerator[Record, None]:
        if self._desk.mode is CassetteMode.REPLAY_ONLY and not isinstance(backend, Doubles):
            raise NotRecorded("a request to load a model")
        async with aclosing(backend.answer(self._ask, live=self._live)) as records:
            async for record in records:
                yield record

    async def _replayed(self, found: Recording) -> AsyncGenerator[Record, None]:
        self.replayed = True
        for record in replay(found, self._ask.tag, stream=self._ask.request.streams):
            yield record

    async def _asked(self, backend: Backend, number: int) -> AsyncGenerator[Record, None]:
        """Ask the backend. A double and a caller that insists on live answers are never recorded: nothing would be replayed rightly."""
        heard: list[Record] = []
        tape = None if self._live or isinstance(backend, Doubles) else self._desk.tape
        async with aclosing(backend.answer(self._ask, live=self._live)) as records:
            async for record in records:
                self.replayed = bool(record.pop("replayed", self.replayed))
                if tape is not None:
                    heard.append(record)
                yield record
        if tape is not None and heard and heard[-1].get("done"):
            tape.append([self._recording(heard, number)])

    def _recording(self, heard: list[Record], number: int) -> Recording:
        ask = self._ask
        return Recording(
            ask.key, ask.endpoint, ask.tag, ask.digest, number, canonical(ask.body), remembered(merged(ask.endpoint, heard))
        )


def _count(entry: Entry, record: Record) -> None:
    """Keep the counts of the final record; until it comes, a fragment counts as a token."""
    if record.get("done"):
        entry.prompt_tokens = int(record.get("prompt_eval_count") or 0)
        entry.completion_tokens = int(record.get("eval_count") or 0)
    else:
        entry.completion_tokens += 1


def _described(ask: Ask) -> str:
    request = ask.request
    if isinstance(request, ChatRequest):
        words = (request.messages or [])[-1].content or ""
    else:
        words = request.prompt or request.suffix or ""
    return f"the {ask.endpoint} request to {ask.tag} ending in {_short(words[-60:])!r} (key {ask.key[:12]})"


def _short(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
