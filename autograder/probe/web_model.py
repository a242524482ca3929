"""A model server in front of the real one, that an application is given as its `OLLAMA_HOST`: it passes everything on, notes what it saw,
and can be told to keep an answer waiting, to die in the middle of one, to write on for ever, or not to be there.

It speaks lines, whichever dialect they are in: an answer that is streamed is passed on line by line, the last one when no other comes.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import select
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

ANSWERS = ("/api/chat", "/api/generate", "/v1/chat/completions", "/v1/completions")
PATIENCE = 120.0
"""Seconds without a byte from the real model server."""
PAUSE, LAST_PAUSE = 0.25, 5.0
"""Seconds that a line, and the last line, is held back while nothing of the draft has been seen."""
FILLERS, FILLER_PAUSE = 40, 0.2
BODY_BYTES = 1 << 20
SHOWN = 100_000
"""Characters of a request that are handed in."""


@dataclass
class Call:
    """One request for an answer. `lines` were passed on, `last` whether the last one was; `left` whether the application hung up before it."""

    path: str
    body: str
    lines: int = 0
    last: bool = False
    left: bool = False

    @property
    def streams(self) -> bool:
        """Ollama streams unless it is told not to."""
        with contextlib.suppress(ValueError, AttributeError):
            return bool(json.loads(self.body).get("stream", self.path.startswith("/api/")))
        return False


class Model:
    """`mode` is "pass", "pace", "cut" or "endless"; `seen` is set by whoever has seen the first words of a draft."""

    def __init__(self) -> None:
        self.mode = "pass"
        self.seen = threading.Event()
        self.calls: list[Call] = []
        self._server: Server | None = None
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """At the same port as before."""
        self._server = Server(("127.0.0.1", self.port), Handler)
        self._server.model = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """From now on connections are refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def now(self, mode: str) -> None:
        """A new step begins."""
        self.mode, self.seen, self.calls = mode, threading.Event(), []

    @property
    def lines(self) -> int:
        return sum(call.lines for call in self.calls)

    @property
    def over(self) -> bool:
        """Whether the last line of every answer was passed on; not as long as there is none."""
        return bool(self.calls) and all(call.last for call in self.calls)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = os.name == "posix"
    model: Model

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that ends early is what this is about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the kernel's output is the learner's."""

    def do_GET(self) -> None:
        self.pass_on()

    do_POST = do_HEAD = do_DELETE = do_GET

    def pass_on(self) -> None:
        self.close_connection = True
        model, mode, seen = self.server.model, self.server.model.mode, self.server.model.seen
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), BODY_BYTES))
        call = Call(self.path, body.decode("utf-8", "replace")[:SHOWN])
        if self.path in ANSWERS:
            model.calls.append(call)
        with contextlib.closing(upstream()) as line:
            sent = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection", "transfer-encoding")}
            line.request(self.command, self.path, body, sent)
            reply = line.getresponse()
            streamed = self.path in ANSWERS and call.streams and reply.status == 200
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.headers.get("Content-Type", "application/json"))
            self.send_header("Connection", "close")
            if streamed:
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.stream(reply, call, mode, seen)
            else:
                whole = reply.read()
                self.send_header("Content-Length", str(len(whole)))
                self.end_headers()
                cut = mode == "cut" and self.path in ANSWERS
                self.wfile.write(whole[: len(whole) // 2] if cut else whole)
                call.lines, call.last = 1, not cut
                if cut:
                    self.reset()

    def stream(self, reply: http.client.HTTPResponse, call: Call, mode: str, seen: threading.Event) -> None:
        """Pass an answer on, line by line, in the way of `mode`."""
        for text, last in lines_of(reply):
            if mode != "pass" and call.lines:
                seen.wait(LAST_PAUSE if last else PAUSE)
            if mode == "cut" and call.lines and (seen.is_set() or last):
                self.reset()
                return
            if mode == "endless" and seen.is_set():
                for _ in range(FILLERS):
                    if self.gone(call):
                        return
                    self.chunk(filler(text))
                    seen = threading.Event()  # the words that follow come at once
                    seen.wait(FILLER_PAUSE)
                mode = "pass"
            if self.gone(call):
                return
            call.lines, call.last = call.lines + 1, last
            self.chunk(text)
        self.wfile.write(b"0\r\n\r\n")

    def chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def gone(self, call: Call) -> bool:
        """Whether the application has closed its end."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        if readable:
            try:
                call.left = self.connection.recv(1, socket.MSG_PEEK) == b""
            except OSError:
                call.left = True
        return call.left

    def reset(self) -> None:
        """Break the connection as a server does that dies."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0))
        self.connection.close()


def upstream() -> http.client.HTTPConnection:
    """A connection to the model server this process was given."""
    host = os.environ.get("OLLAMA_HOST", "").strip() or "127.0.0.1:11434"
    parts = urlsplit(host if "://" in host else f"http://{host}")
    name = "127.0.0.1" if parts.hostname in (None, "0.0.0.0", "::") else parts.hostname
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(name, parts.port or {"https": 443}.get(parts.scheme, 80 if "://" in host else 11434), timeout=PATIENCE)


def lines_of(reply: http.client.HTTPResponse) -> Iterator[tuple[bytes, bool]]:
    """The lines of an answer and whether each is the last; words and the quotation marks around them on lines of their own, so that a stream
    may be held back between the two."""
    held = b""
    while line := reply.readline(BODY_BYTES):
        for piece in parted(line):
            if held:
                yield held, False
            held = piece
    if held:
        yield held, True


def parted(line: bytes) -> list[bytes]:
    """A record of Ollama's as several, cut before each quotation mark of its text; any other line as it is."""
    record = record_of(line)
    text = content(record)
    if not text or '"' not in text:
        return [line]
    return [encoded(record, part) for part in re.split(r'(?=")', text) if part]


def filler(line: bytes) -> bytes:
    """A record that adds a word to an answer; where the dialect is not known, the line itself once more."""
    record = record_of(line)
    return encoded(record | {"done": False}, " and") if content(record) is not None else line


def record_of(line: bytes) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        found = json.loads(line)
        return found if isinstance(found, dict) else {}
    return {}


def content(record: dict[str, Any]) -> str | None:
    """The words of one of Ollama's records; None for other lines."""
    message = record.get("message")
    found = message.get("content") if isinstance(message, dict) else record.get("response")
    return found if isinstance(found, str) else None


def encoded(record: dict[str, Any], text: str) -> bytes:
    changed = {"message": {**record["message"], "content": text}} if "message" in record else {"response": text}
    return json.dumps({**record, **changed}, ensure_ascii=False).encode() + b"\n"
