"""`build`: the notebooks from their sources, and whether they are in step."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence

from ..checks.audit import missing_from
from ..errors import CourseError, UsageError
from ..paths import course_root
from ..rubrics import MILESTONES
from . import coverage, leaks, numbers, product, shape
from .problem import Problem, SourceError
from .release import release
from .source import Source, chosen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing: say what is out of step, leaks or lacks something; exit 1 if any")
    parser.add_argument("--only", metavar="PATTERN", help='only these: a number such as "1.1", a milestone, or a file pattern')
    parser.add_argument("--again", action="store_true", help="execute the solutions even if no code changed")
    parser.add_argument("--record", action="store_true", help="ask the model everything anew, and keep its answers as the recording")
    parser.add_argument("--statistics", action="store_true", help="with --check: cells, lines, words and pictures of each notebook")


def run(args: argparse.Namespace) -> int:
    """Exit code: 0 all is well, 1 something is wrong with a notebook, 2 a source or an argument is wrong."""
    if args.check and (args.again or args.record):
        raise UsageError("--check changes nothing, so it takes neither --again nor --record.")
    sources = chosen(args.only)
    problems = list(checked(sources, whole=args.only is None)) if args.check else built(sources, record=args.record, again=args.again)
    if args.check and args.statistics:
        print(shape.table(sources))
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{len(sources)} notebooks are in step with their sources." if args.check else f"{len(sources)} notebooks built.")
    return 1 if problems else 0


def built(sources: Sequence[Source], *, record: bool = False, again: bool = False) -> list[Problem]:
    """All releases first, since they need no model; then the solutions. What is wrong with one does not stop the others."""
    problems: list[Problem] = []
    for source in sources:
        try:
            problems += leaks.audit(source, release(source))
            said = "written" if product.write_release(source) else "in step"
            print(f"{source.release.relative_to(source.root).as_posix()}: {said}", flush=True)
        except SourceError as error:
            problems.append(Problem(source.name, str(error)))
    for source in worked(sources):
        name = source.solution.relative_to(source.root).as_posix()
        try:
            said = product.write_solution(source, record=record, again=again, progress=Cells(name))
            print(f"{name}: {said}", flush=True)
            problems += [Problem(name, what) for what in product.flaws(source, product.read(source.solution))]
        except CourseError as error:
            problems.append(Problem(name, f"not built. {error}"))
    return problems


def worked(sources: Sequence[Source]) -> Iterator[Source]:
    """Those with something to solve; one whose front matter is wrong has been reported already."""
    for source in sources:
        with contextlib.suppress(SourceError):
            if not source.guide:
                yield source


def checked(sources: Sequence[Source], *, whole: bool) -> Iterator[Problem]:
    """Everything that `--check` looks at. `whole`: also what only the course as a whole can lack."""
    for source in sources:
        try:
            yield from product.out_of_step(source)
            yield from leaks.audit(source, product.read(source.release) if source.release.is_file() else release(source))
            yield from shape.problems(source)
            yield from numbers.problems(source)
        except SourceError as error:
            yield Problem(source.name, str(error))
    if whole:
        yield from shape.homeless(sources)
        for row in coverage.rows():
            yield from (Problem(f"coverage.csv, row {row.number}", f"{why}.") for p in row.pointers if (why := coverage.dangling(p, sources)))
        for name in missing_from(course_root(), MILESTONES):
            yield Problem(f"tests: {name}", "these faults or alternatives belong to no exercise.", "Rename or remove them.")


class Cells:
    """Says how far an execution is, on a terminal."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            end = "\r" if done < total else "\n"
            print(f"{self.name}: cell {done} of {total} ", end=end, file=sys.stderr, flush=True)
