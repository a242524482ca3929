"""The answer half of a design: its search, then a chat call per question, replayed from the milestone's recordings where they have it.

What is asked live is recorded under home()/calibration, so that it is asked once.
"""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import rubrics
from ..authoring import reference
from ..errors import CourseError
from ..metrics import mean
from ..paths import home
from ..verdict import Finding, Json
from .companies import QUESTIONS, Drawn
from .distribution import Distribution
from .landing import ANSWERS, judged
from .search import DEPTH, Vectors

if TYPE_CHECKING:
    from ..gateway import Gateway

DRAWS = 5_000
SPLITS = {"golden": "golden.jsonl", "grading": QUESTIONS}


class NotRecorded(CourseError):
    """An answer is wanted that no recording holds, and no model may be asked."""


class Models(Vectors):
    """What a design's modules know as `ollama`: vectors from the cache, chats through a gateway."""

    def __init__(self, url: str) -> None:
        import ollama

        self.chat = ollama.Client(host=url, trust_env=False).chat


def recorded_seeds(milestone: str) -> list[int]:
    """Seeds on which the reference's chats are recorded."""
    folder = rubrics.cassette(rubrics.find(milestone), 0).parent
    return sorted(int(path.stem.removeprefix("seed-")) for path in folder.glob("seed-*.jsonl"))


@contextlib.contextmanager
def gateway(milestone: str, *, live: bool) -> Iterator[Gateway]:
    """All of the milestone's recordings in one gateway; without `live` it refuses what they lack."""
    from ..gateway import Gateway

    rubric = rubrics.find(milestone)
    own = home() / "calibration" / f"{milestone}.jsonl"
    cassettes = [path for seed in recorded_seeds(milestone) for path in rubrics.cassettes(rubric, seed)]
    with Gateway(port=0, mode="replay" if live else "replay_only", cassettes=[*dict.fromkeys(cassettes), own], record_to=own if live else None) as found:
        yield found


def answered(milestone: str, design: Path, drawn: Drawn, url: str) -> list[Json]:
    """The lines of the artefact `answers` for every question of either split that is answered end to end. Raises `NotRecorded`."""
    import ollama

    package = reference.package(design)
    package.index.ollama = package.answers.ollama = Models(url)
    model = rubrics.preferred_model(rubrics.find(milestone))
    with tempfile.TemporaryDirectory(prefix="autograder-index-") as folder, contextlib.redirect_stdout(io.StringIO()):
        chunks = [piece for document in package.documents.load_documents(drawn.folder / "corpus") for piece in package.passages.chunk(document)]
        table = package.index.build_index(chunks, Path(folder))
        try:
            return [record(package, table, question, split, model) for split, question in asked(drawn)]
        except ollama.ResponseError as error:
            raise NotRecorded(f"{design.parent.name} on seed {drawn.seed}: {error.error}") from None


def asked(drawn: Drawn) -> Iterator[tuple[str, Json]]:
    for split, name in SPLITS.items():
        for line in (drawn.folder / name).read_text(encoding="utf-8").splitlines():
            if (question := json.loads(line))["answer_this"]:
                yield split, question


def record(package: ModuleType, table: Any, question: Json, split: str, model: str) -> Json:
    given = package.answers.answer(question["question"], package.index.search(table, question["question"], DEPTH), model)
    return {"question_id": question["id"], "split": split, **given.model_dump()}


@dataclass(frozen=True)
class Outcome:
    """One question, judged alone. `spoke` counts as right for an answerable question; `cited` and `precise` count citations."""

    answerable: bool
    spoke: bool
    right: bool
    cited: int
    precise: int


def outcomes(milestone: str, drawn: Drawn, records: Sequence[Json], under: Mapping[str, Mapping[str, float]]) -> list[Outcome]:
    """Every answerable question handed to the rubric by itself, the public ones as if they were graded; of the others it counts who spoke."""
    questions = {(one["split"], one["id"]): one for one in drawn.expected["questions"]}
    found = []
    for given in records:
        question = questions[given["split"], given["question_id"]]
        if not question["answerable"]:
            found.append(Outcome(False, given["answerable"], False, 0, 0))
            continue
        alone = drawn.expected | {"questions": [question | {"split": "grading"}]}
        findings = judged(milestone, alone, {"answers": [given | {"split": "grading"}]}, under)
        found.append(outcome(given["answerable"], findings))
    return found


def outcome(spoke: bool, findings: Mapping[str, Finding]) -> Outcome:
    citations, right = findings["citation_precision"].detail, findings["answer_correctness"].detail
    cited = int(citations.get("n", 0))
    return Outcome(True, spoke, bool(right["value"]), cited, round(citations.get("value", 0.0) * cited))


def run_size(expected: Json) -> tuple[int, int]:
    """How many answerable and unanswerable questions a graded run answers."""
    kinds = [one["answerable"] for one in expected["questions"] if one["split"] == "grading" and one["answer_this"]]
    return sum(kinds), len(kinds) - sum(kinds)


def resampled(pool: Sequence[Outcome], size: tuple[int, int], seeds: int, live: int) -> list[Distribution]:
    """Runs of the real size drawn with replacement from all questions answered, whatever their seed and slice."""
    rng = np.random.default_rng(0)
    kinds = [[one for one in pool if one.answerable is kind] for kind in (True, False)]
    figures: dict[str, list[float]] = {name: [] for name in ANSWERS}
    for _ in range(DRAWS):
        known, unknown = ([kind[n] for n in rng.integers(0, len(kind), count)] for kind, count in zip(kinds, size, strict=True))
        cited = sum(one.cited for one in known)
        figures["citation_precision"].append(sum(one.precise for one in known) / cited if cited else 0.0)
        figures["answer_correctness"].append(mean([one.right for one in known]))
        figures["abstention"].append((mean([one.spoke for one in known]) + mean([not one.spoke for one in unknown])) / 2)
    sample = f"n = {len(pool)} answers pooled from {seeds} seeds ({live} of them live), resampled as {DRAWS:,} runs of {size[0]} + {size[1]} questions"
    cases = {"citation_precision": sum(one.cited for one in kinds[0]) / len(kinds[0]) * size[0], "answer_correctness": size[0], "abstention": sum(size)}
    return [Distribution(name, tuple(figures[name]), cases[name], sample, resampled=True) for name in ANSWERS]
