"""`test`: the whole test suite. Arguments it does not know go to pytest; the weights are fetched unless these leave out the tests that need them."""

from __future__ import annotations

import argparse
import os
import sys

from .gateway import catalog
from .gateway.pull import fetch_all
from .paths import course_root

PASSES_REST_ON = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s [pytest arguments]"
    parser.epilog = 'For example: test -x -k gateway, or test -m "not model and not slow".'


def run(args: argparse.Namespace) -> int:
    """pytest's own exit code."""
    import pytest

    if not any("not model" in word for word in args.rest):
        fetch_all(catalog.models())
    os.chdir(course_root())
    sys.stdout.flush()
    return int(pytest.main(args.rest))
