"""Fixtures for everything that grades the tiny assignment for real: the sandbox, the gateway and the judge are the shipped ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.grading import Graded, Options, assignments, grade

from . import tiny

GradeTiny = Callable[..., Graded]


@pytest.fixture(scope="session")
def tiny_course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = dict(assignments.REGISTERED)
    tiny.register(tmp_path_factory.mktemp("tiny-release"))
    yield
    assignments.REGISTERED.clear()
    assignments.REGISTERED.update(before)


@pytest.fixture
def grade_tiny(tiny_course: None, tmp_path: Path) -> GradeTiny:
    """Grade a notebook (a node, raw bytes, or a path that is there already) with seed 7, a fresh journal and a fresh folder for reports."""

    def run(submission: NotebookNode | bytes | Path, *, name: str = "tiny.ipynb", **changes: Any) -> Graded:
        path = submission if isinstance(submission, Path) else tmp_path / "submission" / name
        if not isinstance(submission, Path):
            path.parent.mkdir(exist_ok=True)
            if isinstance(submission, bytes):
                path.write_bytes(submission)
            else:
                nbformat.write(submission, path)
        options: dict[str, Any] = {"seed": 7, "out": tmp_path / "out", "journal": tmp_path / "journal.sqlite", "allow_unsandboxed": True}
        return grade(path, Options(**(options | changes)))

    return run
