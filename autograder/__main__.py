"""`python3 -m autograder`: sets itself up on first use, then runs the command.

This file, `bootstrap` and `cli` are read by whatever Python the machine has, so they stay plain: standard library only,
and nothing that Python 3.8 cannot at least parse.
"""

from __future__ import annotations

import sys

from . import bootstrap, cli


def main() -> int:
    arguments = sys.argv[1:]
    try:
        bootstrap.check_python()
        answered = cli.answer_without_setup(arguments)
        if answered is not None:
            return answered
        bootstrap.ensure(arguments)
    except BaseException as problem:
        return cli.explained(problem)
    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
