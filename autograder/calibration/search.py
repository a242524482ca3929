"""The search half of a design on one company: cut, index, search, update, search again, written down as a graded run hands it in.

No chat model takes part. Vectors come from the gateway's cache of vectors, and what a design found is kept too, by the content of its modules
and of the company: a calibration that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from ..authoring import reference
from ..paths import home
from ..verdict import Json
from .companies import QUESTIONS, Drawn

DEPTH = 10
SEARCHING = ("documents", "passages", "index")
"""The modules that decide what is found."""


class Vectors:
    """What a design's modules know as `ollama` in its search half: embeddings alone, each text embedded once and for all."""

    def embed(self, model: str, texts: Sequence[str]) -> dict[str, Any]:
        from ..gateway import catalog
        from ..gateway.embedder import shared

        found = catalog.find(model)
        if found is None:
            raise ValueError(f"{model} is not in the catalogue")
        return {"embeddings": shared(found.digest).embed(texts).vectors}


def searched(design: Path, drawn: Drawn) -> list[Json]:
    """The lines of the artefact `retrieval` for the questions to be graded, in both revisions."""
    kept = home() / "calibration" / f"{key(design, drawn)}.jsonl"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(record, ensure_ascii=False) for record in search(design, drawn)]
        part = kept.with_suffix(".part")
        part.write_text("\n".join(lines), encoding="utf-8")
        part.replace(kept)
    return [json.loads(line) for line in kept.read_text(encoding="utf-8").split("\n")]


def key(design: Path, drawn: Drawn) -> str:
    code = [(design / "qa" / f"{name}.py").read_text(encoding="utf-8") for name in SEARCHING]
    return hashlib.sha256("\0".join([*code, drawn.digest]).encode()).hexdigest()


def search(design: Path, drawn: Drawn) -> list[Json]:
    package = reference.package(design)
    package.index.ollama = Vectors()
    questions = [json.loads(line) for line in (drawn.folder / QUESTIONS).read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory(prefix="autograder-index-") as folder, contextlib.redirect_stdout(io.StringIO()):
        chunks = [piece for document in package.documents.load_documents(drawn.folder / "corpus") for piece in package.passages.chunk(document)]
        table = package.index.build_index(chunks, Path(folder))
        records = [record(package, table, question, 1) for question in questions]
        table = package.index.update_index(table, drawn.folder / "corpus_next")
        return records + [record(package, table, question, 2) for question in questions]


def record(package: ModuleType, table: Any, question: Json, revision: int) -> Json:
    passages = package.index.search(table, question["question"], DEPTH)[:DEPTH]
    found = [{"document": p.document, "text": p.text} for p in passages]
    return {"question_id": question["id"], "split": "grading", "revision": revision, "passages": found}
