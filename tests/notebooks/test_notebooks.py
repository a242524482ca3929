"""Every notebook of the course as it stands in the clone: built from its source, whole, and without a solution in its release."""

from __future__ import annotations

import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.authoring import leaks, numbers, product, shape
from autograder.authoring.source import Source, every
from autograder.paths import course_root

SOURCES = list(every())
each = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)


@each
def test_both_notebooks_are_in_step_and_the_solution_ran_without_a_flaw(source: Source) -> None:
    assert [str(problem) for problem in product.out_of_step(source)] == []


@each
def test_the_release_shows_nothing_of_the_solution(source: Source) -> None:
    assert [str(problem) for problem in leaks.audit(source, product.read(source.release))] == []


@each
def test_it_has_the_shape_that_all_have(source: Source) -> None:
    assert [str(problem) for problem in shape.problems(source)] == []


@each
def test_figures_in_the_prose_are_the_runs(source: Source) -> None:
    assert [str(problem) for problem in numbers.problems(source)] == []


@each
def test_nbgrader_accepts_both(source: Source) -> None:
    for path in (source.release, *([] if source.guide else [source.solution])):
        MetadataValidator().validate_nb(product.read(path))


def test_every_exercise_has_its_notebook_and_every_notebook_its_source() -> None:
    assert [str(problem) for problem in shape.homeless(SOURCES)] == []
    built = {path for folder in ("phases", "milestones") for path in (course_root() / folder).rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts}
    assert built == {source.release for source in SOURCES}
