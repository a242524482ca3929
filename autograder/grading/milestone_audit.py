"""A milestone's rubric graded: hand-ins in which one thing is wrong must lose the criterion that names it, right ones must pass.

`tests/mutants/<milestone>.py` makes a hand-in from what the judge expects and spoils it; here it is written down as the evidence of a run
and judged as any other, in a clean process.
"""

from __future__ import annotations

import copy
import json
import runpy
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .. import rubrics
from ..checks.audit import Row, alternative, fault
from ..paths import course_root
from ..verdict import Finding, Json
from .judge import judge

CALLS = "calls"
"""The lines of a hand-in that are the gateway's, not the learner's."""


def audit(milestone: str, seed: int) -> Iterator[Row]:
    """A row for every fault and every alternative of a milestone, on the company of `seed`."""
    told = runpy.run_path(str(course_root() / "tests" / "mutants" / f"{milestone}.py"))
    expected = prepared(milestone, seed)
    right = told["perfect"](expected)
    for name, criterion, spoil in told["MUTANTS"]:
        yield fault(milestone, name, criterion, findings(milestone, expected, changed(right, spoil, expected)))
    for name, change in told["ALTERNATIVES"]:
        yield alternative(milestone, name, findings(milestone, expected, changed(right, change, expected)))


@cache
def prepared(milestone: str, seed: int) -> Json:
    """What the judge expects on this seed."""
    rubric = rubrics.find(milestone)
    with tempfile.TemporaryDirectory(prefix="autograder-audit-") as folder:
        return rubric.prepare(seed, Path(folder), model=rubrics.preferred_model(rubric))


def changed(right: Json, change: Any, expected: Json) -> Json:
    made = copy.deepcopy(right)
    change(made, expected)
    return made


def findings(milestone: str, expected: Json, made: Json) -> list[Finding]:
    """Judge a hand-in: its artefacts as JSON Lines, and a ledger of the calls it claims."""
    ledger = {"calls": made[CALLS], "totals": {"calls": len(made[CALLS])}}
    with tempfile.TemporaryDirectory(prefix="autograder-audit-") as name:
        for artefact in made.keys() - {CALLS}:
            lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in made[artefact])
            (Path(name) / f"{artefact}.jsonl").write_text("".join(lines), encoding="utf-8")
        return judge(rubrics.reference(milestone), expected, Path(name), ledger)
