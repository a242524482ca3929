"""`autograder serve`: the gateway in the foreground."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path

from .cassette import CassetteMode
from .errors import CannotServe
from .server import Gateway

DEFAULT_PORT = 11434


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s, this machine only)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 picks a free port (default: %(default)s, Ollama's)")
    parser.add_argument("--socket", type=Path, help="also serve this Unix socket")
    parser.add_argument(
        "--cassettes", type=Path, nargs="*", default=[], metavar="PATH", help="recordings: .jsonl files or folders of them"
    )
    parser.add_argument("--mode", choices=[mode.value for mode in CassetteMode], default="replay", help="default: %(default)s")
    parser.add_argument("--record-to", type=Path, metavar="FILE", help="write live answers to this cassette")
    parser.add_argument(
        "--backend", choices=["llama", "upstream", "double:scripted"], help="default: Ollama if there is one, else llama.cpp"
    )
    parser.add_argument("--ledger", type=Path, metavar="FILE", help="write who asked what as JSON when stopped")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; 0 when stopped in an orderly way."""
    for path in args.cassettes:
        if not path.exists():
            raise CannotServe(f"there is no cassette at {path}.", "Name a .jsonl file or a folder of them.")
    gateway = Gateway(
        host=args.host,
        port=args.port,
        socket=args.socket,
        cassettes=args.cassettes,
        mode=args.mode,
        record_to=args.record_to,
        backend=args.backend,
    )
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    with gateway:
        print(f"Serving Ollama's protocol at {gateway.url} ({gateway.why or 'as told'}). Ctrl-C stops.", flush=True)
        while not stopped.wait(0.5):
            pass
    if args.ledger:
        args.ledger.write_text(json.dumps(gateway.ledger.as_json(), indent=1), encoding="utf-8")
    print(f"Stopped after {gateway.ledger.totals()['calls']} calls.", flush=True)
    return 0
