"""Reading what came out of a learner's process: strict JSON, exact types, bounded in every direction.

Nothing here trusts its input. A file that is too large, a line that is too long, `NaN`, `1e999`, a key given twice, ten
thousand brackets, half a UTF-8 character: each is an `EvidenceError` that names the artefact and the line.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from .errors import CourseError
from .verdict import Json, Status

M = TypeVar("M", bound=BaseModel)

STRING_OR_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|([\[{])|([\]}])', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Caps:
    """How much evidence is read. Sizes in bytes, `depth` in nested brackets, `lines` per file."""

    file_bytes: int = 64 << 20
    line_bytes: int = 4 << 20
    lines: int = 100_000
    depth: int = 32


class EvidenceError(CourseError):
    """An artefact that cannot be read; costs the criteria that need it, and no others."""

    def __init__(self, message: str, mend: str = "", *, artefact: str = "", line: int = 0) -> None:
        where = f"{artefact}, line {line}: " if line else f"{artefact}: " if artefact else ""
        super().__init__(where + message, mend)
        self.artefact = artefact
        self.line = line
        self.status = Status.MALFORMED


def loads(text: str | bytes, *, depth: int = 32, strict: bool = True) -> Json:
    """Parse one JSON value.

    With `strict`, NaN, infinities (also `1e999`), duplicate keys and lone surrogates are refused; the cap on nesting always holds.
    Raises `ValueError` whose message says what is wrong (`json.JSONDecodeError`, with line and column, for plain syntax).
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig" if not strict else "utf-8")
    check_depth(text, depth)
    if not strict:
        return json.loads(text)
    value = json.loads(text, object_pairs_hook=unique, parse_float=finite, parse_constant=no_constant)
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def check_depth(text: str, limit: int) -> None:
    """Raise `ValueError` when brackets outside strings nest deeper than `limit`; linear in the length of `text`."""
    depth = 0
    for found in STRING_OR_BRACKET.finditer(text):
        if found[1]:
            depth += 1
            if depth > limit:
                raise ValueError(f"nested more than {limit} levels deep")
        elif found[2]:
            depth -= 1


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {clip(twice)!r} is given more than once")
    return seen


def finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(f"the number {clip(digits)} is too large")
    return value


def no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def clip(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; links, devices and pipes are refused. Raises `EvidenceError`."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        raise EvidenceError(f"cannot be opened ({error.strerror})", artefact=path.name) from None
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode):
        os.close(handle)
        raise EvidenceError("is not a regular file", artefact=path.name)
    with os.fdopen(handle, "rb") as file:
        if facts.st_size > limit:
            raise EvidenceError(f"is {facts.st_size:,} bytes long; at most {limit:,} are read", artefact=path.name)
        return file.read(limit)


def read_json(path: Path, caps: Caps = Caps()) -> Json:
    """One JSON document from a file, strictly. Raises `EvidenceError`."""
    raw = read_bytes(path, caps.file_bytes)
    return parse(raw, path.name, 0, caps)


def read_lines(path: Path, caps: Caps = Caps()) -> Iterator[tuple[int, Json]]:
    """(line number from 1, value) for every line of a JSON Lines file, blank lines skipped. Raises `EvidenceError`."""
    for number, raw in split_lines(path, caps):
        yield number, parse(raw, path.name, number, caps)


def split_lines(path: Path, caps: Caps) -> Iterator[tuple[int, bytes]]:
    lines = read_bytes(path, caps.file_bytes).split(b"\n")
    if len(lines) > caps.lines + 1:
        raise EvidenceError(f"has {len(lines):,} lines; at most {caps.lines:,} are read", artefact=path.name)
    for number, raw in enumerate(lines, start=1):
        if len(raw) > caps.line_bytes:
            raise EvidenceError(
                f"is {len(raw):,} bytes long; at most {caps.line_bytes:,} are read", artefact=path.name, line=number
            )
        if raw.strip():
            yield number, raw


def parse(raw: bytes, artefact: str, line: int, caps: Caps) -> Json:
    try:
        return loads(raw, depth=caps.depth)
    except json.JSONDecodeError as error:
        raise EvidenceError(
            f"is not JSON ({error.msg} at column {error.colno})", artefact=artefact, line=line or error.lineno
        ) from None
    except UnicodeError:
        raise EvidenceError("is not valid UTF-8 text", artefact=artefact, line=line) from None
    except (ValueError, RecursionError) as error:
        raise EvidenceError(str(error) or "cannot be parsed", artefact=artefact, line=line) from None


def read_artefact(path: Path, model: type[M], caps: Caps = Caps()) -> list[M]:
    """Every line of a JSON Lines artefact as a validated `model`; a file that is not there is an empty list.

    Raises `EvidenceError` for the first line that breaks the contract, naming the line and the field.
    """
    if not path.exists() and not path.is_symlink():
        return []
    records = []
    for number, raw in split_lines(path, caps):
        parse(raw, path.name, number, caps)
        try:
            records.append(model.model_validate_json(raw))
        except ValidationError as error:
            raise EvidenceError(first_violation(error), artefact=path.name, line=number) from None
    return records


def first_violation(error: ValidationError) -> str:
    """The first broken rule of a contract, as `field: what is wrong`, and how many more there are."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    where = ".".join(str(part) for part in problems[0]["loc"])
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{where}: {problems[0]['msg']}{more}" if where else f"{problems[0]['msg']}{more}"


class Evidence:
    """The folder a run left its artefacts in, read once per artefact."""

    def __init__(self, folder: Path, caps: Caps = Caps()) -> None:
        self.folder = folder
        self.caps = caps

    def records(self, name: str, model: type[M]) -> list[M]:
        """All records of `<name>.jsonl`, as handed in; none if the artefact is absent. Raises `EvidenceError`."""
        return read_artefact(self.folder / f"{name}.jsonl", model, self.caps)

    def lines(self, name: str) -> list[Json]:
        """All values of `<name>.jsonl` as plain JSON; none if the artefact is absent. Raises `EvidenceError`."""
        path = self.folder / f"{name}.jsonl"
        if not path.exists() and not path.is_symlink():
            return []
        return [value for _, value in read_lines(path, self.caps)]
