"""`lab`: the course in JupyterLab, with the model server beside it."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import threading

from .gateway import Gateway, resolve
from .gateway.command import DEFAULT_PORT
from .gateway.resolve import Choice
from .gateway.supply import fetch_missing
from .jupyter import JupyterLab
from .paths import course_root, datasets, home

FIRST = ("phases/0_start_here.ipynb", "phases/1_foundations/0_1_your_machine.ipynb")
_POLL_SECONDS = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", type=int, help="JupyterLab's port (default: 8888, or the next that is free)")


def run(args: argparse.Namespace) -> int:
    """Until Ctrl-C; 0 when ended in an orderly way."""
    choice = resolve.choose()
    try:
        fetch_missing(choice.url)
        stopped = _told_to_stop()
        with model_server(choice) as server:
            print(f"Models      {server.url}  ({choice.why})", flush=True)
            log = home() / "logs" / "jupyter.log"
            jupyter = JupyterLab(
                course_root(), first_notebook(), log, kernel_environment(server), port=args.port, browser=not args.no_browser, stopped=stopped
            )
            with jupyter as lab:
                print(f"Notebooks   {course_root()}\nJupyterLab  {lab.url}\n\nCtrl-C ends both.", flush=True)
                while not stopped.wait(_POLL_SECONDS):
                    lab.check()
                print("\nEnding JupyterLab and the model server.", flush=True)
    finally:
        choice.stop()
    return 0


def first_notebook() -> str:
    """Where a learner lands, as a path in the clone; empty when no notebook has been built."""
    return next((path for path in FIRST if (course_root() / path).is_file()), "")


def model_server(choice: Choice) -> Gateway:
    """What the notebooks ask: answers recorded for the course are replayed, all else goes to the model. On Ollama's own port where that
    is free, so that a notebook opened in another editor finds it too; not where a real Ollama may want it."""
    recorded = datasets() / "cassettes"
    cassettes = [recorded] if recorded.is_dir() else []
    backend = "upstream" if choice.url else "llama"
    port = 0 if shutil.which("ollama") or not _free(DEFAULT_PORT) else DEFAULT_PORT
    return Gateway(cassettes=cassettes, port=port, backend=backend, upstream_url=choice.url)


def _free(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) != 0


def kernel_environment(server: Gateway) -> dict[str, str]:
    """What a notebook's kernel needs to find the model server and the course."""
    paths = [str(course_root()), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"OLLAMA_HOST": server.url, "PYTHONPATH": os.pathsep.join(paths)}


def _told_to_stop() -> threading.Event:
    """Set by Ctrl-C, by a polite end from outside, and when the terminal is closed."""
    stopped = threading.Event()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stopped.set())
    return stopped
