"""From cases and observations to findings: pure, and run outside the learner's process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from ..verdict import Case, Finding, Json, Mismatch, Status
from .exercise import Exercise, Property


def judge(exercise: Exercise, cases: Sequence[Case], observations: Iterable[Json]) -> list[Finding]:
    """One finding per property: full marks when every case has an observation and each meets the criterion, else none.

    `observations` are records {"criterion", "number", "observation"}; the first for a case counts, unknown ones are ignored.
    """
    seen: dict[tuple[str, int], Json] = {}
    for record in observations:
        if isinstance(record, dict) and isinstance(record.get("number"), int) and isinstance(record.get("criterion"), str):
            seen.setdefault((record["criterion"], record["number"]), record.get("observation"))
    return [judge_property(prop, [c for c in cases if c.criterion == prop.criterion.id], seen) for prop in exercise]


def judge_property(prop: Property, cases: Sequence[Case], seen: dict[tuple[str, int], Json]) -> Finding:
    absent = [case for case in cases if (case.criterion, case.number) not in seen]
    if absent:
        return Finding.missing(prop.criterion, Status.ERROR, f"no evidence for {len(absent)} of {len(cases)} cases")
    failures: list[tuple[Case, Mismatch]] = []
    for case in cases:
        found = prop.mismatch(case.inputs, seen[case.criterion, case.number])
        if found is not None:
            failures.append((case, found))
    detail: dict[str, Json] = {"cases": len(cases), "failed": len(failures)}
    if not failures:
        return Finding.of(prop.criterion, 1.0, expected=prop.criterion.title, observed=f"{len(cases)} cases, all met", detail=detail)
    case, found = min(failures, key=lambda pair: len(json.dumps(pair[0].inputs)))
    detail["example"] = case.inputs
    return Finding.of(prop.criterion, 0.0, expected=found.expected, observed=found.observed, detail=detail)
