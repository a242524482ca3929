"""The report as Markdown, for a pull request or a job summary."""

from __future__ import annotations

import re

from .html import headline
from .report import Report


def render(report: Report) -> str:
    lines = [
        f"## {cell(report.title or report.assignment)}: {report.score:g} of {report.max_score:g}",
        "",
        f"**{cell(headline(report))}.** Seed {report.seed}, model {cell(report.model.tag)}, sandbox {cell(report.sandbox)}.",
        "",
        *([cell(report.why), ""] if report.why else []),
        "| | criterion | points | observed |",
        "|---|---|---:|---|",
        *(
            f"| {row.status.value} | {cell(row.title)} | {row.score:g} / {row.max_score:g} | {cell(row.observed)} |"
            for row in report.criteria
        ),
        "",
        *(f"- `{cell(change.cell)}` {cell(change.what)}" for change in report.tampering),
        *(f"- {cell(note)}" for note in report.notes),
    ]
    return "\n".join(lines).rstrip() + "\n"


def cell(text: str, limit: int = 300) -> str:
    """Text that cannot break out of a table cell or become markup."""
    flat = " ".join(text.split())
    short = flat if len(flat) <= limit else flat[: limit - 1] + "…"
    return re.sub(r"([\\`*_{}\[\]<>#|!@~$&])", lambda found: f"&#{ord(found[0])};", short)
