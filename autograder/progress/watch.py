"""`watch`: whenever a notebook is saved, its exercises are checked again, and the first that is not met is shown with what to do next."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import UsageError
from ..grading.notebook import read_notebook

POLL_SECONDS = 0.4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, help="the notebook you are working in")
    parser.add_argument("--once", action="store_true", help="check it now and leave: 0 when every exercise is met, else 1")


def run(args: argparse.Namespace) -> int:
    path: Path = args.path
    if not path.is_file():
        raise UsageError(f"There is no notebook at {path}.", "For example: python3 -m autograder watch phases/1_foundations/1_1_model_call.ipynb")
    if args.once:
        return checked(path)
    print(f"Watching {path}: save it in JupyterLab, and its exercises are checked here. Ctrl-C ends.", flush=True)
    for _ in saves(path, time.sleep):
        checked(path)
    return 0


def saves(path: Path, wait: Callable[[float], None]) -> Iterator[None]:
    """One item now, and one whenever the file has changed and been left alone for a moment."""
    seen: tuple[int, int] | None = None
    while True:
        now = stamp(path)
        if now is not None and now != seen:
            wait(POLL_SECONDS)
            if stamp(path) == now:
                seen = now
                yield
        else:
            wait(POLL_SECONDS)


def stamp(path: Path) -> tuple[int, int] | None:
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size


def checked(path: Path) -> int:
    """Check the notebook's exercises in a process of their own, as `check()` does in a cell; 0 when all are met."""
    code = sources(path)
    print(f"\n{time.strftime('%H:%M:%S')}  {path.name}", flush=True)
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")])}
    call = [sys.executable, "-m", "autograder.progress.recheck"]
    return subprocess.run(call, input=code, text=True, env=env, cwd=path.resolve().parent, check=False).returncode


def sources(path: Path) -> str:
    """The code cells as JSON: a list of {"source", "solution"}."""
    notebook = read_notebook(path.read_bytes(), path.name)
    return json.dumps([{"source": cell.source, "solution": cell.metadata.nbgrader.solution} for cell in notebook.cells if cell.cell_type == "code"])
