"""The bubblewrap command line: what a learner's process can see, and nothing else."""

from __future__ import annotations

import functools
import os
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .spec import COURSE, INPUTS, MODELS, WORK, SandboxSpec

PACKAGE = Path(__file__).resolve().parent.parent
PROBE = ("__init__.py", "errors.py", "probe")
"""All of the course's code that a learner's kernel can read."""

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
CONFIG = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime", "/etc/mime.types", "/etc/nsswitch.conf")


@dataclass(frozen=True, slots=True)
class Isolation:
    """What keeps a learner's code in: "bubblewrap", or "none" with the reason why."""

    kind: str
    why: str = ""


@functools.cache
def available() -> Isolation:
    """Whether bubblewrap works here, found out by running it once."""
    if sys.platform != "linux":
        return Isolation("none", f"bubblewrap exists on Linux only, and this is {sys.platform}")
    binary = shutil.which("bwrap")
    if binary is None:
        return Isolation("none", "bubblewrap (bwrap) is not installed; on Debian and Ubuntu: apt-get install bubblewrap")
    command = [binary, "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    try:
        tried = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Isolation("none", f"bubblewrap cannot be run here ({error})")
    if tried.returncode != 0:
        reason = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
        return Isolation("none", f"bubblewrap is refused here ({reason}); a container may have to allow user namespaces")
    return Isolation("bubblewrap")


def interpreter() -> list[Path]:
    """The folders that make up this Python: the environment, what it was made from, and where its links lead."""
    places = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix), Path(sys.base_exec_prefix)}
    executable = Path(sys.executable)
    places |= {executable.resolve().parent.parent, Path(os.path.realpath(sys.base_prefix))}
    covered = [Path(name) for name in SYSTEM]
    return sorted(p for p in places if p.exists() and p != Path("/") and not any(p.is_relative_to(c) for c in covered))


def masked() -> Iterator[Path]:
    """Installed copies of the course inside site-packages: hidden, since checks and rubrics are not for the learner's process."""
    for folder in {*site.getsitepackages(), str(PACKAGE.parent)}:
        copy = Path(folder) / "autograder"
        if copy.is_dir() and any(copy.is_relative_to(place) for place in interpreter()):
            yield copy


def arguments(spec: SandboxSpec, run_dir: Path, command: list[str]) -> list[str]:
    """The whole command line that runs `command` inside. `run_dir` holds the kernel's connection file and sockets."""
    args = [shutil.which("bwrap") or "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"]
    args += ["--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL", "--disable-userns"]
    for name in SYSTEM:
        path = Path(name)
        if path.is_symlink():
            args += ["--symlink", os.readlink(path), name]
        elif path.is_dir():
            args += ["--ro-bind", name, name]
    for name in CONFIG:
        args += ["--ro-bind-try", name, name]
    args += ["--proc", "/proc", "--dev", "/dev", "--size", str(64 << 20), "--tmpfs", "/tmp"]
    for place in interpreter():
        args += ["--ro-bind", str(place), str(place)]
    for copy in masked():
        args += ["--tmpfs", str(copy)]
    for name in PROBE:
        args += ["--ro-bind", str(PACKAGE / name), f"{COURSE}/autograder/{name}"]
    args += ["--ro-bind", str(Path(__file__).with_name("inside.py")), f"{COURSE}/inside.py"]
    args += ["--bind", str(spec.work.resolve()), WORK, "--bind", str(run_dir), str(run_dir)]
    for name, source in spec.inputs.items():
        args += ["--ro-bind", str(source.resolve()), f"{INPUTS}/{name}"]
    if spec.models is not None:
        args += ["--ro-bind", str(spec.models.resolve()), MODELS]
    if spec.gateway_socket is not None:
        args += ["--bind", str(spec.gateway_socket.resolve()), "/run/gateway.sock"]
    for name, value in spec.environment(inside=True).items():
        args += ["--setenv", name, value]
    return [*args, "--chdir", WORK, "--remount-ro", "/", "--", *command]
