"""`python -m autograder.world`: the tools of those who write for the company."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..errors import CourseError
from .company import draw, home


def main(arguments: list[str] | None = None) -> int:
    """Exit code: 0 all is well, 1 the lint found problems, 3 the company cannot be drawn."""
    args = parser().parse_args(arguments)
    try:
        code: int = args.run(args)
    except CourseError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return code


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m autograder.world", description="Draw, check and measure the seeded company.")
    top.add_argument("--folder", type=Path, default=home(), help="where its facts and documents are (default: datasets/company)")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    lint = commands.add_parser("lint", help="check everything that WRITING.md promises")
    lint.add_argument("--area", default="", help="only the files of one area")
    lint.add_argument("--far", type=int, default=0, metavar="N", help="also name wordings with fewer than N content words of their passage")
    lint.set_defaults(run=run_lint)

    write = commands.add_parser("write", help="write the documents of one seed into a folder")
    write.add_argument("out", type=Path, metavar="DIR")
    write.add_argument("--seed", type=int, default=1)
    write.add_argument("--revision", type=int, choices=(1, 2), default=1)
    write.add_argument("--tickets", type=Path, metavar="FILE", help="also write the past support tickets, as JSON lines; best outside DIR")
    write.set_defaults(run=run_write)

    reference = commands.add_parser("python-reference", help="write the running Python's reference into a folder, a corpus for --corpus")
    reference.add_argument("out", type=Path, metavar="DIR")
    reference.set_defaults(run=run_python_reference)

    stats = commands.add_parser("stats", help="count documents, words, questions and tickets")
    stats.add_argument("--seed", type=int, default=1)
    stats.set_defaults(run=run_stats)

    difficulty = commands.add_parser("difficulty", help="measure how hard the documents are to search, as tables for datasets/README.md")
    difficulty.add_argument("--seeds", type=int, default=10, metavar="N", help="seeds 1 to N")
    difficulty.set_defaults(run=run_difficulty)

    one = commands.add_parser("digest", help="one hash over everything that a seed draws, to compare two machines")
    one.add_argument("--seed", type=int, default=0)
    one.set_defaults(run=run_digest)

    closed = commands.add_parser("closed-book", help="ask a model questions about the company without any document")
    closed.add_argument("--seed", type=int, default=0)
    closed.add_argument("--questions", type=int, default=40, metavar="N")
    closed.add_argument("--model", default="qwen2.5-coder:1.5b", metavar="TAG")
    closed.set_defaults(run=run_closed_book)
    return top


def run_lint(args: argparse.Namespace) -> int:
    from .lint import lint

    problems = lint(args.folder, args.area, args.far)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}", file=sys.stderr)
    return 1 if problems else 0


def run_write(args: argparse.Namespace) -> int:
    from .corpus import write_corpus

    company = draw(args.seed, args.revision, args.folder)
    write_corpus(company, args.out)
    print(f"{len(company.documents)} documents in {args.out}")
    if args.tickets:
        from .tickets import draw_tickets, write_tickets

        tickets = draw_tickets(args.seed, args.revision, args.folder)
        write_tickets(tickets, args.tickets)
        print(f"{len(tickets)} tickets in {args.tickets}")
    return 0


def run_python_reference(args: argparse.Namespace) -> int:
    from .python_corpus import golden, write_python_corpus

    print(f"{len(write_python_corpus(args.out))} documents in {args.out}; questions about them are in {golden()}")
    return 0


def run_stats(args: argparse.Namespace) -> int:
    from .stats import statistics
    from .ticket_stats import ticket_statistics
    from .tickets import draw_tickets

    print(statistics(*(draw(seed, revision, args.folder) for seed, revision in ((args.seed, 1), (args.seed, 2), (args.seed + 1, 1)))))
    print("\n" + ticket_statistics(draw_tickets(args.seed, 1, args.folder), draw_tickets(args.seed, 2, args.folder)))
    return 0


def run_difficulty(args: argparse.Namespace) -> int:
    from .difficulty import difficulty

    print(difficulty(range(1, args.seeds + 1), args.folder, lambda text: print(text, file=sys.stderr)))
    return 0


def run_digest(args: argparse.Namespace) -> int:
    from .digest import digest

    print(digest(args.seed, args.folder))
    return 0


def run_closed_book(args: argparse.Namespace) -> int:
    from ..gateway import Gateway
    from .closed_book import asked, closed_book, summary

    with Gateway(port=0, mode="live") as gateway:
        gateway.model_info(args.model)
        rows = closed_book(asked(args.seed, args.questions, args.folder), args.model, gateway, lambda text: print(text, file=sys.stderr))
    print(summary(rows, args.model))
    return 0


if __name__ == "__main__":
    sys.exit(main())
