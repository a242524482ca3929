"""The companies that a calibration runs over: the inputs of each seed written once, and what only the judge may see of them."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .. import rubrics
from ..verdict import Json

SEARCHED, QUESTIONS = ("corpus", "corpus_next"), "questions.jsonl"


@dataclass(frozen=True)
class Drawn:
    """One seed's inputs in a folder, and what the judge expects of them."""

    seed: int
    folder: Path
    expected: Json

    @cached_property
    def digest(self) -> str:
        """Hash over the files that a search depends on: two draws that are alike in these have one."""
        told = hashlib.sha256()
        documents = sorted(path for name in SEARCHED for path in (self.folder / name).rglob("*") if path.is_file())
        for path in (*documents, self.folder / QUESTIONS):
            told.update(f"{path.relative_to(self.folder).as_posix()}\0{path.stat().st_size}\0".encode())
            told.update(path.read_bytes())
        return told.hexdigest()


class Companies:
    """Draws on demand, and keeps what was drawn until the end of the `with` block."""

    def __init__(self, milestone: str) -> None:
        self.rubric = rubrics.find(milestone)
        self._known: dict[int, Drawn] = {}
        self._folder: Any = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-calibration-")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._folder.cleanup()

    def of(self, seed: int) -> Drawn:
        if seed not in self._known:
            inputs = Path(self._folder.name) / f"seed-{seed}"
            inputs.mkdir()
            expected = self.rubric.prepare(seed, inputs, model=rubrics.preferred_model(self.rubric))
            self._known[seed] = Drawn(seed, inputs, expected)
        return self._known[seed]
