"""Models in memory: one shared set per process, loaded on first use, evicted when memory is short or `keep_alive` runs out."""

from __future__ import annotations

import atexit
import gc
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import psutil

from . import catalog, gguf
from .errors import EngineFailed, ModelNotFound, OutOfMemory

SLOTS = 4
"""Requests the engine works on at once; further ones queue."""
CONTEXT = 4096
"""Tokens per slot unless a request's `num_ctx` asks for more."""
KEEP_ALIVE = timedelta(minutes=5)
_BATCH = 512


@dataclass
class Loaded:
    """A model in memory. `context` is in tokens per slot, `size` in bytes, `key` opens the engine's own HTTP endpoint."""

    model: catalog.Model
    server: Any
    key: str
    context: int
    slots: int
    size: int
    load_ns: int
    users: int = 0
    used_at: float = field(default_factory=time.monotonic)
    keep_alive: timedelta = KEEP_ALIVE

    @property
    def address(self) -> str:
        return str(self.server.listening_address)

    @property
    def expires_in(self) -> float:
        return self.used_at + self.keep_alive.total_seconds() - time.monotonic()

    @property
    def expires_at(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.expires_in)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to use a loaded model until the `with` block ends; `load_ns` is what this request waited for it."""

    loaded: Loaded
    load_ns: int


class Engine:
    """Thread-safe. `available` says how many bytes of memory are free."""

    def __init__(self, available: Callable[[], int] | None = None, threads: int | None = None) -> None:
        self._available = available or (lambda: int(psutil.virtual_memory().available))
        self._threads = threads or _cores()
        self._models: dict[str, Loaded] = {}
        self._changed = threading.Condition()
        self._loading = False
        self._reaper: threading.Thread | None = None

    @contextmanager
    def lease(self, model: catalog.Model, *, num_ctx: int | None = None, keep_alive: timedelta | None = None) -> Iterator[Lease]:
        """Hold `model` in memory with at least `num_ctx` tokens of context per slot (bounded by what it was trained for)."""
        began = time.perf_counter_ns()
        loaded = self._take(model, num_ctx)
        waited = time.perf_counter_ns() - began
        try:
            yield Lease(loaded, waited)
        finally:
            self._give_back(loaded, keep_alive)

    def running(self) -> list[Loaded]:
        with self._changed:
            return sorted(self._models.values(), key=lambda held: -held.used_at)

    def unload(self, digest: str) -> bool:
        """Free a model as soon as nobody uses it; False when it was not loaded."""
        with self._changed:
            held = self._models.get(digest)
            if held is None:
                return False
            held.keep_alive = timedelta(0)
            self._drop_expired()
            return True

    def close(self) -> None:
        """Free every model that is idle."""
        for held in self.running():
            self.unload(held.model.digest)

    def _take(self, model: catalog.Model, num_ctx: int | None) -> Loaded:
        if not catalog.installed(model):
            raise ModelNotFound(model.tag)
        wanted = min(num_ctx or 0, gguf.context_length(catalog.path(model)))
        with self._changed:
            while True:
                held = self._models.get(model.digest)
                if held is not None and held.context >= wanted:
                    held.users += 1
                    return held
                if not self._loading and (held is None or held.users == 0):
                    break
                self._changed.wait()
            self._loading = True
            self._models.pop(model.digest, None)
        held = None  # the last reference frees the engine's memory
        try:
            return self._load(model, wanted)
        finally:
            with self._changed:
                self._loading = False
                self._changed.notify_all()

    def _load(self, model: catalog.Model, wanted: int) -> Loaded:
        path = catalog.path(model)
        context = min(max(CONTEXT, wanted), gguf.context_length(path))
        slots = max(1, min(SLOTS, SLOTS * CONTEXT // context))
        size = int(model.bytes * 1.15) + context * slots * gguf.kv_bytes_per_token(path)
        self._make_room(size)
        began = time.perf_counter_ns()
        key = secrets.token_hex(16)
        server = start_server(str(path), context=context, slots=slots, threads=self._threads, key=key)
        loaded = Loaded(model, server, key, context, slots, size, time.perf_counter_ns() - began, users=1)
        with self._changed:
            self._models[model.digest] = loaded
            if self._reaper is None:
                self._reaper = threading.Thread(target=self._reap, name="model-reaper", daemon=True)
                self._reaper.start()
        return loaded

    def _make_room(self, need: int) -> None:
        """Evict idle models, least recently used first, until `need` bytes are free; wait for busy ones."""
        with self._changed:
            while self._available() < need:
                idle = [held for held in self._models.values() if held.users == 0]
                if idle:
                    oldest = min(idle, key=lambda held: held.used_at)
                    del self._models[oldest.model.digest]
                    idle.clear()
                    del oldest
                    gc.collect()
                elif self._models:
                    self._changed.wait()
                else:
                    raise OutOfMemory(need, self._available())

    def _give_back(self, loaded: Loaded, keep_alive: timedelta | None) -> None:
        with self._changed:
            loaded.users -= 1
            loaded.used_at = time.monotonic()
            loaded.keep_alive = KEEP_ALIVE if keep_alive is None else keep_alive
            self._drop_expired()
            self._changed.notify_all()

    def _drop_expired(self) -> None:
        for digest in [d for d, held in self._models.items() if held.users == 0 and held.expires_in <= 0]:
            del self._models[digest]
        self._changed.notify_all()

    def _reap(self) -> None:
        with self._changed:
            while True:
                self._drop_expired()
                waits = [held.expires_in for held in self._models.values() if held.users == 0]
                self._changed.wait(min([*waits, 3600.0]))


def start_server(path: str, *, context: int, slots: int, threads: int, key: str) -> Any:
    """A llama.cpp server on a free local port that only `key` opens; quiet but for errors."""
    from xllamacpp import CommonParams, Server

    params = CommonParams()
    params.model.path = path
    params.n_ctx = context * slots
    params.n_parallel = slots
    params.n_batch = params.n_ubatch = _BATCH
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.verbosity = 0
    params.api_keys = [key]
    params.ui = False
    params.cache_ram_mib = 512
    try:
        return Server(params)
    except (RuntimeError, ValueError) as error:
        raise EngineFailed(
            f"llama.cpp could not load {os.path.basename(path)}: {error}.", "Run `pull` to fetch it again."
        ) from error


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
        return min(allowed, psutil.cpu_count(logical=False) or allowed)
    return psutil.cpu_count(logical=False) or os.cpu_count() or 1


@cache
def shared() -> Engine:
    """The engine of this process."""
    engine = Engine()
    atexit.register(engine.close)
    return engine
