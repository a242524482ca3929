"""`audit`: the grader graded.

Exercises are audited here, many of them in several processes. A milestone is audited by judging hand-ins with one thing wrong in each, which is none of this
package's business: whoever can do that puts a function into `MILESTONE_AUDITS`, by name, since nothing here may import the grader.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatch
from importlib import import_module

from ..errors import UsageError
from . import all_exercises, find
from .audit import Row, audit, shortfall
from .audit_table import FORMATS, Audit, summarised
from .exercise import Exercise
from .flakes import detect

MilestoneAudit = Callable[[str, int], Iterator[Row]]
"""(milestone, seed) -> a row for each fault in `tests/mutants/<milestone>.py` and for each alternative, made with `audit.fault` and `audit.alternative`."""

MILESTONE_AUDITS: dict[str, str] = {"a_document_qa": "autograder.grading.milestone_audit:audit"}
"""Milestone -> `module:function` of its `MilestoneAudit`."""

CALIBRATIONS = {"a_document_qa": "autograder.calibration.command"}
"""Milestone -> the module that calibrates it, with a `Plan` and a `run`."""

PIECES_PER_PROCESS = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", metavar="PATTERN", default="*", help='only these assignments: "1.1-*", "a_document_qa"')
    parser.add_argument("--seed", type=int, default=0, help="the first seed that cases are drawn from (default: %(default)s)")
    parser.add_argument("--seeds", type=positive, default=1, metavar="M", help="how many seeds (default: %(default)s)")
    parser.add_argument("--repeat", type=positive, metavar="N", help="also look for verdicts that vary: grade correct solutions N times per seed")
    parser.add_argument("--workers", type=positive, default=4, metavar="W", help="with --repeat: 1 and W processes at once (default: %(default)s)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: %(default)s")
    add_calibration(parser.add_argument_group("where a milestone's gates lie, in place of the audit"))


def add_calibration(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--calibrate", choices=CALIBRATIONS, metavar="MILESTONE", help="measure the reference on M seeds, and other designs under its gates")
    group.add_argument("--design-seeds", type=positive, default=3, metavar="D", help="other designs are measured on the first D seeds (default: %(default)s)")
    group.add_argument("--answers", type=int, default=0, metavar="N", help="also ask the model, on N seeds beyond the recorded ones (default: none)")
    group.add_argument("--write", action="store_true", help="write the gates, their distribution and the table of designs beside the rubric")


def positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("a number from 1 up")
    return value


def run(args: argparse.Namespace) -> int:
    """Exit code: 0 when every fault was caught and every correct solution accepted, without a verdict that varied; else 1."""
    seeds = tuple(range(args.seed, args.seed + args.seeds))
    if args.calibrate:
        return calibrated(args, seeds)
    exercises = [exercise for exercise in all_exercises() if fnmatch(exercise.id, args.only)]
    milestones = [name for name in MILESTONE_AUDITS if fnmatch(name, args.only)]
    if not exercises and not milestones:
        raise UsageError(f"No assignment fits {args.only!r}.", f"There are: {', '.join([e.id for e in all_exercises()] + list(MILESTONE_AUDITS))}.")
    found = Audit(
        summarised(rows(exercises, milestones, seeds)),
        tuple(filter(None, map(shortfall, exercises))),
        seeds,
        detect(exercises, seeds, args.repeat, sorted({1, args.workers})) if args.repeat else None,
    )
    print(FORMATS[args.format](found))
    return 0 if found.good else 1


def calibrated(args: argparse.Namespace, seeds: tuple[int, ...]) -> int:
    """Exit code: 0 when every design lands where its file says; else 1."""
    module = import_module(CALIBRATIONS[args.calibrate])
    code: int = module.run(module.Plan(args.calibrate, seeds, seeds[: args.design_seeds], args.answers), write=args.write)
    return code


def rows(exercises: Sequence[Exercise], milestones: Sequence[str], seeds: Sequence[int]) -> Iterator[Row]:
    """Every fault and alternative on every seed."""
    yield from exercise_rows([(exercise.id, seed) for exercise in exercises for seed in seeds])
    for milestone in milestones:
        for seed in seeds:
            yield from milestone_audit(milestone)(milestone, seed)


def exercise_rows(pieces: Sequence[tuple[str, int]]) -> Iterator[Row]:
    """In their order, each piece an exercise and a seed. A processor more is worth it for some pieces only: a process has to start first."""
    workers = min(os.cpu_count() or 1, len(pieces) // PIECES_PER_PROCESS)
    if workers < 2:
        for piece in pieces:
            yield from audited(piece)
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for found in pool.map(audited, pieces):
            yield from found


def audited(piece: tuple[str, int]) -> list[Row]:
    exercise, seed = piece
    return list(audit(find(exercise), seed))


def milestone_audit(milestone: str) -> MilestoneAudit:
    module, _, name = MILESTONE_AUDITS[milestone].partition(":")
    found: MilestoneAudit = getattr(import_module(module), name)
    return found
