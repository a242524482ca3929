"""The argument list of `bwrap` for one run."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from ..paths import course_root, home
from .account import SANDBOX_USER
from .interpreter import interpreter
from .limits import MAPPING_ROOM_BYTES, OPEN_FILES, TMP_BYTES
from .spec import COURSE, COURSE_PARTS, HOME, INPUTS, MODELS, RELAY_PORT, WORK, SandboxSpec, environment

KERNEL = "/run/kernel"
OURS = "/run/sandbox"
GATEWAY = "/run/gateway.sock"

_SYSTEM = (
    "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/local/bin", "/usr/local/lib",
    "/usr/share/fonts", "/usr/share/fontconfig", "/usr/local/share/fonts", "/usr/share/zoneinfo", "/usr/share/ca-certificates",
    "/usr/share/mime", "/usr/share/terminfo",
)  # fmt: skip
_SETTINGS = (
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/fonts", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs",
    "/etc/ca-certificates.conf", "/etc/mime.types", "/etc/alternatives", "/etc/localtime", "/etc/nsswitch.conf",
)  # fmt: skip
_MERGED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")


@dataclass(frozen=True)
class Way:
    """How this machine lets us isolate: `user` is the lent id of a run that root starts, None where a user namespace is used."""

    bwrap: str
    user: int | None


@dataclass(frozen=True)
class Place:
    """The run's own directory on the host; `sockets` is the one part of it the sandbox writes."""

    root: Path

    @property
    def sockets(self) -> Path:
        return self.root / "k"

    def inside(self, name: str) -> str:
        return f"{OURS}/{name}"


@dataclass(frozen=True)
class Wires:
    """What the grader gives to bwrap of its file descriptors, beside the one for its own list of them.

    bwrap writes to `info` and would die of a broken pipe if the grader were gone by then, leaving a child behind that waits for it
    for ever: so it holds the reading end, `info_end`, as well. `lifeline` is the reading end of a pipe whose other end only the grader has.
    """

    info: int
    info_end: int
    lifeline: int
    seccomp: int | None = None

    @property
    def all(self) -> list[int]:
        return [descriptor for descriptor in (self.info, self.info_end, self.lifeline, self.seccomp) if descriptor is not None]


def rlimits(spec: SandboxSpec) -> dict[str, int]:
    """By name as in `resource.RLIMIT_<name>`."""
    return {
        "CORE": 0,
        "DATA": spec.limits.memory_bytes + MAPPING_ROOM_BYTES,
        "FSIZE": spec.limits.file_bytes,
        "NPROC": spec.limits.processes,
        "NOFILE": OPEN_FILES,
    }


def arguments(spec: SandboxSpec, place: Place, way: Way, wires: Wires, *, command: list[str] | None = None) -> list[str]:
    """Everything for `Popen`; writes the small files the sandbox needs into `place`."""
    python = interpreter()
    _write_files(spec, place, way, wires, command)
    package = Path(__file__).resolve().parent.parent
    start = [way.bwrap, "--new-session", "--cap-drop", "ALL", "--clearenv", "--info-fd", str(wires.info), "--as-pid-1"]
    start += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox"]
    if way.user is None:
        start += ["--unshare-user", "--disable-userns", "--uid", str(SANDBOX_USER), "--gid", str(SANDBOX_USER)]
    else:
        start += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    if wires.seccomp is not None:
        start += ["--seccomp", str(wires.seccomp)]
    call = _system(place)
    for here, inside in python.binds:
        call += ["--ro-bind", str(here), str(inside)]
    for folder in (*python.masks, *_private(python.binds)):
        call += ["--size", "4096", "--tmpfs", str(folder), "--remount-ro", str(folder)]
    for part in COURSE_PARTS:
        call += ["--ro-bind-try", str(package / part), f"{COURSE}/autograder/{part}"]
    call += ["--bind", str(spec.work), WORK, "--bind", str(place.sockets), KERNEL]
    for name, path in sorted(spec.inputs.items()):
        call += ["--ro-bind", str(path), f"{INPUTS}/{name}"]
    if not spec.inputs:
        call += ["--dir", INPUTS]
    if spec.models is not None:
        call += ["--ro-bind", str(spec.models), MODELS, "--ro-bind", str(spec.models), f"{HOME}/models"]
    if spec.gateway_socket is not None:
        call += ["--ro-bind", str(spec.gateway_socket), GATEWAY]
    for name in ("inside.py", "plan.json", "kernel.json"):
        call += ["--ro-bind", str(place.root / name), place.inside(name)]
    for name, value in _environment(spec, python.executable).items():
        call += ["--setenv", name, value]
    call += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WORK, "--"]
    return [*start, *_folders(call), *call, python.executable, "-I", "-S", place.inside("inside.py"), place.inside("plan.json")]


_TARGETS = {"--ro-bind": 2, "--ro-bind-try": 2, "--bind": 2, "--symlink": 2, "--tmpfs": 1, "--dir": 1}
"""Options that make something appear inside, and which of their arguments says where."""


def _folders(call: list[str]) -> list[str]:
    """Makes the folders above everything that appears inside, for all to enter; left to itself bwrap may make them for their owner only."""
    targets = [Path(call[index + _TARGETS[word]]) for index, word in enumerate(call) if word in _TARGETS]
    above = {folder for target in targets for folder in target.parents}
    return [word for folder in sorted(above - {Path("/")}) for word in ("--perms", "0755", "--dir", str(folder))]


def _system(place: Place) -> list[str]:
    call = []
    for path in _SYSTEM + _SETTINGS:
        call += ["--ro-bind-try", path, path]
    for path in _MERGED:
        if os.path.islink(path):
            call += ["--symlink", os.readlink(path), path]
        else:
            call += ["--ro-bind-try", path, path]
    for name in ("passwd", "group", "hosts"):
        call += ["--ro-bind", str(place.root / name), f"/etc/{name}"]
    call += ["--proc", "/proc", "--dev", "/dev", "--ro-bind-try", "/sys/devices/system/cpu", "/sys/devices/system/cpu"]
    for folder in ("/dev/shm", "/tmp"):
        call += ["--perms", "1777", "--size", str(TMP_BYTES), "--tmpfs", folder]
    return call


def _private(binds: tuple[tuple[Path, Path], ...]) -> list[Path]:
    """Folders of this person's that lie in something shown to the sandbox, at their place inside."""
    shown = [*binds, *((Path(path), Path(path)) for path in _SYSTEM)]
    found = []
    clone = [course_root()] if (course_root() / "phases").is_dir() else []
    for folder in {*clone, home(), Path.home()}:
        found += [inside / folder.relative_to(here) for here, inside in shown if here in folder.parents and folder.is_dir()]
    return found


def _environment(spec: SandboxSpec, executable: str) -> dict[str, str]:
    host = f"http://127.0.0.1:{RELAY_PORT}" if spec.gateway_socket is not None else ""
    inside = {"PATH": f"{Path(executable).parent}:/usr/bin:/bin", "PYTHONPATH": COURSE, **environment(spec, host=host)}
    if spec.models is not None:
        inside["AUTOGRADER_HOME"] = HOME
    return inside


def _write_files(spec: SandboxSpec, place: Place, way: Way, wires: Wires, command: list[str] | None) -> None:
    user = SANDBOX_USER if way.user is None else way.user
    plan = {
        "user": way.user,
        "wires": {"info": wires.info_end, "lifeline": wires.lifeline},
        "limits": rlimits(spec),
        "relay": {"port": RELAY_PORT, "socket": GATEWAY} if spec.gateway_socket is not None else None,
        "roots": list(interpreter().roots),
        "work": WORK,
        "connection": place.inside("kernel.json"),
        "command": command,
    }
    texts = {
        "plan.json": json.dumps(plan),
        "inside.py": Path(__file__).with_name("inside.py").read_text(encoding="utf-8"),
        "passwd": f"learner:x:{user}:{user}::{WORK}/home:/bin/sh\n",
        "group": f"learner:x:{user}:\n",
        "hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
    }
    for name, text in texts.items():
        (place.root / name).write_text(text, encoding="utf-8")
        (place.root / name).chmod(0o644)
    kernel = place.root / "kernel.json"
    if not kernel.exists():
        kernel.write_text("{}", encoding="utf-8")
    kernel.chmod(0o644)
