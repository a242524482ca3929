"""Runs inside the sandbox, before and then as the kernel. Standard library only; nothing of ours is importable here.

`inside.py PLAN` gives up every right, sets the limits, starts the relay to the model server and runs the plan's command;
`inside.py PLAN kernel` is that command for a notebook: it puts the learner's folder last on the import path and becomes ipykernel.
"""

from __future__ import annotations

import json
import os
import socket
import sys

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]


def give_up_rights(user: int | None) -> None:
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        drop_capabilities()


def drop_capabilities() -> None:
    """Empties every set the kernel keeps for this process; a change of user empties all but the inheritable one. Raises `OSError`."""
    import ctypes

    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # the version with 64 capabilities; this process
    nothing = (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "capset")


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


def start_relay(port: int, path: str) -> None:
    """Listens before it returns, so that the first call cannot come too early; a child process serves."""
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited by every connection: small replies do not wait 40 ms
    if os.fork() == 0:
        try:
            for standard in (0, 1, 2):
                os.dup2(os.open(os.devnull, os.O_RDWR), standard)
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
    """Returns in a child; this process, the first of its namespace, reaps whatever is orphaned and ends as that child does.

    It also ends when nobody holds the other end of `lifeline` any more, and a namespace goes with its first process: whatever becomes
    of the grader, nothing of the run outlives it. It gives up its rights and hides its memory, so that a learner's code finds nothing
    in it to use.
    """
    import _thread
    import ctypes

    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
    child = os.fork()
    if child == 0:
        os.close(lifeline)
        return
    drop_capabilities()
    _thread.start_new_thread(end_with_the_grader, (lifeline,))
    while True:
        ended, status = os.wait()
        if ended == child:
            os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


def end_with_the_grader(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(128 + 9)


def first(plan_path: str) -> None:
    with open(plan_path, encoding="utf-8") as file:
        plan = json.load(file)
    prefer_me_when_memory_is_short()
    if plan["wires"]:
        os.close(plan["wires"]["info"])
        watch_over_a_child(plan["wires"]["lifeline"])
    give_up_rights(plan["user"])
    if plan["relay"]:
        start_relay(plan["relay"]["port"], plan["relay"]["socket"])
    set_limits(plan["limits"])
    command = plan["command"] or [sys.executable, "-s", "-P", os.path.abspath(__file__), plan_path, "kernel"]
    os.execv(command[0], command)


def kernel(plan_path: str) -> None:
    with open(plan_path, encoding="utf-8") as file:
        plan = json.load(file)
    roots = tuple(plan["roots"])
    sys.path[:] = [entry for entry in sys.path if entry.startswith(roots)]
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


if __name__ == "__main__":
    if sys.argv[2:] == ["kernel"]:
        kernel(sys.argv[1])
    else:
        first(sys.argv[1])
