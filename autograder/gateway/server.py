"""A `Gateway`: Ollama's protocol served from a thread of this process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from . import app, catalog, resolve
from .backend import Backend
from .budget import Budget
from .cassette import Cassette, CassetteMode, Player, cassettes_in
from .desk import Desk
from .doubles import Doubles
from .errors import BadCassette, CannotServe, ModelNotFound
from .ledger import Ledger
from .llama import LlamaBackend
from .upstream import UpstreamBackend

_GRACE_SECONDS = 2
_TICK_SECONDS = 0.1
_running: set[Gateway] = set()


class Gateway:
    """One front: its own port and socket, ledger, budget, cassettes and doubles, over the engine all fronts share.

    `port` None serves no TCP, 0 picks a free one; with neither port nor socket a free port is picked. `backend` None resolves
    as `resolve.choose` says; "llama", "upstream" (at `upstream_url`, or what `resolve` finds) or "double:scripted" (doubles only) fix it.
    `record_to` makes every live answer a recording too; mode RECORD without it records to the first of `cassettes`. Without `open_plan`
    the doubles obey this object only.
    """

    def __init__(
        self,
        *,
        cassettes: Sequence[Path] = (),
        mode: CassetteMode | str = CassetteMode.REPLAY,
        record_to: Path | None = None,
        budget: Budget | None = None,
        socket: Path | None = None,
        host: str = "127.0.0.1",
        port: int | None = None,
        backend: str | Backend | None = None,
        models_allowed: Sequence[str] | None = None,
        upstream_url: str | None = None,
        open_plan: bool = True,
    ) -> None:
        self.mode = CassetteMode(mode)
        self.ledger = Ledger(budget)
        self.doubles = Doubles(open_plan=open_plan)
        self.socket = socket
        self.port = 0 if port is None and socket is None else port
        self.why = ""
        self._host = host
        self._backend = backend
        self._upstream_url = upstream_url
        self._choice: resolve.Choice | None = None
        self._cassettes = cassettes_in(cassettes)
        self._tape = self._tape_for(record_to, cassettes)
        self._allowed = models_allowed
        self._server: _Uvicorn | None = None
        self._thread: threading.Thread | None = None

    def _tape_for(self, record_to: Path | None, cassettes: Sequence[Path]) -> Cassette | None:
        if record_to is None and self.mode is CassetteMode.RECORD:
            if not cassettes or cassettes[0].is_dir():
                raise BadCassette("recording needs a cassette file to write to.", "Give record_to, or name a .jsonl file.")
            record_to = cassettes[0]
        return None if record_to is None else Cassette(record_to)

    @property
    def url(self) -> str:
        if self.port is None:
            raise CannotServe("this gateway serves a Unix socket only.", "Give it a port to get a URL.")
        return f"http://{self._host}:{self.port}"

    def script(self, replies: Sequence[str | Mapping[str, Any]]) -> None:
        """The replies of `double:scripted`, in order."""
        self.doubles.script(replies)

    def faults(self, plan: Sequence[Mapping[str, Any]] | None = None, **rate: Any) -> None:
        """The faults of `double:flaky`: a list to go through, or `rate`, `seed` and `kinds`."""
        self.doubles.faults(plan, **rate)

    def model_info(self, tag: str) -> dict[str, str]:
        """`{"tag", "digest"}` of a model as this gateway names it."""
        model = catalog.find(tag)
        if model is not None:
            return {"tag": model.tag, "digest": model.digest}
        if tag.startswith("double:"):
            return {"tag": tag, "digest": tag}
        if self._choice is not None and self._choice.url:
            return {"tag": tag, "digest": asyncio.run(_digest_at(self._choice.url, tag))}
        raise ModelNotFound(tag)

    def beside(self) -> Gateway:
        """Another front over the same model: live, on a port of its own, without budget, cassettes or doubles' scripts."""
        fixed = self._choice is not None and self._choice.url is not None
        return Gateway(
            mode=CassetteMode.LIVE,
            port=0,
            backend="upstream" if fixed else self._backend or "llama",
            upstream_url=self._choice.url if fixed and self._choice else None,
        )

    def start(self) -> Self:
        """Serve until `stop`; raises `CannotServe` when the port or the socket cannot be had."""
        sockets = self._listen()
        try:
            backend = self._resolved()
            desk = Desk(
                backend,
                ledger=self.ledger,
                mode=self.mode,
                player=Player(self._cassettes),
                tape=self._tape,
                allowed=self._allowed,
                doubles=self.doubles,
            )
        except BaseException:
            for line in sockets:
                line.close()
            raise
        self._server = _Uvicorn(_config(app.build(desk)))
        self._thread = threading.Thread(target=self._serve, args=(self._server, sockets, backend), name="gateway", daemon=True)
        self._thread.start()
        self._server.ready.wait()
        _running.add(self)
        return self

    def stop(self) -> None:
        """Stop serving; answers under way are broken off after a short grace."""
        _running.discard(self)
        if self._server is not None and self._thread is not None:
            self._server.leave()
            self._thread.join()
            self._server = self._thread = None
        if self._choice is not None:
            self._choice.stop()
        if self.socket is not None:
            self.socket.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _serve(self, server: _Uvicorn, sockets: list[socket.socket], backend: Backend) -> None:
        async def serve() -> None:
            try:
                await server.serve(sockets=sockets)
            finally:
                if isinstance(backend, UpstreamBackend):
                    await backend.close()

        try:
            asyncio.run(serve())
        finally:
            server.ready.set()

    def _listen(self) -> list[socket.socket]:
        lines = []
        if self.port is not None:
            lines.append(_tcp(self._host, self.port))
            self.port = lines[0].getsockname()[1]
        if self.socket is not None:
            lines.append(_unix(self.socket))
        return lines

    def _resolved(self) -> Backend:
        if isinstance(self._backend, str) and self._backend.startswith("double"):
            return self.doubles
        if self._backend == "llama":
            return LlamaBackend()
        if self._backend in (None, "upstream"):
            own = [gateway.url for gateway in _running if gateway.port is not None] + ([self.url] if self.port is not None else [])
            self._choice = (
                resolve.Choice(self._upstream_url, "named by the caller") if self._upstream_url else resolve.choose(own=own)
            )
            self.why = self._choice.why
            if self._choice.url is not None:
                return UpstreamBackend(self._choice.url)
            if self._backend == "upstream":
                raise CannotServe("no Ollama server was found.", "Start Ollama or set OLLAMA_HOST, or use the embedded engine.")
            return LlamaBackend()
        if isinstance(self._backend, str):
            raise CannotServe(f"there is no backend called {self._backend!r}.", "Use llama, upstream or double:scripted.")
        assert self._backend is not None
        return self._backend


async def _digest_at(url: str, tag: str) -> str:
    backend = UpstreamBackend(url)
    try:
        return await backend.digest(tag)
    finally:
        await backend.close()


def _tcp(host: str, port: int) -> socket.socket:
    line = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # without it asyncio leaves Nagle on: 40 ms per reply
    if os.name == "posix":
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind((host, port))
    except OSError as error:
        line.close()
        raise CannotServe(f"{host}:{port} cannot be used: {error.strerror or error}.", "Choose another port.") from None
    return line


def _unix(path: Path) -> socket.socket:
    if not hasattr(socket, "AF_UNIX"):
        raise CannotServe("this system has no Unix sockets.", "Serve a port instead.")
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    try:
        line.bind(str(path))
    except OSError as error:
        line.close()
        raise CannotServe(f"the socket {path} cannot be made: {error}.", "Choose a shorter path, on a local disk.") from None
    return line


def _config(application: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


class _Protocol(H11Protocol):
    """Lets the application see its transport, so that a double can reset the connection for real."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope["autograder.transport"] = self.transport
            await inner(scope, receive, send)

        self.app = with_transport


class _Uvicorn(uvicorn.Server):
    """Says when it listens, and leaves at once when nobody is being served."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._over = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets=sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        tick = 0
        while not await self.on_tick(tick):
            tick += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), _TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
            return
        for server in self.servers:
            server.close()
        for line in sockets or []:
            line.close()

    def leave(self) -> None:
        """May be called from any thread."""
        self.should_exit = True
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has left by itself
                self._loop.call_soon_threadsafe(self._over.set)
