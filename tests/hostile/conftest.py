"""All hostile submissions that a session asks for are graded in one batch, each followed by an honest one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from autograder.grading import Options, assignments
from autograder.grading.batch import Result, grade_batch
from autograder.sandbox import available

from . import assignment
from .canary import Canary, survivors
from .case import Case
from .table import cases


@dataclass(frozen=True)
class Batch:
    """Results by the id of a case, those of the honest submissions after them, and the host as it was found afterwards."""

    hostile: dict[str, Result]
    honest: dict[str, Result]
    canary: Canary
    files: dict[str, str]
    visitors: int
    survivors: list[str]


@pytest.fixture(scope="session")
def batch(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    if not available():
        pytest.skip(f"nothing isolates here: {available().why}")
    root = tmp_path_factory.mktemp("class")
    before = dict(assignments.REGISTERED)
    canary = Canary(root / "instructor")
    (root / "release").mkdir()
    assignment.register(root / "release")
    wanted = {item.callspec.params["case"].id for item in request.session.items if "batch" in getattr(item, "fixturenames", ()) and hasattr(item, "callspec")}
    chosen = {case.id: case for case in cases(canary) if case.id in wanted or not wanted}
    submissions: dict[str, Path] = {}
    for number, case in enumerate(chosen.values()):
        submissions[case.id] = made(case, root / "submissions" / str(number))
        submissions[f"after {case.id}"] = honest(root / "honest" / str(number), number)
    options = Options(seed=assignment.SEED, model=assignment.MODEL, out=root / "reports", journal=root / "journal.sqlite", formats=("html", "json"))
    found = grade_batch(submissions, options, workers=2)
    yield Batch(
        {name: found[name] for name in chosen},
        {name: found[f"after {name}"] for name in chosen},
        canary,
        canary.files(),
        canary.visitors(),
        survivors(),
    )
    canary.close()
    assignments.REGISTERED.clear()
    assignments.REGISTERED.update(before)


def made(case: Case, folder: Path) -> Path:
    folder = folder / "submission"
    folder.mkdir(parents=True)
    return case.make(folder)


def honest(folder: Path, number: int) -> Path:
    folder.mkdir(parents=True)
    notebook = assignment.solved(add=f"def add(a, b):\n    return a + b  # {number}")
    nbformat.write(notebook, folder / "hostile.ipynb")
    return folder
