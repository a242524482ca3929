"""Where a design lands: its evidence judged by the milestone's own rubric, under given gates."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import rubrics
from ..metrics import mean
from ..verdict import Finding, Json
from .designs import Design

SEARCH = ("passages", "hit_rate", "mrr", "freshness")
ANSWERS = ("citation_precision", "answer_correctness", "abstention")
MEASURED = {"freshness": "found"}
"""The field of a finding's detail that the gate is held against, where it is not `value`."""
FULL = 0.98
"""Share of a criterion's points, on average over seeds, from which on it counts as earned."""


def judged(milestone: str, expected: Json, artefacts: Mapping[str, Sequence[Json]], gates: Mapping[str, Mapping[str, float]]) -> dict[str, Finding]:
    """The rubric's findings by criterion, in this process; answers count as made by as many model calls as it takes."""
    rubric = rubrics.find(milestone)
    vars(rubric)["gates"] = gates
    call = {"endpoint": "chat", "status": 200, "format": True}
    ledger = {"calls": [call] * len(artefacts.get("answers", ())), "totals": {}}
    with tempfile.TemporaryDirectory(prefix="autograder-calibration-") as folder:
        for name, records in artefacts.items():
            (Path(folder) / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
        return {finding.id: finding for finding in rubric.judge(expected, Path(folder), ledger)}


def figure(finding: Finding) -> float | None:
    """What the gate is held against; None when nothing was there to be measured."""
    value = finding.detail.get(MEASURED.get(finding.id, "value"))
    return None if value is None else float(value)


@dataclass(frozen=True)
class Landing:
    """One design over several seeds: findings by criterion, one per seed."""

    design: Design
    seeds: tuple[int, ...]
    findings: Mapping[str, Sequence[Finding]]

    def points(self, criterion: str) -> float:
        return mean([finding.score for finding in self.findings[criterion]])

    def value(self, criterion: str) -> float | None:
        values = [value for value in map(figure, self.findings[criterion]) if value is not None]
        return mean(values) if values else None

    @property
    def lost(self) -> frozenset[str]:
        """Criteria that it does not earn."""
        return frozenset(name for name, found in self.findings.items() if self.points(name) < FULL * found[0].max_score)

    def problem(self, reference: Landing) -> str:
        """Where it lands elsewhere than its file says, or ''. A weaker design may lose more than it says, a sound one nothing."""
        loses = self.design.loses & set(self.findings)
        if not loses <= self.lost or (self.design.sound and self.lost):
            return f"{self.design.name} should lose {listed(loses)} and loses {listed(self.lost)}."
        higher = frozenset(name for name in self.design.lowers if (self.value(name) or 0.0) >= (reference.value(name) or 0.0))
        return f"{self.design.name} should lower {listed(higher)} and does not." if higher else ""


def listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
