"""The report: one graded submission as plain data, schema `autograder.report/1`. Every format is written from this."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..verdict import Finding, Status, Verdict
from .text import clean

SCHEMA = "autograder.report/1"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ModelUsed(Part):
    tag: str
    digest: str = Field(description="SHA-256 of the weights; empty when the model was never needed")


class Row(Part):
    """One criterion. `detail` holds the judge's own figures (value, interval, n, gate)."""

    id: str
    title: str
    status: Status
    score: float
    max_score: float
    expected: str = ""
    observed: str = ""
    hint: str = ""
    detail: dict[str, Any] = Field(default_factory=dict)


class LedgerTotals(Part):
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class SpotCheck(Part):
    """Recorded answers that were asked again, live: how many came back the same, and how many did not."""

    asked: int
    held: int
    drifted: int


class Cassettes(Part):
    mode: str = "live"
    replayed: int = 0
    live: int = 0
    spot_check: SpotCheck | None = None


class Change(Part):
    """Something outside the solution cells that was changed, with the change as a unified diff."""

    cell: str
    what: str
    diff: str = ""


class Raised(Part):
    """An exception that ended a cell: whose cell, which exception, and the learner's own line."""

    cell: str
    kind: str
    message: str
    line: str = ""


class Report(Part):
    schema_: Literal["autograder.report/1"] = Field(default="autograder.report/1", alias="schema")
    assignment: str
    title: str = ""
    submission: str
    seed: int
    model: ModelUsed
    status: Status
    score: float
    max_score: float
    pass_mark: float = Field(default=0.0, description="share of max_score")
    sandbox: str = Field(description='"bubblewrap", or "none" for an unsandboxed run')
    sandbox_note: str = ""
    criteria: list[Row]
    ledger: LedgerTotals = LedgerTotals()
    cassettes: Cassettes = Cassettes()
    tampering: list[Change] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    raised: list[Raised] = Field(default_factory=list)
    why: str = Field(default="", description="why the run ended early, if it did")
    seconds: float = 0.0
    stages: dict[str, float] = Field(default_factory=dict, description="seconds per stage")
    finished: str = Field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    grader: str = ""
    reproduce: str = ""
    exit_code: int = Field(
        default=0, description="0 passed, 1 below the pass mark, 2 the submission cannot be read, 3 could not be graded"
    )

    @property
    def share(self) -> float:
        return self.score / self.max_score if self.max_score else 0.0

    @property
    def passed(self) -> bool:
        return self.exit_code == 0

    def as_json(self) -> str:
        return self.model_dump_json(by_alias=True, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Report:
        return cls.model_validate_json(text)


def rows(verdict: Verdict) -> list[Row]:
    return [row(finding) for finding in verdict.findings]


def row(finding: Finding) -> Row:
    """A finding with the learner's words made harmless: no control characters, no text that runs backwards."""
    return Row(
        id=finding.id,
        title=finding.title,
        status=finding.status,
        score=finding.score,
        max_score=finding.max_score,
        expected=clean(finding.expected),
        observed=clean(finding.observed),
        hint=clean(finding.hint),
        detail=dict(finding.detail),
    )
