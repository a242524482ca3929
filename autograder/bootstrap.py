"""Set-up on first use: an environment in `.venv` with exactly what `requirements.lock` names, and this process started again in it.

Standard library only, and nothing that Python 3.8 cannot at least parse. Where the Python that runs this has every locked package already (a
conda environment, a container), nothing is installed and nothing is started anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import lockfile
from .environment import Environment
from .errors import CourseError
from .paths import course_root
from .steps import Steps

OLDEST = (3, 11)


def check_python() -> None:
    """Raises `CourseError` in a Python that is too old, naming a newer one if there is one on PATH."""
    if sys.version_info >= OLDEST:
        return
    here = "This is Python " + ".".join(map(str, sys.version_info[:3])) + ", and the course needs 3.11 or newer."
    newer = next((name for name in ("python3.13", "python3.12", "python3.11", "python3.14") if _runs(name)), None)
    if newer:
        raise CourseError(here, "Start it with the one you have: " + newer + " -m autograder")
    raise CourseError(here, "Install one from python.org, your package manager or conda-forge, and start the course with that.")


def _runs(name: str) -> bool:
    """Whether a Python of this name starts: version managers leave names on PATH that only complain."""
    found = shutil.which(name)
    return found is not None and subprocess.run([found, "-c", ""], stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def ensure(arguments: list[str], root: Path | None = None) -> None:
    """Returns in an environment that has everything, or starts `-m autograder arguments` in one and does not return.

    `root` is the clone. Without a lock in it (the package was installed from elsewhere) there is nothing to hold to. Raises `SetupError`.
    """
    clone = root or course_root()
    if not (clone / "requirements.lock").is_file():
        return
    environment = Environment(clone)
    if environment.is_current():
        if environment.ready():
            return
    else:
        lacking = lockfile.lacking(environment.asked(), sys.path)
        if not lacking:
            return
    if not environment.ready():
        steps = Steps()
        if not environment.is_current():
            _tell_why(steps, len(environment.asked()), lacking)
        environment.prepare(steps)
    start(environment.python, arguments)


def _tell_why(steps: Steps, asked: int, lacking: list[lockfile.Lacking]) -> None:
    """Somebody who made an environment for the course wonders why it is not used."""
    if len(lacking) * 2 > asked:
        return
    first = lacking[0]
    has = "has " + first.found if first.found else "has none"
    steps.say(
        "The environment in " + sys.prefix + " differs from requirements.lock in " + str(len(lacking)) + " of " + str(asked) + " packages ("
        "the first is " + first.name + ": it " + has + ", locked is " + first.wanted + "), so the course makes its own."
    )  # fmt: skip


def start(python: Path, arguments: list[str]) -> None:
    """This command again, in another Python; does not return."""
    command = [str(python), "-m", "autograder", *arguments]
    os.environ.pop("__PYVENV_LAUNCHER__", None)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    os.environ.setdefault("PYTHONUTF8", "1")
    child = subprocess.Popen(command)
    while True:
        try:
            sys.exit(child.wait())
        except KeyboardInterrupt:  # the console has told the child as well, and it has things to put away
            continue
