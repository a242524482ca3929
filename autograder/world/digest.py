"""One line that says whether two machines drew the same company."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .company import draw, home
from .corpus import write_corpus
from .draws import draws
from .inputs import public
from .tickets import draw_tickets, write_tickets


def digest(seed: int, folder: Path | None = None) -> str:
    """SHA-256 over the names and bytes of both revisions' documents and tickets, and over the questions drawn from them."""
    total = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="autograder-digest-") as name:
        for path, part in parts(seed, Path(name), folder or home()):
            total.update(f"{path}\0{len(part)}\0".encode())
            total.update(part)
    return total.hexdigest()


def parts(seed: int, out: Path, folder: Path) -> Iterator[tuple[str, bytes]]:
    for revision in (1, 2):
        company = draw(seed, revision, folder)
        write_corpus(company, out / str(revision))
        write_tickets(draw_tickets(seed, revision, folder), out / str(revision) / "tickets.jsonl")
        for split in draws(company.questions, seed):
            yield f"{revision}/questions", json.dumps([public(one) for one in split], ensure_ascii=False).encode()
    for path in sorted(out.rglob("*"), key=lambda path: path.relative_to(out).as_posix()):
        if path.is_file():
            yield path.relative_to(out).as_posix(), path.read_bytes()
