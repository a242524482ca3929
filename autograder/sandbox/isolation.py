"""Whether this machine can isolate a run, and in which way."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .account import lend_user, open_for_reading
from .bubblewrap import OWN_USER_NAMESPACE, Place, Way, arguments
from .errors import SandboxError, SandboxUnavailable
from .limits import Limits
from .removal import LEFT_BEHIND
from .seccomp import program
from .spec import SandboxSpec
from .wires import Wires


@dataclass(frozen=True, slots=True)
class Isolation:
    """`kind` is "bubblewrap", or "none" and then `why` says in one phrase what is missing."""

    kind: str
    why: str = ""

    def __bool__(self) -> bool:
        return self.kind != "none"


def available() -> Isolation:
    """Tried once per process, by starting a sandbox."""
    kind, why, _ = _tried()
    return Isolation(kind, why)


def way() -> Way:
    """How to start the next run; a user id is lent anew each time. Raises `SandboxError` where nothing isolates."""
    kind, why, lends = _tried()
    if kind == "none":
        raise SandboxUnavailable(f"Nothing isolates a run here: {why}.")
    return Way(_program() or "", lend_user() if lends else None)


def scratch() -> Path:
    """A new private directory with a path short enough for the Unix sockets in it (107 bytes on Linux, 103 on macOS)."""
    short = Path("/tmp")
    parent = short if os.access(short, os.W_OK) and os.name == "posix" else Path(tempfile.gettempdir())
    return Path(tempfile.mkdtemp(prefix=f"{LEFT_BEHIND}{os.getpid()}-", dir=parent))


def _program() -> str | None:
    return shutil.which("bwrap")


@functools.cache
def _tried() -> tuple[str, str, bool]:
    if sys.platform != "linux":
        return "none", f"bubblewrap needs Linux, and this is {sys.platform}", False
    found = _program()
    if found is None:
        return "none", "bubblewrap is not installed; on Debian and Ubuntu: apt-get install bubblewrap", False
    complaint = ""
    for lends in (True, False) if os.geteuid() == 0 else (False,):
        complaint = _attempt(Way(found, lend_user() if lends else None))
        if not complaint:
            return "bubblewrap", "", lends
    return "none", f"bubblewrap is refused here: {complaint}", False


@functools.cache
def nests() -> bool:
    """Whether an ordinary user can make sandboxes in a user namespace of its own; tried once per process."""
    found = _program()
    return bool(available() and found and shutil.which("nsenter", path=os.defpath) and not _attempt(Way(found, None), OWN_USER_NAMESPACE))


def _attempt(way: Way, before: tuple[str, ...] = ()) -> str:
    """What stands against this way of isolating, started by the command `before`, or nothing."""
    root = scratch()
    place = Place(root)
    wires = Wires()
    try:
        place.sockets.mkdir()
        work = root / "work"
        work.mkdir()
        call = [*before, *arguments(SandboxSpec(work, limits=Limits()), place, way, wires, command=["/bin/sh", "-c", "exit 7"])]
        if way.user is not None:
            open_for_reading(root)
        done = subprocess.run(call, pass_fds=wires.inherited, env={}, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError, SandboxError) as problem:
        return str(problem).rstrip(".")
    finally:
        wires.close()
        shutil.rmtree(root, ignore_errors=True)
    if done.returncode == 7:
        return ""
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return (said[-1].removeprefix("bwrap: ") if said else f"it ended with {done.returncode}").rstrip(".")


def filter_descriptor() -> int | None:
    """An open file with the system-call filter, for bwrap to read once; the caller closes it."""
    code = program()
    if code is None:
        return None
    read, write = os.pipe()
    os.write(write, code)
    os.close(write)
    return read
