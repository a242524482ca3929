"""The one idea of the grader: cases -> evidence -> verdict.

A *case* is what the grader asks (inputs drawn from a seed). *Evidence* is what the learner's code returned, wrote
or did, as plain JSON. A *verdict* is formed from the two, in a process that never imports the learner's code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

Json = Any
"""What `json.loads` returns: None, bool, int, float, str, list, dict."""


class Status(StrEnum):
    """What became of a criterion, an exercise or a whole submission."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"  # no evidence, or the learner's code raised
    TIMEOUT = "timeout"
    MEMORY = "memory"
    DEAD_KERNEL = "dead_kernel"
    BUDGET = "budget"  # too many model calls, tokens or seconds
    TAMPERED = "tampered"  # something outside the solution cells was changed
    MALFORMED = "malformed"  # the submission or an artefact cannot be read


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is judged, with what it is worth and what to try when it is missed."""

    id: str
    title: str
    max_score: float = 1.0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Inputs drawn for one criterion. `inputs` is plain JSON and holds nothing that gives the answer away."""

    criterion: str
    number: int
    inputs: Json


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why an observation does not meet a criterion, in words and values a learner can use."""

    expected: str
    observed: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The judgement on one criterion; `score` lies between 0 and `max_score`."""

    id: str
    title: str
    status: Status
    score: float
    max_score: float
    expected: str = ""
    observed: str = ""
    hint: str = ""
    detail: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def of(
        cls, criterion: Criterion, share: float, *, expected: str = "", observed: str = "", detail: Mapping[str, Json] | None = None
    ) -> Finding:
        """A finding that earns `share` (0 to 1) of the criterion; only a full share is a pass, and drops the hint."""
        share = min(1.0, max(0.0, share))
        status = Status.PASS if share == 1.0 else Status.FAIL
        hint = "" if status is Status.PASS else criterion.hint
        score = round(share * criterion.max_score, 4)
        return cls(criterion.id, criterion.title, status, score, criterion.max_score, expected, observed, hint, detail or {})

    @classmethod
    def missing(cls, criterion: Criterion, status: Status, observed: str, expected: str = "") -> Finding:
        """A finding for which there is no evidence to judge: never a pass, and never a silent zero."""
        return cls(criterion.id, criterion.title, status, 0.0, criterion.max_score, expected, observed, criterion.hint)


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings on one submission."""

    findings: tuple[Finding, ...]
    status: Status
    pass_mark: float

    @property
    def score(self) -> float:
        return round(sum(f.score for f in self.findings), 4)

    @property
    def max_score(self) -> float:
        return sum(f.max_score for f in self.findings)

    @property
    def passed(self) -> bool:
        """Whether the score reaches the pass mark (a share of `max_score`)."""
        return self.max_score > 0 and self.score >= self.pass_mark * self.max_score - 1e-9

    def as_json(self) -> dict[str, Json]:
        return {
            "status": self.status.value,
            "score": self.score,
            "max_score": self.max_score,
            "pass_mark": self.pass_mark,
            "criteria": [asdict(f) for f in self.findings],
        }


def conclude(
    criteria: Sequence[Criterion], findings: Iterable[Finding], *, pass_mark: float, run_status: Status = Status.PASS, why: str = ""
) -> Verdict:
    """Put findings into a verdict with exactly one row per expected criterion.

    A criterion without a finding gets `run_status` if the run ended early (timeout, dead kernel, ...), else `error`.
    A finding for something that was not asked raises `ValueError`.
    """
    found = {f.id: f for f in findings}
    unknown = set(found) - {c.id for c in criteria}
    if unknown:
        raise ValueError(f"findings for criteria that were not asked: {sorted(unknown)}")
    absent = Status.ERROR if run_status in (Status.PASS, Status.TAMPERED) else run_status
    rows = tuple(found.get(c.id) or Finding.missing(c, absent, why or "no evidence was produced") for c in criteria)
    verdict = Verdict(rows, Status.PASS, pass_mark)
    if run_status is Status.PASS and not verdict.passed:
        return Verdict(rows, Status.FAIL, pass_mark)
    return Verdict(rows, run_status, pass_mark)


Judge = Callable[[Json, Json], Mismatch | None]
"""(inputs of a case, observation) -> None when met, else a Mismatch. Pure; runs outside the learner's process."""
