"""The report as one self-contained HTML page: no script, no network, all words of the learner escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from markupsafe import Markup

from ..verdict import Status
from . import charts
from .report import Report

TEMPLATE = "report.html.j2"
WORDS = {
    Status.PASS: "met",
    Status.FAIL: "not met yet",
    Status.ERROR: "no evidence",
    Status.TIMEOUT: "time ran out",
    Status.MEMORY: "memory ran out",
    Status.DEAD_KERNEL: "the kernel died",
    Status.BUDGET: "the model budget was used up",
    Status.TAMPERED: "changed outside the solution cells",
    Status.MALFORMED: "cannot be read",
}


@dataclass(frozen=True, slots=True)
class Banner:
    tone: str
    status: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    value: str
    note: str = ""


def render(report: Report, history: Sequence[Report] = ()) -> str:
    """`history` holds earlier reports on the same submission, oldest first."""
    css = resources.files("autograder.reports").joinpath("templates/report.css").read_text(encoding="utf-8")
    template = charts.environment().get_template(TEMPLATE)
    return template.render(
        report=report,
        css=Markup(css),
        headline=headline(report),
        words=WORDS,
        met=sum(row.status is Status.PASS for row in report.criteria),
        banners=banners(report),
        facts=facts(report),
        dial=charts.dial(report.share, report.pass_mark),
        chart=charts.history([point(past) for past in history], report.pass_mark),
    )


def headline(report: Report) -> str:
    """The verdict in one sentence."""
    if report.exit_code == 3:
        return "Could not be graded: this is not your fault"
    if report.status is Status.MALFORMED:
        return "The submission cannot be read"
    reached = report.max_score > 0 and report.share >= report.pass_mark - 1e-9
    outcome = "Passed" if reached else "Below the pass mark"
    return outcome if report.status in (Status.PASS, Status.FAIL) else f"{outcome}; {WORDS[report.status]}"


def banners(report: Report) -> list[Banner]:
    found = []
    if report.why:
        tone = "bad" if report.status is Status.TAMPERED else "odd"
        found.append(Banner(tone, report.status.value, "What happened.", report.why))
    if report.tampering:
        found.append(
            Banner(
                "bad",
                "tampered",
                "Something outside the solution cells was changed.",
                "The originals were run; the changes are listed below.",
            )
        )
    if report.sandbox == "none":
        note = report.sandbox_note or "The code ran with all rights of the person who started the grader."
        found.append(Banner("odd", "error", "Not sandboxed.", note))
    check = report.cassettes.spot_check
    if check and check.drifted > check.held:
        found.append(
            Banner(
                "bad",
                "fail",
                "The recordings are stale.",
                f"{check.drifted} of {check.asked} recorded answers came back different when they were asked again.",
            )
        )
    if report.cassettes.replayed:
        told = f" Of {check.asked} that were asked again on the spot, {check.held} came back as recorded." if check else ""
        count = f"{report.cassettes.replayed:,} of {report.ledger.calls:,} model calls"
        found.append(
            Banner(
                "info",
                "replayed",
                "Recorded answers.",
                f"{count} were answered from a recording.{told} Ask them all with --cassettes live.",
            )
        )
    return found


def facts(report: Report) -> list[Fact]:
    ledger = report.ledger
    calls = f"{report.cassettes.live:,} live, {report.cassettes.replayed:,} replayed"
    return [
        Fact("Model", report.model.tag, f"sha256 {report.model.digest[:12]}…" if report.model.digest else ""),
        Fact("Seed", str(report.seed), "decides what is asked"),
        Fact(
            "Sandbox",
            report.sandbox,
            "" if report.sandbox == "none" else report.sandbox_note,
        ),
        Fact("Model calls", f"{ledger.calls:,}", calls if ledger.calls else ""),
        Fact(
            "Tokens",
            f"{ledger.prompt_tokens + ledger.completion_tokens:,}",
            f"{ledger.prompt_tokens:,} read, {ledger.completion_tokens:,} written",
        ),
        Fact("Time", duration(report.seconds), f"finished {report.finished.replace('T', ' ').replace('+00:00', ' UTC')}"),
    ]


def duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def point(report: Report) -> charts.Point:
    when = report.finished[:16].replace("T", " ")
    label = f"{when}, seed {report.seed}: {report.score:g} of {report.max_score:g}, {report.status.value}"
    return charts.Point(report.finished, report.share, label, report.share >= report.pass_mark)
