"""The command line: finds the command's own module, hands it its arguments, and turns what goes wrong into a sentence and an exit code.

Exit codes: 0 passed, 1 below the pass mark, 2 bad usage or submission, 3 could not be done, 130 interrupted.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import os
import sys
import time
import traceback
from collections import namedtuple
from pathlib import Path

from . import __version__
from .errors import CourseError
from .paths import home

USAGE, CANNOT, INTERRUPTED = 2, 3, 130
PROGRAM = "python3 -m autograder"

Command = namedtuple("Command", "module help")

COMMANDS = {
    "lab": Command("lab", "open the course in JupyterLab, with the model server beside it"),
    "grade": Command("grading.command", "grade a notebook or a folder, or the reference solutions"),
    "progress": Command("progress.command", "where you are, what comes next, scores over time"),
    "watch": Command("progress.watch", "re-check a notebook whenever it is saved, and say what to do next"),
    "doctor": Command("doctor", "say what is here, what is missing and how to mend it"),
    "test": Command("testing", "run the test suite; further arguments go to pytest"),
    "pull": Command("gateway.pull", "fetch model weights"),
    "serve": Command("gateway.command", "run the model server on its own"),
    "build": Command("authoring.command", "build the notebooks from solutions/"),
    "audit": Command("checks.audit_command", "grade the grader: seeded faults must be caught, correct solutions accepted"),
    "sandbox": Command("sandbox.command", "try what the sandbox enforces on this machine"),
}


def main(arguments: list[str] | None = None) -> int:
    """Runs one command in an environment that has everything. Returns the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    answered = answer_without_setup(words)
    if answered is not None:
        return answered
    try:
        return dispatch(words[0], words[1:])
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else USAGE if leaving.code else 0
    except BaseException as problem:
        return explained(problem)


def answer_without_setup(words: list[str]) -> int | None:
    """Help, the version and unknown commands need nothing installed. The exit code, or None when there is a command to run."""
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview())
        return 0 if words else USAGE
    if words[0] in ("-V", "--version"):
        print("autograder " + __version__)
        return 0
    if words[0] in COMMANDS:
        return None
    close = difflib.get_close_matches(words[0], COMMANDS, 1)
    meant = "Did you mean " + close[0] + "?" if close else "Commands: " + ", ".join(COMMANDS) + "."
    print("There is no command " + repr(words[0]) + ". " + meant, file=sys.stderr)
    return USAGE


def overview() -> str:
    width = max(map(len, COMMANDS))
    lines = ["  " + name.ljust(width) + "  " + command.help for name, command in COMMANDS.items()]
    return "\n".join(["usage: " + PROGRAM + " COMMAND ...", "", *lines, "", "Each command explains itself: " + PROGRAM + " COMMAND --help"])


def dispatch(name: str, rest: list[str]) -> int:
    """Imports the chosen command's module and no other."""
    command = COMMANDS[name]
    module = importlib.import_module("." + command.module, __package__)
    parser = argparse.ArgumentParser(prog=PROGRAM + " " + name, description=command.help[0].upper() + command.help[1:] + ".")
    module.add_arguments(parser)
    if getattr(module, "PASSES_REST_ON", False):
        args, unknown = parser.parse_known_args(rest)
        args.rest = unknown
    else:
        args = parser.parse_args(rest)
    return int(module.run(args))


def explained(problem: BaseException) -> int:
    """Says what went wrong on the standard error and gives the exit code for it."""
    if isinstance(problem, KeyboardInterrupt):
        print("\nInterrupted. The same command carries on from here.", file=sys.stderr)
        return INTERRUPTED
    if isinstance(problem, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader of our output has gone; the interpreter's last flush must not complain
        return CANNOT
    if isinstance(problem, CourseError):
        print(str(problem), file=sys.stderr)
        return problem.exit_code
    if not isinstance(problem, Exception):
        raise problem
    print(unexpected(problem), file=sys.stderr)
    return CANNOT


def unexpected(problem: Exception) -> str:
    said = (str(problem) or type(problem).__name__).splitlines()[0]
    sentence = "Something went wrong that should not have: " + type(problem).__name__ + ": " + said
    text = "".join(traceback.format_exception(type(problem), problem, problem.__traceback__))
    try:
        log = kept(text)
    except OSError:
        return text + sentence
    return sentence + "\nThe details are in " + str(log) + "; please send that file along when you report it."


def kept(text: str) -> Path:
    """Writes a traceback under the home directory. Raises `OSError`."""
    folder = home() / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / (time.strftime("%Y%m%d-%H%M%S-") + str(os.getpid()) + ".log")
    log.write_text("autograder " + __version__ + ", Python " + sys.version + ", " + sys.platform + "\n" + text, encoding="utf-8")
    return log
