"""The rubric of every phase notebook: the properties of its exercises, on cases drawn from the seed.

Criteria are called `<exercise>/<property>`, e.g. `1.1-retry/backoff`. The learner's code sees the inputs of the cases in
`inputs/cases/<exercise>.json`, and in `inputs/fixtures` the recorded data that the notebook reads; what an observation must look
like is known to the judge only.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from .. import checks
from ..checks import Exercise
from ..checks.draw import draw
from ..checks.judge import judge
from ..evidence import Evidence, EvidenceError
from ..gateway.budget import Budget
from ..paths import datasets
from ..sandbox.limits import Limits
from ..verdict import Case, Criterion, Finding, Json, Status


class Exercises:
    """All exercises of one phase notebook."""

    budget = Budget(calls=3_000, tokens=200_000, seconds=600)
    limits = Limits(wall_seconds=600, cell_seconds=120)
    pass_mark = 0.7
    models = ("smollm2:135m", "double:scripted", "double:flaky")
    """What the demonstrations between the exercises ask."""
    plans_doubles = True
    modules = ("httpx", "matplotlib.pyplot", "numpy", "ollama")

    def __init__(self, assignment: str, exercises: Sequence[Exercise]) -> None:
        self.assignment = assignment
        self.title = f"Notebook {assignment}: {', '.join(e.title for e in exercises)}"
        self.exercises = tuple(exercises)
        self.criteria = tuple(qualified(e, p.criterion) for e in exercises for p in e.properties)

    @classmethod
    def of(cls, assignment: str) -> Exercises:
        """The exercises whose id starts with the notebook's number. Raises `KeyError` if there are none."""
        found = checks.of_notebook(assignment)
        if not found:
            raise KeyError(assignment)
        return cls(assignment, found)

    def prepare(self, seed: int, inputs: Path, *, model: str) -> Json:
        folder = inputs / "cases"
        folder.mkdir(parents=True)
        expected: dict[str, Json] = {}
        for exercise in self.exercises:
            cases = [asdict(case) for case in draw(exercise, seed)]
            job = {"names": exercise.names, "observe": exercise.observe, "cases": cases}
            (folder / f"{exercise.id}.json").write_text(json.dumps(job), encoding="utf-8")
            expected[exercise.id] = cases
        recorded = datasets() / "fixtures" / self.assignment / "notebook"
        if recorded.is_dir():
            shutil.copytree(recorded, inputs / "fixtures")
        return expected

    def judge(self, expected: Json, evidence: Path, ledger: Json) -> list[Finding]:
        artefacts = Evidence(evidence)
        return [finding for exercise in self.exercises for finding in findings(exercise, expected[exercise.id], artefacts)]


def qualified(exercise: Exercise, criterion: Criterion) -> Criterion:
    return replace(criterion, id=f"{exercise.id}/{criterion.id}", title=f"{exercise.title}: {criterion.title}")


def findings(exercise: Exercise, drawn: list[dict[str, Any]], evidence: Evidence) -> list[Finding]:
    """The findings on one exercise: none without an artefact, `malformed` ones with an artefact that cannot be read."""
    criteria = {p.criterion.id: qualified(exercise, p.criterion) for p in exercise.properties}
    try:
        observations = evidence.lines(exercise.id)
        if not observations:
            return []
        found = judge(exercise, [Case(**case) for case in drawn], observations)
    except EvidenceError as error:
        return [Finding.missing(criterion, error.status, str(error)) for criterion in criteria.values()]
    except (TypeError, KeyError, ValueError) as error:
        return [
            Finding.missing(criterion, Status.MALFORMED, f"{exercise.id}.jsonl is not what check() writes ({error})")
            for criterion in criteria.values()
        ]
    return [replace(finding, id=criteria[finding.id].id, title=criteria[finding.id].title) for finding in found]
