"""Reads the header of a GGUF file: the key-value metadata, not the tensors.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (little-endian, version 2 and later).
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from .errors import EngineFailed

_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
_LONG_ARRAY = 16


@cache
def metadata(path: Path) -> dict[str, Any]:
    """All metadata keys; arrays longer than 16 (vocabularies) are given as None."""
    return {key: None if isinstance(value, list) and len(value) > _LONG_ARRAY else value for key, value in everything(path).items()}


def everything(path: Path) -> dict[str, Any]:
    """All metadata keys, with the whole vocabulary and its merges; not kept in memory."""
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise EngineFailed(f"{path.name} is not a GGUF file.", "Fetch the model again.")
        _version, _tensors, entries = struct.unpack("<IQQ", file.read(20))
        return {_text(file): _value(file, _number(file, 4)) for _ in range(entries)}


def _number(file: BinaryIO, kind: int) -> Any:
    form = _SCALARS[kind]
    return struct.unpack(form, file.read(struct.calcsize(form)))[0]


def _text(file: BinaryIO) -> str:
    return file.read(_number(file, 10)).decode("utf-8", "replace")


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == _STRING:
        return _text(file)
    if kind != _ARRAY:
        return _number(file, kind)
    inner, length = _number(file, 4), _number(file, 10)
    return [_value(file, inner) for _ in range(length)]


def context_length(path: Path) -> int:
    """The longest context the model was trained for, in tokens."""
    return int(_of(path, "context_length"))


def kv_bytes_per_token(path: Path) -> int:
    """Memory one token of context takes in an F16 key-value cache: 2 (K and V) x layers x KV heads x head size x 2 bytes."""
    heads = int(_of(path, "attention.head_count"))
    shared = int(metadata(path).get(f"{_of_general(path)}.attention.head_count_kv") or heads)
    head_size = int(_of(path, "embedding_length")) // heads
    return 2 * int(_of(path, "block_count")) * shared * head_size * 2


def _of_general(path: Path) -> str:
    return str(metadata(path)["general.architecture"])


def _of(path: Path, name: str) -> Any:
    key = f"{_of_general(path)}.{name}"
    try:
        return metadata(path)[key]
    except KeyError:
        raise EngineFailed(f"{path.name} does not say its {key}.", "Fetch the model again.") from None
