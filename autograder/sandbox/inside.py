"""Runs inside the sandbox, before and then as the kernel. Standard library only; nothing of ours is importable here.

`inside.py PLAN` gives up every right, sets the limits, starts the relay to the model server and runs the plan's command;
`inside.py PLAN kernel` is that command for a notebook: it puts the learner's folder last on the import path and becomes ipykernel.
`inside.py PLAN serve` has loaded ipykernel and forks a kernel for each sandbox it is asked for, which moves into that sandbox
before it does anything else; there `inside.py PLAN` keeps the first process.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys

TYPE_CHECKING = False  # as in typing, which takes its time to load
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]


PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 4, 22, 23, 24, 38
NAMESPACES = 0x20000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x20000000 | 0x40000000
"""Mounts, control groups, host name, System V objects, processes and network, as setns(2) takes them."""
USER_NAMESPACE = 0x10000000
KILLED = 128 + 9
MOST_DESCRIPTORS = 1 << 16


def give_up_rights(user: int | None) -> None:
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        drop_capabilities()


def drop_capabilities() -> None:
    """Empties every set the kernel keeps for this process; a change of user empties all but the inheritable one. Raises `OSError`."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # the version with 64 capabilities; this process
    nothing = (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def bar_capabilities() -> None:
    """No program that this process or a child of it starts can be given one. Raises `OSError`."""
    for number in range(64):
        try:
            held = prctl(PR_CAPBSET_READ, number)
        except OSError:  # beyond the last that this system knows
            return
        if held:
            prctl(PR_CAPBSET_DROP, number)


def prctl(option: int, *values: int) -> int:
    """Raises `OSError`."""
    given = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    found: int = ctypes.CDLL(None, use_errno=True).prctl(option, *given)
    if found < 0:
        raise OSError(ctypes.get_errno(), "prctl")
    return found


def set_limits(limits: dict[str, int]) -> None:
    """Both bounds of each rlimit, by name; what this system does not know is left out."""
    for name, value in limits.items():
        which = getattr(resource, f"RLIMIT_{name}", None) if resource else None
        if which is None:
            continue
        _, hard = resource.getrlimit(which)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(which, (bound, bound))
        except (ValueError, OSError):
            if sys.platform == "linux":
                raise


def prefer_me_when_memory_is_short() -> None:
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="utf-8") as file:
            file.write("500")
    except OSError:
        pass


def start_relay(port: int, path: str, user: int | None = None) -> None:
    """Listens before it returns, so that the first call cannot come too early; a child process, as `user`, serves."""
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited by every connection: small replies do not wait 40 ms
    if os.fork() == 0:
        try:
            give_up_rights(user)
            for standard in (0, 1, 2):
                os.dup2(os.open(os.devnull, os.O_RDWR), standard)
            os.closerange(3, listener.fileno())
            os.closerange(listener.fileno() + 1, MOST_DESCRIPTORS)
            serve_relay(listener, path)
        finally:
            os._exit(0)
    listener.close()


def serve_relay(listener: socket.socket, path: str) -> None:
    """Idle until the first call comes: many runs make none, and then need not pay for the machinery."""
    import select

    select.select([listener], [], [])
    import asyncio

    async def pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while chunk := await source.read(1 << 16):
                sink.write(chunk)
                await sink.drain()
            if sink.can_write_eof():
                sink.write_eof()
        except OSError:
            sink.transport.abort()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(path)
        except OSError:
            writer.transport.abort()
            return
        there = asyncio.ensure_future(pour(reader, far_writer))
        await pour(far_reader, writer)
        there.cancel()
        for end in (far_writer, writer):
            end.close()

    async def serve() -> None:
        server = await asyncio.start_server(connect, sock=listener)
        await server.serve_forever()

    asyncio.run(serve())


def watch_over_a_child(lifeline: int) -> None:
    """Returns in a child; this process, the first of its namespace, reaps whatever is orphaned and ends as that child does."""
    child = os.fork()
    if child == 0:
        os.close(lifeline)
        return
    drop_capabilities()
    hold_on_to(lifeline)
    while True:
        ended, status = os.wait()
        if ended == child:
            os._exit(exit_code(status))


def watch_over_a_guest(lifeline: int, ready: int, ended: int) -> None:
    """What the first process does for a kernel that is born elsewhere: says `ready` when it can move in, and ends as `ended` says it did."""
    import signal

    drop_capabilities()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whatever is orphaned is reaped by itself
    hold_on_to(lifeline)
    os.write(ready, b"1")
    os.close(ready)
    code = os.read(ended, 1)
    os._exit(code[0] if code else KILLED)


def hold_on_to(lifeline: int) -> None:
    """Ends this process when nobody holds the other end any more, and a namespace goes with its first process: whatever becomes of the
    grader, nothing of the run outlives it."""
    import _thread

    def wait_for_the_end() -> None:
        os.read(lifeline, 1)
        os._exit(KILLED)

    _thread.start_new_thread(wait_for_the_end, ())


def exit_code(status: int) -> int:
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def first(plan_path: str) -> None:
    with open(plan_path, encoding="utf-8") as file:
        plan = json.load(file)
    wires = plan["wires"]
    prefer_me_when_memory_is_short()
    if wires:
        os.close(wires["info"])
        prctl(PR_SET_DUMPABLE, 0)  # a learner's code may have this user id, and must find no process to write itself into
    if wires and wires["guest"]:
        if plan["relay"]:
            start_relay(plan["relay"]["port"], plan["relay"]["socket"], plan["user"])
        watch_over_a_guest(wires["lifeline"], *wires["guest"])
    if wires:
        watch_over_a_child(wires["lifeline"])
        bar_capabilities()
    give_up_rights(plan["user"])
    if plan["relay"]:
        start_relay(plan["relay"]["port"], plan["relay"]["socket"])
    set_limits(plan["limits"])
    command = plan["command"] or [sys.executable, "-s", "-P", os.path.abspath(__file__), plan_path, "kernel"]
    os.execv(command[0], command)


def kernel(plan_path: str) -> None:
    with open(plan_path, encoding="utf-8") as file:
        plan = json.load(file)
    load_kernel(tuple(plan["roots"]))
    become_kernel(plan)


def load_kernel(roots: tuple[str, ...]) -> None:
    """Imports ipykernel, with nothing on the path that lies elsewhere than in `roots`; and without its debugger, which takes as long again."""
    sys.path[:] = [entry for entry in sys.path if entry.startswith(roots)]
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    import ipykernel.debugger

    del sys.modules["debugpy"]
    import ipykernel.kernelapp  # noqa: F401


def become_kernel(plan: dict[str, Any]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    sys.path.append(plan["work"])
    IPKernelApp.launch_instance(
        argv=[
            f"--IPKernelApp.connection_file={plan['connection']}",
            "--InteractiveShellApp.ignore_cwd=True",
            "--HistoryManager.enabled=False",
            "--InteractiveShell.colors=nocolor",
        ]
    )


def serve(plan_path: str) -> None:
    """Forks until nobody is at the other end of the plan's socket. A message is the plan of one run, with five descriptors."""
    import gc
    import signal
    from importlib import import_module

    with open(plan_path, encoding="utf-8") as file:
        plan = json.load(file)
    line = socket.socket(fileno=plan["line"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    after_fork: list[Callable[[], None]] = []
    os.register_at_fork = lambda after_in_child=None, **others: after_fork.append(after_in_child) if after_in_child else None
    load_kernel(tuple(plan["roots"]))
    for name in plan["modules"]:
        import_module(name)
    while True:
        message, descriptors, _, _ = socket.recv_fds(line, 1 << 16, 5)
        if not message:
            return
        run = json.loads(message)
        for name in run["modules"]:
            import_module(name)
        gc.collect()
        gc.freeze()
        if os.fork() == 0:
            line.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                move_in(run, bytes.fromhex(plan["filter"]), after_fork, *descriptors)
            finally:
                os._exit(1)
        for descriptor in descriptors:
            os.close(descriptor)


def move_in(
    run: dict[str, Any], rules: bytes, after_fork: list[Callable[[], None]], first: int, ready: int, ended: int, report: int, stderr: int
) -> None:
    """Forks the kernel into the namespaces of `first` (a pidfd of the sandbox's first process) once that is `ready`, reports its id, and
    passes on how it `ended`.

    What modules want done in a forked child waits until the kernel has settled: a thread started earlier would stay outside.
    """
    if not os.read(ready, 1):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    entered = NAMESPACES | (USER_NAMESPACE if run["user"] is None else 0)  # root's runs have no user namespace of their own
    if len(os.listdir("/proc/self/task")) > 1 or libc.setns(first, entered) != 0:
        os.write(report, os.strerror(ctypes.get_errno()).encode())
        return
    os.setsid()
    child = os.fork()
    if child == 0:
        try:
            settle(run, rules, stderr)
            for prepare in after_fork:
                prepare()
            if "numpy.random" in sys.modules:
                sys.modules["numpy.random"].seed()
            become_kernel(run)
        finally:
            os._exit(1)
    os.write(report, str(child).encode())
    for descriptor in (first, ready, report, stderr):
        os.close(descriptor)
    drop_capabilities()
    _, status = os.waitpid(child, 0)
    os.write(ended, bytes([exit_code(status)]))
    os._exit(0)


def settle(run: dict[str, Any], rules: bytes, stderr: int) -> None:
    """Leaves this process with what one that bwrap had started would have: its standard streams, environment, limits, and no rights.

    A process group of its own, because the one that passes on how it ended may have the same user, and is to be beyond its signals.
    """
    os.setpgid(0, 0)
    os.umask(0o022)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard, target in ((0, nothing), (1, nothing), (2, stderr)):
        os.dup2(target, standard)
    os.closerange(3, MOST_DESCRIPTORS)
    os.environ.clear()
    os.environ.update(run["environment"], PWD=run["work"])
    os.chdir(run["work"])
    prefer_me_when_memory_is_short()
    bar_capabilities()
    give_up_rights(run["user"])
    drop_capabilities()
    prctl(PR_SET_DUMPABLE, 1)
    set_limits(run["limits"])
    filter_calls(rules)


def filter_calls(rules: bytes) -> None:
    """From now on the system-call filter `rules` holds for this process and all it starts. Raises `OSError`."""

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("rules", ctypes.c_char_p)]

    program = Program(len(rules) // 8, rules)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_SECCOMP, 2, ctypes.addressof(program))


if __name__ == "__main__":
    {"kernel": kernel, "serve": serve, "": first}["".join(sys.argv[2:])](sys.argv[1])
