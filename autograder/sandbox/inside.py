"""Starts the kernel from within. Standard library only: this one file is bound into the sandbox and run with `python -I`.

argv: connection file, JSON of {"limits": {...}, "socket": path or null, "port": int, "course": path, "work": path, "threads": bool}.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from typing import Any


def limit(limits: dict[str, Any]) -> None:
    """Hard limits of the operating system, where it has them; the watchdog outside holds the rest."""
    try:
        import resource
    except ImportError:
        return
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: int(limits["file_bytes"]),
        resource.RLIMIT_NOFILE: 4096,
    }
    if hasattr(resource, "RLIMIT_NPROC") and os.getuid() != 0:
        wanted[resource.RLIMIT_NPROC] = int(limits["processes"])
    for name, value in wanted.items():
        hard = resource.getrlimit(name)[1]
        cap = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (cap, cap))
    import signal

    if hasattr(signal, "SIGXFSZ"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond the cap is an OSError, not a dead kernel


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    finally:
        for end, how in ((sink, socket.SHUT_WR), (source, socket.SHUT_RD)):
            try:
                end.shutdown(how)
            except OSError:
                pass


def connect(client: socket.socket, path: str) -> None:
    """One connection to the gateway: two pumps, and both ends closed when both are dry."""
    with client, socket.socket(socket.AF_UNIX) as gateway:
        try:
            gateway.connect(path)
        except OSError:
            return
        back = threading.Thread(target=pump, args=(gateway, client), daemon=True)
        back.start()
        pump(client, gateway)
        back.join()


def relay(listener: socket.socket, path: str) -> None:
    while True:
        client, _ = listener.accept()
        threading.Thread(target=connect, args=(client, path), daemon=True).start()


def start_relay(path: str, port: int) -> None:
    """A process of its own that carries 127.0.0.1:port to the gateway's unix socket; it ends with the sandbox."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(64)
    if os.fork() == 0:
        try:
            relay(listener, path)
        finally:
            os._exit(0)
    listener.close()


def import_path(course: str, work: str) -> None:
    """The learner's own modules come last, so that a local json.py shadows nothing; the probe comes before them."""
    sys.path[:] = [entry for entry in sys.path if entry not in ("", work)] + [course, work]


def main() -> None:
    connection, job = sys.argv[1], json.loads(sys.argv[2])
    os.chdir(job["work"])
    for name in ("home", "evidence"):
        os.makedirs(os.path.join(job["work"], name), exist_ok=True)
    if job["socket"]:
        start_relay(job["socket"], job["port"])
    limit(job["limits"])
    import_path(job["course"], job["work"])
    sys.argv = ["ipykernel_launcher", "-f", connection, "--InteractiveShellApp.ignore_cwd=True", "--HistoryManager.enabled=False"]
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
