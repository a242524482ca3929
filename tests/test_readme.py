"""What README.md says is true: counts of faults, solutions, hostile cases and promises, and commands that exist."""

from __future__ import annotations

import re
import runpy

import pytest

from autograder import checks, cli
from autograder.checks.audit import alternatives, mutants
from autograder.paths import course_root
from autograder.sandbox.conformance import PROMISES
from tests.hostile.table import Nowhere, cases

README = (course_root() / "README.md").read_text(encoding="utf-8")
MILESTONE = runpy.run_path(str(course_root() / "tests" / "mutants" / "a_document_qa.py"))
EXERCISES = checks.all_exercises()
FAULTS = sum(len(mutants(exercise)) for exercise in EXERCISES) + len(MILESTONE["MUTANTS"])
OTHERS = sum(len(alternatives(exercise)) - 1 for exercise in EXERCISES) + len(MILESTONE["ALTERNATIVES"])


@pytest.mark.parametrize(
    "row",
    [
        f"| seeded faults caught | {FAULTS} of {FAULTS} |",
        f"| different correct solutions accepted | {OTHERS} of {OTHERS} |",
        f"| hostile submissions that get exactly the status and score they should | {len(cases(Nowhere()))} of {len(cases(Nowhere()))} |",
        f"| promises of the sandbox held on Linux | {len(PROMISES)} of {len(PROMISES)} |",
    ],
)
def test_a_counted_figure_is_the_count(row: str) -> None:
    assert row in README


def test_every_command_it_names_exists() -> None:
    named = set(re.findall(r"python3 -m autograder ([a-z]+)", README))
    assert {"lab", "grade", "test", "doctor", "progress"} <= named <= set(cli.COMMANDS)


def test_every_file_it_shows_is_there() -> None:
    for path in re.findall(r"!?\[[^\]]*\]\(([^)#:]+)\)", README):
        assert (course_root() / path).is_file(), path
