"""Recordings of model calls: one JSON record per line, found again by what was asked.

The key of a request is SHA-256 over (model digest, endpoint, canonical request). Canonical means: the parsed JSON with keys
sorted, without fields that do not change the answer (`stream`, `keep_alive`, the model's name) or that hold their default,
and with numbers normalised (1.0 is 1). For a model of the catalogue the digest is the catalogue's, even when a real
Ollama answers: its manifest digest differs, its weights are the same.

Identical requests in one run are told apart by their number: the n-th is answered by the n-th recording, or by the last.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from .errors import BadCassette
from .protocol import DEFAULTS, Record, timestamp

Json = Any
_TRANSPORT = ("stream", "keep_alive", "model")
_VOLATILE = ("created_at", "model")


class CassetteMode(StrEnum):
    """LIVE ignores recordings; REPLAY asks the model what is not recorded; REPLAY_ONLY refuses that; RECORD asks and writes."""

    LIVE = "live"
    REPLAY = "replay"
    REPLAY_ONLY = "replay_only"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Recording:
    """One recorded answer. For chat and generate, `request` is readable and `response` is the whole final record;
    for embed, `response` is `{"vector": base64 of little-endian float32, "tokens": n}` and there is one record per text."""

    key: str
    endpoint: str
    model: str
    digest: str
    repeat: int
    request: Json
    response: Json

    def line(self) -> str:
        """As it is written down. The order of keys is kept: a model that is held to a schema writes its properties in the schema's order."""
        fields = {name: getattr(self, name) for name in ("key", "endpoint", "model", "digest", "repeat", "request", "response")}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    def vector(self) -> list[float]:
        return [float(x) for x in np.frombuffer(base64.b64decode(self.response["vector"]), dtype="<f4")]


def canonical(body: Json) -> Json:
    """The part of a request that decides its answer, in one spelling."""
    asked = {name: _plain(value) for name, value in body.items() if name not in _TRANSPORT}
    options = {k: v for k, v in (asked.get("options") or {}).items() if v is not None and v != _plain(DEFAULTS.get(k))}
    asked["options"] = options
    return {name: value for name, value in asked.items() if value not in (None, "", [], {}, False)}


def _plain(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def request_key(digest: str, endpoint: str, asked: Json) -> str:
    """SHA-256, in hex, of a canonical request to a model."""
    text = json.dumps([digest, endpoint, asked], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def text_key(digest: str, text: str, dimensions: int | None) -> str:
    """The key of one embedded text."""
    return request_key(digest, "embed", {"input": text} | ({"dimensions": dimensions} if dimensions else {}))


def pack(vector: Iterable[float]) -> str:
    return base64.b64encode(np.asarray(list(vector), dtype="<f4").tobytes()).decode("ascii")


class Cassette:
    """One file of recordings; missing means empty. Appending keeps what is there byte for byte."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seen: set[tuple[str, int]] | None = None

    def read(self) -> Iterator[Recording]:
        """All recordings in file order; a line that cannot be read raises `BadCassette` with its number."""
        if not self.path.exists():
            return
        for number, line in enumerate(self.path.read_text(encoding="utf-8").split("\n"), 1):
            if not line.strip():
                continue
            try:
                yield Recording(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise BadCassette(
                    f"{self.path.name}, line {number}: not a recording ({error}).", "Record the cassette again."
                ) from None

    def append(self, recordings: Iterable[Recording]) -> int:
        """Write those whose (key, repeat) is not there yet; returns how many were written."""
        with self._lock:
            if self._seen is None:
                self._seen = {(one.key, one.repeat) for one in self.read()}
            new = []
            for one in recordings:
                if (one.key, one.repeat) not in self._seen:
                    self._seen.add((one.key, one.repeat))
                    new.append(one)
            if new:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self.path.open("a", encoding="utf-8", newline="\n") as file:
                    file.writelines(one.line() + "\n" for one in new)
            return len(new)


class Player:
    """The recordings of one run, and how often each request has been made in it."""

    def __init__(self, cassettes: Iterable[Cassette] = ()) -> None:
        found: dict[str, dict[int, Recording]] = defaultdict(dict)
        for cassette in cassettes:
            for one in cassette.read():
                found[one.key].setdefault(one.repeat, one)
        self._takes = {key: [takes[n] for n in sorted(takes)] for key, takes in found.items()}
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, key: str) -> int:
        """Note that this request is made once more; returns its number, from 0."""
        with self._lock:
            self._asked[key] += 1
            return self._asked[key] - 1

    def find(self, key: str, number: int = 0) -> Recording | None:
        """The recording for the request's `number`-th repetition, else the last there is."""
        takes = self._takes.get(key)
        return takes[min(number, len(takes) - 1)] if takes else None


def cassettes_in(paths: Iterable[Path]) -> list[Cassette]:
    """Cassettes for files, and for every `.jsonl` file in folders, in name order."""
    files = [file for path in paths for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])]
    return [Cassette(file) for file in files]


def remembered(record: Record) -> Record:
    """What of a whole answer is worth recording: everything but when it was made and what the model was called."""
    return {name: value for name, value in record.items() if name not in _VOLATILE}


def replay(recording: Recording, model: str, *, stream: bool) -> list[Record]:
    """The records of a recorded answer: one, or fragments of a word (of a token, if logprobs were recorded) and a final one."""
    stamp: Record = {"model": model, "created_at": timestamp()}
    whole = stamp | recording.response
    if not stream:
        return [whole]
    chat = recording.endpoint == "chat"
    inner = recording.response["message"] if chat else recording.response
    name = "content" if chat else "response"
    logprobs = recording.response.get("logprobs")
    out = []
    for number, piece in enumerate(_pieces(inner.get(name) or "", logprobs)):
        record = stamp | ({"message": {"role": "assistant", "content": piece}} if chat else {"response": piece}) | {"done": False}
        out.append(record | ({"logprobs": [logprobs[number]]} if logprobs else {}))
    for extra in ("tool_calls", "thinking"):
        if inner.get(extra):
            out.append(stamp | {"message": {"role": "assistant", "content": "", extra: inner[extra]}, "done": False})
    last = {k: v for k, v in whole.items() if k != "logprobs"}
    last |= {"message": {"role": "assistant", "content": ""}} if chat else {"response": ""}
    return [*out, last]


def _pieces(text: str, logprobs: list[Record] | None) -> list[str]:
    if logprobs:
        tokens = [str(item["token"]) for item in logprobs]
        if "".join(tokens) == text:
            return tokens
        return [text, *[""] * (len(tokens) - 1)]
    return re.findall(r"\s*\S+|\s+$", text)
