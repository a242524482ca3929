"""Vectors kept between runs: one SQLite file per model under home()/vectors, keyed by the text's hash."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Known:
    """A text's unit vector and how many tokens the text has before any truncation."""

    vector: Vector
    tokens: int


class VectorCache:
    """Safe between threads and processes (SQLite in WAL mode). A file that cannot be used is done without."""

    def __init__(self, folder: Path, digest: str) -> None:
        self._path = folder / f"{digest[:16]}.sqlite"
        self._digest = digest
        self._lock = threading.Lock()

    def key(self, text: str) -> bytes:
        return hashlib.sha256(self._digest.encode() + b"\0" + text.encode("utf-8", "surrogatepass")).digest()

    def get(self, texts: Iterable[str]) -> dict[str, Known]:
        """What is known of these texts."""
        wanted = {self.key(text): text for text in texts}
        keys, found = list(wanted), {}
        try:
            with self._lock, closing(self._open()) as base:
                for start in range(0, len(keys), _CHUNK):
                    part = keys[start : start + _CHUNK]
                    marks = ",".join("?" * len(part))
                    for key, vector, tokens in base.execute(
                        f"SELECT key, vector, tokens FROM vectors WHERE key IN ({marks})", part
                    ):
                        found[wanted[key]] = Known(np.frombuffer(vector, dtype="<f4"), tokens)
        except sqlite3.Error:
            return found
        return found

    def put(self, known: Mapping[str, Known]) -> None:
        rows = [(self.key(text), one.vector.astype("<f4").tobytes(), one.tokens) for text, one in known.items()]
        try:
            with self._lock, closing(self._open()) as base, base:
                base.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", rows)
        except sqlite3.Error:
            return

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(self._path, timeout=30)
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("PRAGMA synchronous=NORMAL")
        base.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL, tokens INTEGER NOT NULL) WITHOUT ROWID"
        )
        return base
