"""A report on its way out: to the folder it was asked for, under the submission's name, with the command that reproduces it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import __version__, reports, rubrics
from ..reports.report import Cassettes, ModelUsed, Report, rows
from ..reports.text import clean
from ..sandbox import available
from ..verdict import Status, conclude
from . import assignments
from .errors import OutputError, SubmissionError
from .options import Options


@dataclass(frozen=True)
class Graded:
    """A report, the files it was written to, and whether it came from the journal."""

    report: Report
    files: tuple[Path, ...]
    reused: bool = False


def unreadable(submission: Path, options: Options, error: SubmissionError) -> Report:
    """The report on a submission that was refused at intake."""
    known = assignments.find(options.assignment) if options.assignment else assignments.guess(submission.name)
    rubric = known.rubric() if known else None
    criteria = rubric.criteria if rubric else ()
    mark = rubric.pass_mark if rubric else 0.0
    verdict = conclude(criteria, [], pass_mark=mark, run_status=Status.MALFORMED, why=str(error))
    return Report(
        assignment=known.id if known else "",
        title=rubric.title if rubric else "",
        submission=shown(submission),
        seed=options.seed or 0,
        model=ModelUsed(tag=options.model or rubrics.DEFAULT_MODEL, digest=""),
        status=Status.MALFORMED,
        score=0.0,
        max_score=verdict.max_score,
        pass_mark=mark,
        sandbox=available().kind,
        criteria=rows(verdict),
        cassettes=Cassettes(mode=options.mode),
        why=clean(str(error)),
        grader=__version__,
        exit_code=2,
    )


def deliver(report: Report, options: Options, history: Sequence[Report], *, reused: bool = False) -> Graded:
    """Write the report where it was asked for. Raises `OutputError`."""
    out = options.out or Path("reports") / f"{report.assignment or 'unknown'}-seed{report.seed}"
    options.progress.stage("report")
    try:
        files = reports.write(report, out, options.formats, history)
    except OSError as error:
        raise OutputError(
            f"The report cannot be written to {out} ({error.strerror or error}).",
            "Name another folder with --out; the result is kept in the journal.",
        ) from None
    return Graded(report, tuple(files), reused)


def shown(submission: Path) -> str:
    """The submission's name in reports: relative to the current folder if it lies inside."""
    path = submission.absolute()
    here = Path.cwd()
    return clean((path.relative_to(here) if path.is_relative_to(here) else path).as_posix(), 400)


def command(name: str, seed: int, model: str, options: Options) -> str:
    words = ["python3", "-m", "autograder", "grade", name, "--seed", str(seed), "--model", model, "--cassettes", options.mode]
    if options.assignment:
        words += ["--assignment", options.assignment]
    if options.corpus and options.golden:
        words += ["--corpus", shown(options.corpus), "--golden", shown(options.golden)]
    return shlex.join(words)
