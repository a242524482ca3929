"""`grade`: one submission, or the reference solutions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import CourseError, UsageError
from ..paths import course_root
from ..reports import FORMATS
from ..reports.html import headline
from .delivery import Graded
from .options import Options
from .progress import Terminal
from .run import grade

MODES = ("live", "replay", "replay_only")
SPOT_CHECK = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", type=Path, help="a notebook, or the folder that holds it and your own files")
    parser.add_argument(
        "--reference", nargs="?", const="", metavar="ASSIGNMENT", help="grade the reference solution of one milestone, or of all"
    )
    parser.add_argument(
        "--assignment", metavar="ID", help='which assignment it is, such as "1.1" or "a_document_qa", if the notebook does not say'
    )
    parser.add_argument("--seed", type=seed, help="what is asked is drawn from it; without it a fresh one is drawn and printed")
    parser.add_argument("--model", metavar="TAG", help="the model to grade with (default: what the assignment asks for)")
    parser.add_argument(
        "--cassettes",
        choices=MODES,
        default="replay",
        help="ask the model, replay what is recorded and ask the rest (default), or replay only",
    )
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="grade on your own documents in this folder, with your questions in --golden")
    parser.add_argument(
        "--golden", type=Path, metavar="FILE", help="questions about them, one JSON object per line: id, question, answers, citations"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the report goes (default: reports/<assignment>-seed<seed>)")
    parser.add_argument(
        "--format", type=formats, default=("html", "json"), metavar="LIST", help=f"any of {','.join(FORMATS)} (default: html,json)"
    )
    parser.add_argument(
        "--again", action="store_true", help="run again even if the same submission was graded with the same inputs before"
    )
    parser.add_argument("--record", action="store_true", help="with --reference: ask the model everything, and keep its answers as the recording of this seed")
    parser.add_argument(
        "--allow-unsandboxed", action="store_true", help="run somebody else's code although nothing isolates it here"
    )


def seed(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**63:
        raise argparse.ArgumentTypeError("a seed is a whole number from 0 up")
    return value


def formats(text: str) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    wrong = [name for name in chosen if name not in FORMATS]
    if wrong or not chosen:
        raise argparse.ArgumentTypeError(f"unknown format {', '.join(wrong) or text!r}; there are {', '.join(FORMATS)}")
    return chosen


def run(args: argparse.Namespace) -> int:
    """Exit code: 0 passed, 1 below the pass mark, 2 bad usage or submission, 3 could not be graded."""
    if args.record and (args.reference is None or args.corpus is not None):
        raise UsageError("--record makes the recordings of the reference solutions: it goes with --reference and nothing else.")
    if args.reference is not None and args.path is None:
        return max(graded(path, options(args, reference=True)) for path in references(args.reference))
    if args.path is None or args.reference is not None:
        raise UsageError(
            "Say what to grade: a path, or --reference.", "For example: python3 -m autograder grade milestones/a_document_qa"
        )
    return graded(args.path, options(args))


def options(args: argparse.Namespace, *, reference: bool = False) -> Options:
    if (args.corpus is None) != (args.golden is None):
        given, absent = ("--corpus", "--golden") if args.golden is None else ("--golden", "--corpus")
        raise UsageError(f"{given} wants {absent} as well.", "For example: --corpus my/documents --golden my/questions.jsonl")
    return Options(
        seed=0 if reference and args.seed is None else args.seed,
        model=args.model,
        mode="live" if args.record else args.cassettes,
        record=args.record,
        out=args.out,
        formats=args.format,
        assignment=args.assignment,
        again=args.again or args.record,
        allow_unsandboxed=args.allow_unsandboxed,
        spot_check=SPOT_CHECK if reference and not args.record else 0,
        corpus=args.corpus,
        golden=args.golden,
        progress=Terminal(),
    )


def references(name: str) -> list[Path]:
    """The executed reference notebooks of one milestone or of all. Raises `UsageError`."""
    folder = course_root() / "solutions" / "milestones"
    found = sorted(folder.glob(f"{name or '*'}/*.ipynb"))
    if not found:
        there = ", ".join(sorted(p.parent.name for p in folder.glob("*/*.md")))
        raise UsageError(
            f"There is no built reference solution {name!r}." if name else "No reference solution has been built.",
            f"There are: {there}. `python3 -m autograder build` builds them.",
        )
    return found


def graded(path: Path, chosen: Options) -> int:
    print(f"Grading {path}", file=sys.stderr, flush=True)
    try:
        result = grade(path, chosen)
    except CourseError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return error.exit_code
    finally:
        chosen.progress.close()
    tell(result)
    return result.report.exit_code


def tell(result: Graded) -> None:
    """The result in a few lines: what a learner reads before the report is opened."""
    report = result.report
    print(f"\n{report.title or report.submission}")
    for row in report.criteria:
        print(f"  {row.status.value:<11} {row.score:>6g} / {row.max_score:<5g} {row.title}")
    mark = report.pass_mark * report.max_score
    print(f"  {headline(report)}: {report.score:g} of {report.max_score:g} (pass mark {mark:g})", end="")
    print(f", seed {report.seed}, {report.model.tag}")
    if report.why:
        print(f"  {report.why}")
    if report.tampering:
        print(f"  {len(report.tampering)} change(s) outside the solution cells were put back; the report shows them.")
    if report.sandbox == "none" and report.criteria and report.exit_code != 2:
        print(f"  Not sandboxed: {report.sandbox_note}")
    check = report.cassettes.spot_check
    if report.cassettes.replayed:
        held = f"; asked again live: {check.held} of {check.asked} held" if check else ""
        print(f"  {report.cassettes.replayed} of {report.ledger.calls} model calls were answered from a recording{held}.")
    if result.reused:
        print("  Already graded with the same inputs: this is the stored result (--again runs it anew).")
    for file in result.files:
        print(f"  {file}")
