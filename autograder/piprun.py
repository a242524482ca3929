"""pip, run in the course's environment and watched. Standard library only; also read by old Pythons."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from . import lockfile
from .errors import CourseError
from .pipwords import explain
from .steps import Steps

_POLL_SECONDS = 0.25
_FOREIGN = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIREMENT", "PIP_CONSTRAINT", "PIP_NO_DEPS", "PIP_DRY_RUN")


class SetupError(CourseError):
    """The environment could not be made or filled."""


def explained(output: str, doing: str) -> SetupError:
    """The error that a failed run's output tells of."""
    return SetupError(*explain(output, doing, sys.executable))


class Pip:
    """`log` keeps what it says, which nobody wants to read until something goes wrong; `held` is a descriptor it inherits."""

    def __init__(self, python: Path, log: Path, held: int) -> None:
        self.python = python
        self.log = log
        self.held = held

    def install(self, lock: Path, steps: Steps, asked: dict[str, str], packages: Path) -> None:
        """What of the lock is not there yet. Its temporary files stay beside the environment: /tmp may be small. Raises `SetupError`."""
        scratch = self.log.parent / "tmp"
        scratch.mkdir(exist_ok=True)
        call = [str(self.python), "-I", "-m", "pip", "install", "--progress-bar", "off", "--no-warn-script-location", "-r", str(lock)]
        try:
            code = self._watched(call, scratch, steps, asked, packages)
        finally:
            shutil.rmtree(str(scratch), ignore_errors=True)
        if code < 0:
            raise SetupError(
                "pip was ended by signal " + str(-code) + " before it was done.", "Run the same command again; it carries on where this one stopped."
            )
        if code != 0:
            raise explained(self._said(), "install the packages")

    def _watched(self, call: list[str], scratch: Path, steps: Steps, asked: dict[str, str], packages: Path) -> int:
        steps.begin("downloading")
        installing = False
        with self.log.open("wb") as output:
            inherited = {"pass_fds": [self.held]} if os.name == "posix" else {}
            process = subprocess.Popen(
                call, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=_environment(scratch), **inherited
            )  # type: ignore[call-overload]
            try:
                while process.poll() is None:
                    time.sleep(_POLL_SECONDS)
                    said = self._said()
                    if not installing and "\nInstalling collected packages" in said:
                        installing = True
                        steps.end(_of(len(asked), asked))
                        steps.begin("installing")
                    steps.move(_installed(asked, packages) if installing else _collected(said, asked))
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
        if process.returncode == 0:
            steps.end(_installed(asked, packages))
        return int(process.returncode)

    def _said(self) -> str:
        return "\n" + self.log.read_text(encoding="utf-8", errors="replace")


def _collected(said: str, asked: dict[str, str]) -> str:
    """How many packages pip has come to, and which one it is at."""
    begun = [line.split()[1] for line in said.splitlines() if line.startswith("Collecting ")]
    done = said.count("\nRequirement already satisfied") + max(0, len(begun) - 1)
    return _of(done, asked) + (", now " + begun[-1].partition("==")[0] if begun else "")


def _installed(asked: dict[str, str], packages: Path) -> str:
    return _of(len(asked) - len(lockfile.lacking(asked, [str(packages)])), asked)


def _of(done: int, asked: dict[str, str]) -> str:
    return str(min(done, len(asked))) + " of " + str(len(asked)) + " packages"


def _environment(scratch: Path) -> dict[str, str]:
    """The machine's own index, proxies and certificates hold; what would send packages elsewhere does not."""
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    return dict(kept, PIP_USER="0", PIP_NO_INPUT="1", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_REQUIRE_VIRTUALENV="0", **places)
