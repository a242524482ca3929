"""`doctor`: what is here, what is missing and how to mend it, in plain words."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from . import lockfile, sandbox
from .environment import Environment
from .errors import CourseError
from .gateway import catalog, resolve
from .gateway.supply import Supply, supplies
from .paths import course_root, home

MEMORY_WANTED = 3 << 30
"""Bytes free that the larger model, a notebook and a browser need side by side."""
DISK_SLACK = 1 << 30
"""Bytes beyond the weights: indexes, practice companies, reports."""


class State(StrEnum):
    """NOTE is worth knowing and stops nothing; MISSING must be mended first."""

    OK = "ok"
    NOTE = "note"
    MISSING = "missing"


MARKS = {State.OK: "✓", State.NOTE: "!", State.MISSING: "✗"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at; `mend` is empty when there is nothing to do."""

    what: str
    state: State
    found: str
    mend: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """0 when all that is needed is here, 1 when something is missing."""
    lines = []
    for line in examine():
        lines.append(line)
        if not args.json:
            print(shown(line), flush=True)
    missing = [line.what for line in lines if line.state is State.MISSING]
    if args.json:
        print(json.dumps(as_json(lines), indent=1))
    else:
        print(f"\nTo mend first: {', '.join(missing)}." if missing else "\nAll that is needed is here. Next: python3 -m autograder lab")
    return 1 if missing else 0


def examine() -> Iterator[Line]:
    """Every line, as soon as it is known."""
    yield python()
    yield packages()
    yield processor()
    yield memory()
    yield home_folder()
    server, url = model_server()
    yield server
    try:
        needed = supplies(url)
    except CourseError as problem:
        yield Line("Models", State.MISSING, problem.message, problem.mend)
        needed = []
    yield from map(model, needed)
    yield disk(needed)
    yield isolation()
    yield course()


def python() -> Line:
    return Line("Python", State.OK, f"{platform.python_version()} in {sys.prefix}")


def packages() -> Line:
    """Held against the lock; an environment made in another way may differ from it."""
    if not (course_root() / "requirements.lock").is_file():
        return Line("Packages", State.OK, "as the installer of this package chose them")
    asked = Environment(course_root()).asked()
    differing = lockfile.lacking(asked, sys.path)
    if not differing:
        return Line("Packages", State.OK, f"all {len(asked)} as locked")
    few = ", ".join(f"{one.name} {one.found or 'none'} (locked: {one.wanted})" for one in differing[:3])
    return Line(
        "Packages",
        State.NOTE if all(one.found for one in differing) else State.MISSING,
        f"{len(differing)} of {len(asked)} are not as locked: {few}{', …' if len(differing) > 3 else ''}",
        "Scores may differ from other people's. Start with python3 -m autograder, which brings the locked ones.",
    )


def processor() -> Line:
    cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    threads = os.cpu_count() or cores
    return Line("Processor", State.OK, f"{counted(cores, 'core')}, {counted(threads, 'thread')} ({platform.system()} on {platform.machine()})")


def memory() -> Line:
    now = psutil.virtual_memory()
    found = f"{gibibytes(now.total)}, of which {gibibytes(now.available)} are free"
    if now.available >= MEMORY_WANTED:
        return Line("Memory", State.OK, found)
    mend = f"The larger model wants {gibibytes(MEMORY_WANTED)} free: close other programs, or use --model smollm2:135m."
    return Line("Memory", State.NOTE, found, mend)


def home_folder() -> Line:
    """Weights, vectors and the journal live there; it is made on first use."""
    folder = home()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".doctor-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as problem:
        return Line("Home folder", State.MISSING, f"{folder}: {problem.strerror}", "Set AUTOGRADER_HOME to a folder that is yours.")
    return Line("Home folder", State.OK, f"{folder} ({gibibytes(size(folder))})")


def disk(needed: list[Supply]) -> Line:
    """Room for what is still to be fetched."""
    place = next(folder for folder in (home(), *home().parents) if folder.is_dir())
    free = shutil.disk_usage(place).free
    fetching = sum(one.model.bytes for one in needed if not one.present and not one.ollama)
    found = f"{gibibytes(free)} free for {home()}"
    if free < fetching:
        return Line("Disk", State.MISSING, f"{found}, and the models need {gibibytes(fetching)}", "Free some, or set AUTOGRADER_HOME to a larger disk.")
    if free < fetching + DISK_SLACK:
        return Line("Disk", State.NOTE, found, "It is getting tight: indexes and reports need some too.")
    return Line("Disk", State.OK, found)


def model_server() -> tuple[Line, str | None]:
    """Who would answer, found without starting anything, and the URL of an Ollama that runs."""
    named = os.environ.get("OLLAMA_HOST", "").strip()
    url = resolve.normalised(named) if named else resolve.DEFAULT_HOST
    binary = shutil.which("ollama")
    if (named or binary) and (version := resolve.version(url)):
        return Line("Model server", State.OK, f"Ollama {version} at {url}"), url
    unanswered = f"Nothing answers at OLLAMA_HOST ({url}): start Ollama there, or unset it." if named else ""
    state = State.NOTE if named else State.OK
    if binary:
        return Line("Model server", state, f"Ollama in {binary}, started when it is needed", unanswered), None
    return Line("Model server", state, "embedded: llama.cpp behind Ollama's protocol", unanswered), None


def model(supply: Supply) -> Line:
    """Reads every byte of weights that are here: a second or two for the larger model."""
    model, what = supply.model, f"Model {supply.model.tag}"
    if supply.ollama:
        there = f"in Ollama at {supply.ollama}"
        return Line(what, State.OK, there) if supply.present else Line(what, State.MISSING, f"not {there}", f"Run: ollama pull {model.tag}")
    pull = f"python3 -m autograder pull {model.tag}"
    if not supply.present:
        return Line(what, State.MISSING, f"not here ({model.bytes / 1e6:,.0f} MB to fetch)", f"Run: {pull}")
    if not catalog.verify(model):
        return Line(what, State.MISSING, "damaged: its SHA-256 is not the pinned one", f"Delete {catalog.path(model)}, then run: {pull}")
    return Line(what, State.OK, f"{model.bytes / 1e6:,.0f} MB, SHA-256 {model.digest[:12]}… verified")


def isolation() -> Line:
    found = sandbox.available()
    if found:
        return Line("Sandbox", State.OK, f"{found.kind}: other people's notebooks can be graded here")
    return Line("Sandbox", State.NOTE, f"none: {found.why}", "Your own notebooks still grade, marked unsandboxed.")


def course() -> Line:
    notebooks = [path for folder in ("phases", "milestones") for path in (course_root() / folder).rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts]
    if not notebooks:
        return Line("Notebooks", State.MISSING, f"none in {course_root()}", "Run: python3 -m autograder build")
    return Line("Notebooks", State.OK, f"{len(notebooks)} in {course_root()}")


def shown(line: Line) -> str:
    """A row of the table; what to do about it comes on lines of its own."""
    row = f"{MARKS[line.state]} {line.what:24} {line.found}"
    if not line.mend:
        return row
    width = max(40, min(110, shutil.get_terminal_size().columns) - 27)
    return "\n".join([row, *(f"{'':27}{piece}" for piece in textwrap.wrap(line.mend, width, break_long_words=False, break_on_hyphens=False))])


def as_json(lines: list[Line]) -> dict[str, object]:
    return {
        "schema": "autograder.doctor/1",
        "ready": all(line.state is not State.MISSING for line in lines),
        "lines": [{"what": line.what, "state": line.state, "found": line.found, "mend": line.mend} for line in lines],
    }


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def gibibytes(number: int) -> str:
    return f"{number / 2**30:.1f} GiB"


def size(folder: Path) -> int:
    """Bytes of all files below; files may vanish while one looks."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_size
            except OSError:
                continue
    return total
