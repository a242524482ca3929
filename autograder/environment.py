"""The course's own Python environment, `.venv` in the clone: made, filled, and mended whatever state it was left in.

Standard library only; also read by old Pythons.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

from . import lockfile
from .errors import CourseError
from .piprun import Pip, SetupError, explained
from .setuplock import alone
from .steps import Steps

Facts = namedtuple("Facts", "version packages prefix pip")
"""What an interpreter says of itself: "3.11.7", its folder of packages, its prefix, and whether it has pip."""

_ASK = (
    "import importlib.util as u, json, sys, sysconfig;"
    "print(json.dumps(['.'.join(map(str, sys.version_info[:3])), sysconfig.get_path('purelib'), sys.prefix, bool(u.find_spec('pip'))]))"
)
_STAMP, _LOG = "autograder.json", "setup.log"


class Environment:
    """`ready` is quick; `prepare` does whatever is needed to make it true."""

    def __init__(self, clone: Path) -> None:
        self.clone = clone
        self.folder = clone / ".venv"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.lock = (clone / "requirements.lock").read_text(encoding="utf-8")

    def asked(self, version: str = "") -> dict[str, str]:
        """Version by name of the locked packages for this machine, and for another Python than this one if told so. Raises `SetupError`."""
        here = lockfile.machine()
        if version:
            here = dict(here, python_full_version=version, python_version=version.rpartition(".")[0])
        try:
            return lockfile.wanted(self.lock, here)
        except ValueError as problem:
            raise SetupError("requirements.lock cannot be read: " + str(problem) + ".", "Restore it: git checkout requirements.lock") from None

    def is_current(self) -> bool:
        """Whether this very process runs in it."""
        return self.folder.is_dir() and os.path.samefile(sys.prefix, str(self.folder))

    def ready(self) -> bool:
        """Whether set-up ended well for this lock, in this place, with the interpreter that is there now, and nothing has gone since."""
        stamp = self._stamped()
        packages = stamp.get("packages", "")
        return stamp == self._stamp(stamp.get("python", ""), packages) and not self._lacking(stamp["python"], self.folder / packages)

    def prepare(self, steps: Steps) -> None:
        """Only one start at a time does this; the others wait, and then find it done. Raises `SetupError`."""
        try:
            with alone(self.clone / ".run", steps) as held:
                if not self.ready():
                    self._prepare(steps, held)
        except (OSError, CourseError, KeyboardInterrupt) as problem:
            steps.broken()
            if isinstance(problem, OSError):
                raise explained(str(problem), "set up " + str(self.folder)) from problem
            raise

    def _prepare(self, steps: Steps, held: int) -> None:
        stamp = self._stamped()
        moved = stamp.get("place", str(self.folder)) != str(self.folder)
        facts = self._kept(stamp) or self._made(steps)
        (self.folder / _STAMP).unlink(missing_ok=True)
        packages = Path(facts.packages)
        drop_half_installed(packages)
        if moved:
            relocate(self.python.parent, stamp["place"], str(self.folder))
        pip = Pip(self.python, self.folder / _LOG, held)
        asked = self.asked(facts.version)
        if self._lacking(facts.version, packages):
            pip.install(self.clone / "requirements.lock", steps, asked, packages)
        still = self._lacking(facts.version, packages)
        if still:
            names = ", ".join(one.name for one in still[:3])
            raise SetupError("pip ended well, but " + names + " did not come as locked.", "Delete the folder .venv and run the same command again.")
        (packages / "autograder-course.pth").write_text(str(self.clone) + "\n", encoding="utf-8")
        self._write(self._stamp(facts.version, str(packages.relative_to(self.folder))))
        steps.say("Set up in " + str(self.folder) + " in " + steps.total() + ".")

    def _kept(self, stamp: dict) -> Facts | None:  # type: ignore[type-arg]
        """The environment as it is, if it can be used or only needs packages."""
        facts = ask(self.python)
        if facts is None or not os.path.isdir(facts.packages) or not os.path.samefile(facts.prefix, str(self.folder)):
            return None
        theirs = tuple(map(int, facts.version.split(".")[:2]))
        finished = stamp.get("python", "").rpartition(".")[0] == facts.version.rpartition(".")[0]
        return facts if facts.pip and theirs >= (3, 11) and (finished or theirs == sys.version_info[:2]) else None

    def _made(self, steps: Steps) -> Facts:
        """A new one, in place of what is there. Raises `SetupError`."""
        if self.folder.is_symlink() or self.folder.is_file():
            self.folder.unlink()
        elif self.folder.exists() and any(self.folder.iterdir()):
            steps.say("What is in .venv cannot be used as it is; making it anew.")
            empty(self.folder)
        steps.say("Setting up once, in " + str(self.folder) + ", with Python " + ".".join(map(str, sys.version_info[:3])) + ".")
        steps.begin("environment")
        base = getattr(sys, "_base_executable", None) or sys.executable
        _run([base, "-I", "-m", "venv", "--without-pip", str(self.folder)], "make an environment")
        self._give_pip(base)
        facts = ask(self.python)
        if facts is None or not facts.pip:
            raise SetupError("The environment in .venv does not work.", "Use a Python from python.org, your package manager or conda-forge.")
        steps.end("made")
        return facts

    def _give_pip(self, base: str) -> None:
        """From the Python itself; where its distributor left that out (Debian), from the pip of the Python outside."""
        bundled = subprocess.run([str(self.python), "-I", "-m", "ensurepip"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if bundled.returncode == 0:
            return
        if "No module named ensurepip" not in bundled.stderr:
            raise explained(bundled.stdout + bundled.stderr, "put pip into the environment")
        call = [base, "-I", "-m", "pip", "--python", str(self.python), "install", "--quiet", "pip"]
        lent = subprocess.run(call, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if lent.returncode != 0:
            version = ".".join(map(str, sys.version_info[:2]))
            raise SetupError(
                "This Python comes without pip and without ensurepip, so no environment can be made.",
                "On Debian and Ubuntu: apt-get install python" + version + "-venv. Then run the same command again.",
            )

    def _lacking(self, version: str, packages: Path) -> list[lockfile.Lacking]:
        return lockfile.lacking(self.asked(version), [str(packages)])

    def _stamp(self, version: str, packages: str) -> dict[str, object]:
        return {
            "lock": hashlib.sha256(self.lock.encode()).hexdigest(),
            "python": version,
            "packages": packages,
            "place": str(self.folder),
            "interpreter": _identity(self.python),
        }

    def _stamped(self) -> dict:  # type: ignore[type-arg]
        try:
            stamp = json.loads((self.folder / _STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def _write(self, stamp: dict[str, object]) -> None:
        scratch = self.folder / (_STAMP + ".new")
        scratch.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")
        os.replace(str(scratch), str(self.folder / _STAMP))


def ask(python: Path) -> Facts | None:
    """None for an interpreter that is not there or does not run."""
    try:
        done = subprocess.run([str(python), "-I", "-c", _ASK], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        return Facts(*json.loads(done.stdout))
    except (OSError, ValueError, TypeError, subprocess.SubprocessError):
        return None


def empty(folder: Path) -> None:
    """Takes out what is in a folder and leaves the folder, which may be a mount."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(str(entry))
        else:
            entry.unlink()


def relocate(scripts: Path, old: str, new: str) -> None:
    """The clone lies elsewhere now, and the launchers in `bin` name the old place. (On Windows they are programs; nothing here uses them.)"""
    for script in scripts.iterdir() if os.name == "posix" else ():
        if not script.is_file() or script.is_symlink():
            continue
        text = script.read_bytes()
        if old.encode() in text and b"\0" not in text:
            first, _, rest = text.replace(old.encode(), new.encode()).partition(b"\n")
            script.write_bytes(_shebang(first) + b"\n" + rest)


def _shebang(line: bytes) -> bytes:
    """Past a space or 127 bytes the kernel cannot read one; then a shell does, in a line that Python takes for text."""
    if not line.startswith(b"#!/") or (b" " not in line and len(line) <= 127):
        return line
    return b"#!/bin/sh\n'''exec' \"" + line[2:] + b"\" \"$0\" \"$@\"\n' '''"


def drop_half_installed(packages: Path) -> None:
    """An installation that was killed leaves packages which look installed and are not whole: without their record pip installs them again."""
    for entry in packages.glob("*.dist-info"):
        if not _whole(packages, entry):
            shutil.rmtree(str(entry))


def _whole(packages: Path, entry: Path) -> bool:
    """Whether every file of a package's RECORD is there and as long as it should be; what lies outside the folder and caches do not count."""
    try:
        with (entry / "RECORD").open(encoding="utf-8", newline="") as file:
            sizes = {path: size for path, _, size in csv.reader(file)}
        return all(os.path.getsize(str(packages / path)) == int(size) for path, size in sizes.items() if size and not path.startswith(".."))
    except (OSError, ValueError):
        return False


def _identity(python: Path) -> list[object]:
    """Changes when the system's Python is replaced by another."""
    try:
        real = os.path.realpath(str(python))
        status = os.stat(real)
    except OSError:
        return []
    return [real, status.st_size, status.st_mtime_ns]


def _run(call: list[str], doing: str) -> None:
    done = subprocess.run(call, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise explained(done.stdout + done.stderr, doing)
