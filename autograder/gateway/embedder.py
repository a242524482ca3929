"""Embeddings: all-MiniLM-L6-v2 through sentence-transformers, offline, on the CPU, with what was computed kept."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..paths import home
from . import catalog
from .backend import Embedded
from .errors import BadRequest, ModelNotFound
from .protocol import FOREVER
from .vectors import Known, Vector, VectorCache


class Embedder:
    """One embedding model; weights are loaded when a text turns up whose vector is not known. Blocking, thread-safe."""

    def __init__(self, model: catalog.Model, folder: Path | None = None) -> None:
        self.model = model
        self.cache = VectorCache(folder or home() / "vectors", model.digest)
        self.load_ns = 0
        self._transformer: Any = None
        self._lock = threading.Lock()

    @property
    def loaded(self) -> bool:
        return self._transformer is not None

    def embed(self, texts: Sequence[str], *, truncate: bool = True, dimensions: int | None = None) -> Embedded:
        """Unit vectors, one per text, in order; `dimensions` keeps the first so many numbers and normalises again.
        A text beyond the model's 256 tokens is cut, or refused when `truncate` is false."""
        known = self.cache.get(texts)
        missing = sorted(set(texts) - set(known))
        if missing:
            fresh = self._compute(missing)
            self.cache.put(fresh)
            known |= fresh
        limit = self.context_length
        if not truncate and any(known[text].tokens > limit for text in texts):
            raise BadRequest("the input length exceeds the context length", f"({limit} tokens; shorten it, or leave truncate on.)")
        vectors = [_shortened(known[text].vector, dimensions).tolist() for text in texts]
        return Embedded(vectors, sum(min(known[text].tokens, limit) for text in texts))

    context_length = 256

    def unload(self) -> None:
        with self._lock:
            self._transformer = None

    def load(self) -> Any:
        """The sentence-transformers model, loaded once."""
        with self._lock:
            if self._transformer is None:
                self._transformer = self._read()
            return self._transformer

    def _read(self) -> Any:
        if not catalog.installed(self.model):
            raise ModelNotFound(self.model.tag)
        began = time.perf_counter_ns()
        with no_such_package("datasets"):
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]

        path = catalog.path(self.model)
        folder = path if path.is_dir() else path.parent
        transformer = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self.load_ns = time.perf_counter_ns() - began
        return transformer

    def _compute(self, texts: Sequence[str]) -> dict[str, Known]:
        transformer = self.load()
        with self._lock:
            lengths = [len(ids) for ids in transformer.tokenizer(list(texts), truncation=False, verbose=False)["input_ids"]]
            vectors = transformer.encode(list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
        return {text: Known(np.asarray(v, dtype=np.float32), n) for text, v, n in zip(texts, vectors, lengths, strict=True)}


def _shortened(vector: Vector, dimensions: int | None) -> Vector:
    if dimensions is None or dimensions >= len(vector):
        return vector
    short = vector[:dimensions]
    norm = float(np.linalg.norm(short))
    return short / np.float32(norm) if norm else short


@cache
def shared(digest: str) -> Embedder:
    """The embedder of this process for a model of the catalogue."""
    model = next(model for model in catalog.models() if model.digest == digest)
    return Embedder(model)


def running() -> list[tuple[Embedder, datetime]]:
    """Embedding models in memory, with when they expire (never by themselves)."""
    models = (shared(model.digest) for model in catalog.models() if model.kind == "embed")
    return [(one, datetime.now(UTC) + FOREVER) for one in models if one.loaded]


@contextmanager
def no_such_package(name: str) -> Iterator[None]:
    """Hide what lies beside this package under the name of a library. The course's folder `datasets` is importable as a package without
    code; transformers would take it for Hugging Face's library, and LanceDB, which then finds it loaded, would fail on what it lacks."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
