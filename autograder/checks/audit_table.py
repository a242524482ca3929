"""What an audit found, as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..verdict import Status
from .audit import Row
from .flakes import Outcome

REFERENCE = "reference"


@dataclass
class Summary:
    """One assignment's rows. Over several seeds a fault counts as caught when every seed caught it, and so on."""

    assignment: str
    rows: list[Row] = field(default_factory=list)

    def named(self, kind: str) -> dict[str, bool]:
        """Name of each fault or alternative -> whether it was good in all rows."""
        found: dict[str, bool] = {}
        for row in self.rows:
            if row.kind == kind:
                found[row.name] = found.get(row.name, True) and row.good
        return found

    @property
    def faults(self) -> dict[str, bool]:
        return self.named("fault")

    @property
    def accepted(self) -> dict[str, bool]:
        """Of the alternatives; the reference is not counted among them."""
        return {name: good for name, good in self.named("alternative").items() if name != REFERENCE}

    @property
    def survivors(self) -> list[str]:
        return [name for name, good in self.faults.items() if not good]

    @property
    def rejected(self) -> list[str]:
        return [name for name, good in self.named("alternative").items() if not good]


@dataclass(frozen=True)
class Audit:
    """Everything that was looked at. `shortfalls` are sentences about assignments with too few faults or alternatives."""

    summaries: tuple[Summary, ...]
    shortfalls: tuple[str, ...]
    seeds: tuple[int, ...]
    outcome: Outcome | None = None

    @property
    def good(self) -> bool:
        clean = all(not summary.survivors and not summary.rejected for summary in self.summaries)
        return clean and not self.shortfalls and not (self.outcome and self.outcome.flakes)

    @property
    def complaints(self) -> list[str]:
        """What is wrong, a sentence each."""
        said = []
        for summary in self.summaries:
            said += [f"{summary.assignment}: the fault {name!r} survives." for name in summary.survivors]
            said += [f"{summary.assignment}: the correct solution {name!r} is rejected ({why(summary.rows, name)})." for name in summary.rejected]
        said += [f"{sentence}." for sentence in self.shortfalls]
        return said + [f"The verdict varies: {flake}." for flake in (self.outcome.flakes if self.outcome else ())]


def summarised(rows: Iterable[Row]) -> tuple[Summary, ...]:
    found: dict[str, Summary] = {}
    for row in rows:
        found.setdefault(row.assignment, Summary(row.assignment)).rows.append(row)
    return tuple(found.values())


def why(rows: Sequence[Row], name: str) -> str:
    """The first criterion that a solution missed."""
    missed = (f for row in rows if row.name == name and not row.good for f in row.findings if f.status is not Status.PASS)
    return next((f"{f.id}: expected {f.expected}, got {f.observed}" for f in missed), "no criterion was judged")


def cells(audit: Audit) -> list[tuple[str, str, str]]:
    """(assignment, faults caught, alternatives accepted) and the totals."""
    pairs = [(s.assignment, list(s.faults.values()), list(s.accepted.values())) for s in audit.summaries]
    faults, others = [g for _, found, _ in pairs for g in found], [g for _, _, found in pairs for g in found]
    return [(name, share(first), share(second)) for name, first, second in [*pairs, ("all", faults, others)]]


def share(good: Sequence[bool]) -> str:
    if not good:
        return "none"
    part = f"{sum(good)} of {len(good)}"
    return part if all(good) else f"{part} ({sum(good) / len(good):.0%})"


def as_text(audit: Audit) -> str:
    rows = [("assignment", "faults caught", "alternatives accepted"), *cells(audit)]
    width = max(len(name) for name, _, _ in rows) + 2
    lines = [f"{name:{width}}{faults:<18}{others}" for name, faults, others in rows]
    return "\n".join([*lines, *footnotes(audit)])


def as_markdown(audit: Audit) -> str:
    rows = [f"| {name} | {faults} | {others} |" for name, faults, others in cells(audit)]
    return "\n".join(["| assignment | faults caught | alternatives accepted |", "|---|---|---|", *rows, *footnotes(audit)])


def footnotes(audit: Audit) -> list[str]:
    lines = [f"Drawn from {len(audit.seeds)} seeds: a fault must be caught on every one."] if len(audit.seeds) > 1 else []
    if audit.outcome:
        lines.append(f"{audit.outcome.gradings} gradings of correct solutions, {len(audit.outcome.flakes)} verdicts that varied.")
    return ["", *lines, *audit.complaints] if lines or audit.complaints else []


def as_json(audit: Audit) -> str:
    data = {
        "schema": "autograder.audit/1",
        "good": audit.good,
        "seeds": audit.seeds,
        "assignments": [
            {"id": s.assignment, "faults": s.faults, "alternatives": s.accepted, "survivors": s.survivors, "rejected": s.rejected}
            for s in audit.summaries
        ],
        "shortfalls": audit.shortfalls,
        "flakes": None if audit.outcome is None else {"gradings": audit.outcome.gradings, "varied": [str(f) for f in audit.outcome.flakes]},
    }
    return json.dumps(data, indent=1, ensure_ascii=False)


FORMATS = {"text": as_text, "json": as_json, "md": as_markdown}
