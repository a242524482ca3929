"""The argument list of `bwrap` for one run."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..paths import course_root, home
from .account import SANDBOX_USER
from .interpreter import interpreter
from .limits import MAPPING_ROOM_BYTES, OPEN_FILES, TMP_BYTES
from .spec import COURSE, COURSE_PARTS, HOME, INPUTS, MODELS, RELAY_PORT, WORK, SandboxSpec, environment
from .wires import Wires

KERNEL = "/run/kernel"
OURS = "/run/sandbox"
GATEWAY = "/run/gateway.sock"
OWN_USER_NAMESPACE = ("unshare", "--user", "--map-root-user")
"""What an ordinary user's `KernelServer` is started by."""

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


def rlimits(spec: SandboxSpec) -> dict[str, int]:
    """By name as in `resource.RLIMIT_<name>`."""
    return {
        "CORE": 0,
        "DATA": spec.limits.memory_bytes + MAPPING_ROOM_BYTES,
        "FSIZE": spec.limits.file_bytes,
        "NPROC": spec.limits.processes,
        "NOFILE": OPEN_FILES,
    }


def entering(process: int) -> tuple[str, ...]:
    """What to put in front of a command to have it run in the user namespace of a process."""
    return ("nsenter", "--preserve-credentials", f"--user=/proc/{process}/ns/user")


def arguments(spec: SandboxSpec, place: Place, way: Way, wires: Wires, *, command: list[str] | None = None) -> list[str]:
    """Everything for `Popen`; writes the small files the sandbox needs into `place`."""
    executable = interpreter().executable
    _write_files(place, plan(spec, place, way, wires, command), SANDBOX_USER if way.user is None else way.user)
    start = [way.bwrap, "--new-session", "--cap-drop", "ALL", "--clearenv", "--info-fd", str(wires.info), "--as-pid-1"]
    start += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox"]
    if way.user is None:
        start += ["--unshare-user", "--disable-userns", "--uid", str(SANDBOX_USER), "--gid", str(SANDBOX_USER)]
    else:
        for right in ("SETUID", "SETGID", "SETPCAP"):
            start += ["--cap-add", f"CAP_{right}"]
    if wires.seccomp is not None:
        start += ["--seccomp", str(wires.seccomp)]
    call = _shown(place)
    call += ["--bind", str(spec.work), WORK, "--bind", str(place.sockets), KERNEL]
    for name, path in sorted(spec.inputs.items()):
        call += ["--ro-bind", str(path), f"{INPUTS}/{name}"]
    if not spec.inputs:
        call += ["--dir", INPUTS]
    if spec.models is not None:
        call += ["--ro-bind", str(spec.models), MODELS, "--ro-bind", str(spec.models), f"{HOME}/models"]
    if spec.gateway_socket is not None:
        call += ["--ro-bind", str(spec.gateway_socket), GATEWAY]
    call += ["--ro-bind", str(place.root / "kernel.json"), place.inside("kernel.json")]
    for name, value in variables(spec).items():
        call += ["--setenv", name, value]
    call += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WORK, "--"]
    return [*start, *_folders(call), *call, executable, "-I", "-S", place.inside("inside.py"), place.inside("plan.json")]


def server_arguments(place: Place, way: Way, *, line: int, info: int, rules: bytes, modules: Sequence[str]) -> list[str]:
    """The same for a `KernelServer`: it sees what a run sees at the same places, but for everything that is one run's own. `line` is its
    socket; `info` hears of it as soon as it is there.

    As root it keeps the rights to enter a run's namespaces. Otherwise it has none, and a user namespace of its own: whoever owns one may
    enter all that are made in there.
    """
    python = interpreter()
    orders = {"line": line, "filter": rules.hex(), "roots": list(python.roots), "modules": list(modules)}
    _write_files(place, orders, way.user or SANDBOX_USER)
    start = [*(OWN_USER_NAMESPACE if way.user is None else ()), way.bwrap, "--new-session", "--clearenv", "--cap-drop", "ALL", "--info-fd", str(info)]
    for right in ("SYS_ADMIN", "SYS_CHROOT", "SYS_PTRACE", "SETUID", "SETGID", "SETPCAP") if way.user is not None else ():
        start += ["--cap-add", f"CAP_{right}"]
    call = _shown(place)
    for name, value in variables(SandboxSpec(Path(WORK))).items():
        call += ["--setenv", name, value]
    call += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--"]
    return [*start, *_folders(call), *call, python.executable, "-s", "-P", place.inside("inside.py"), place.inside("plan.json"), "serve"]


_TARGETS = {"--ro-bind": 2, "--ro-bind-try": 2, "--bind": 2, "--symlink": 2, "--tmpfs": 1, "--dir": 1}
"""Options that make something appear inside, and which of their arguments says where."""


def _folders(call: list[str]) -> list[str]:
    """Makes the folders above everything that appears inside, for all to enter; left to itself bwrap may make them for their owner only."""
    targets = [Path(call[index + _TARGETS[word]]) for index, word in enumerate(call) if word in _TARGETS]
    above = {folder for target in targets for folder in target.parents}
    return [word for folder in sorted(above - {Path("/")}) for word in ("--perms", "0755", "--dir", str(folder))]


def _shown(place: Place) -> list[str]:
    """What everything sees: the system, the interpreter, and of the course's package the parts that kernels import."""
    python, package = interpreter(), Path(__file__).resolve().parent.parent
    call = _system(place)
    for here, inside in python.binds:
        call += ["--ro-bind", str(here), str(inside)]
    for folder in (*python.masks, *_private(python.binds)):
        call += ["--size", "4096", "--tmpfs", str(folder), "--remount-ro", str(folder)]
    for part in COURSE_PARTS:
        call += ["--ro-bind-try", str(package / part), f"{COURSE}/autograder/{part}"]
    for name in ("inside.py", "plan.json"):
        call += ["--ro-bind", str(place.root / name), place.inside(name)]
    return call


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


def variables(spec: SandboxSpec) -> dict[str, str]:
    """The environment of a run in bubblewrap."""
    host = f"http://127.0.0.1:{RELAY_PORT}" if spec.gateway_socket is not None else ""
    path = f"{Path(interpreter().executable).parent}:/usr/bin:/bin"
    inside = {"PATH": path, "PYTHONPATH": COURSE, **environment(spec, host=host)}
    if spec.models is not None:
        inside["AUTOGRADER_HOME"] = HOME
    return inside


def plan(spec: SandboxSpec, place: Place, way: Way, wires: Wires, command: list[str] | None = None) -> dict[str, Any]:
    """What `inside.py` is told."""
    return {
        "user": way.user,
        "wires": {"info": wires.info_end, "lifeline": wires.lifeline, "guest": wires.guest},
        "limits": rlimits(spec),
        "relay": {"port": RELAY_PORT, "socket": GATEWAY} if spec.gateway_socket is not None else None,
        "roots": list(interpreter().roots),
        "work": WORK,
        "connection": place.inside("kernel.json"),
        "command": command,
    }


def _write_files(place: Place, orders: dict[str, Any], user: int) -> None:
    texts = {
        "plan.json": json.dumps(orders),
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
