"""Drives a learner's web application as a browser would, in the learner's kernel, and hands in what came back, byte for byte.

An application that does not start, hangs, floods or answers nonsense costs bounded time and bytes, and nothing but its own points.
The judge believes nothing of what is noted here but the bytes.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from .web_model import SHOWN, Model

Json = Any
ARTEFACT = "web"
START_SECONDS, STEP_SECONDS, TOTAL_SECONDS, TIMEOUTS = 240.0, 180.0, 900.0, 2
REPLY_BYTES, PIECES = 256 << 10, 2_000
LOG_LINES, LOG_CHARS = 30, 4_000
ASSETS, OPENED = 10, 4
"""How many files of the page, and how many citations, are fetched at most."""


def drive(folder: Path, inputs: Path, model: str, submit: Callable[[str, dict[str, Any]], None]) -> None:
    """Start `app.py` of `folder` on the documents of `inputs` and go through the steps. What came back is handed in step by step."""
    with contextlib.closing(Driver(folder, inputs, model, submit)) as driver:
        driver.run()


class Driver:
    def __init__(self, folder: Path, inputs: Path, model: str, submit: Callable[[str, dict[str, Any]], None]) -> None:
        self.asks = json.loads((inputs / "asks.json").read_text(encoding="utf-8"))
        self.model = Model()
        self.scratch = tempfile.TemporaryDirectory(prefix="web-", ignore_cleanup_errors=True)
        self.port = free_port()
        self.app = App(folder.resolve(), inputs.resolve() / "documents", Path(self.scratch.name) / "index", model, self.model.url, self.port)
        self.until = time.monotonic() + TOTAL_SECONDS
        self.timeouts = 0
        self._submit = submit

    def close(self) -> None:
        self.app.end()
        self.model.stop()
        self.scratch.cleanup()

    def run(self) -> None:
        if not self.started():
            return
        self.until, self.timeouts = time.monotonic() + TOTAL_SECONDS, 0  # building the index was another matter
        self.pages()
        self.documents()  # before anything that may hang
        best = self.answers()
        self.ask("endless", best, "endless")
        self.ask("cut", best, "cut")
        self.model.stop()
        self.ask("stopped", best)
        self.model.start()
        self.ask("again", best)

    def started(self) -> bool:
        """Whether the page is there. Its own log is handed in with it, for whoever wants to know why not."""
        began = time.monotonic()
        problem = "app.py is not there" if not self.app.begin() else ""
        reply: dict[str, Any] = {}
        while not problem and time.monotonic() - began < START_SECONDS:
            reply = self.get("/")
            if reply["status"] or self.app.ended:
                break
            time.sleep(0.2)
        if not problem and not reply.get("status"):
            problem = "it ended" if self.app.ended else f"no reply within {START_SECONDS:g} s"
        self.hand_in("start", "", {**nothing(), "problem": problem, "log": self.app.log})
        if not problem:
            self.hand_in("page", "/", reply)
        self.page = reply
        return not problem

    def pages(self) -> None:
        for target in assets(body_of(self.page))[:ASSETS]:
            self.hand_in("asset", target, self.get(target))

    def documents(self) -> None:
        """The planted document, what is no document, and what is no question."""
        planted = self.asks["planted"]
        path = f"/documents/{quote(planted['path'])}"
        self.open("planted", f"{path}?{urlencode({'quote': planted['sentence']})}")
        self.open("elsewhere", f"{path}?{urlencode({'quote': planted['elsewhere']})}")
        self.open("absent", f"/documents/{quote(self.asks['absent'])}")
        self.open("absent", f"/documents/{quote(planted['elsewhere'], safe='')}")
        for outside in ("../asks.json", "%2e%2e/asks.json", "..%2fasks.json", "/etc/hosts", "%2fetc%2fhosts"):
            self.open("outside", f"/documents/{outside}")
        self.open("empty", "/ask?question=")
        self.open("long", f"/ask?{urlencode({'question': 'why ' * 2_500})}")

    def answers(self) -> str:
        """Ask until one answer cites, then ask about the planted document; open what is cited. The question that streamed best."""
        best = opened = 0
        planted = str(self.asks["planted"]["question"])
        chosen = planted
        for question in [*map(str, self.asks["questions"]), planted]:
            if opened and question != planted:
                continue
            reply = self.ask("ask", question, "pace")
            drafts = body_of(reply).count("draft")
            if drafts > best:
                best, chosen = drafts, question
            for href in cited(body_of(reply))[: OPENED - opened]:
                self.hand_in("citation", href, self.get(href))
                opened += 1
        self.ask("unanswerable", self.asks["unanswerable"], "pace")
        return chosen

    def ask(self, step: str, question: str, mode: str = "pass") -> dict[str, Any]:
        return self.open(step, f"/ask?{urlencode({'question': question})}", mode)

    def open(self, step: str, target: str, mode: str = "pass") -> dict[str, Any]:
        reply = self.get(target, mode)
        self.hand_in(step, target, reply)
        return reply

    def get(self, target: str, mode: str = "pass") -> dict[str, Any]:
        """One request. In mode "endless" the driver hangs up at the first words of the draft, as a stop button does."""
        seconds = min(STEP_SECONDS, self.until - time.monotonic())
        self.model.now(mode)
        found = nothing()
        if seconds <= 0 or self.timeouts >= TIMEOUTS:
            return {**found, "ended": "timeout", "problem": "not tried: those before it had taken all the time there was"}
        try:
            self.read(found, target, mode == "endless", seconds)
        except TimeoutError:
            self.timeouts += 1
            found |= {"ended": "timeout", "problem": f"not complete after {seconds:.0f} s"}
        except (OSError, http.client.HTTPException, ValueError) as error:
            found |= {"ended": "broken" if found["status"] else "nothing", "problem": f"{type(error).__name__}: {error}"[:300]}
        if mode == "endless":
            self.wait_for_model()
        found["calls"] = [{"path": c.path, "body": c.body, "streams": c.streams, "lines": c.lines, "last": c.last, "left": c.left} for c in self.model.calls[:5]]
        return found

    def read(self, found: dict[str, Any], target: str, leave: bool, seconds: float) -> None:
        """Fill in what comes, piece by piece, with what the model had sent by then."""
        until = time.monotonic() + seconds
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        with contextlib.closing(line):
            line.connect()
            wire = line.sock
            line.request("GET", target, headers={"Accept": "*/*", "Connection": "close"})
            with contextlib.closing(line.getresponse()) as reply:
                found |= {"status": reply.status, "headers": {name.lower(): value for name, value in reply.getheaders()[:50]}}
                size = 0
                while True:
                    wire.settimeout(max(0.01, until - time.monotonic()))
                    piece = reply.read1(65_536)
                    if not piece:
                        if reply.length:
                            raise http.client.IncompleteRead(b"", reply.length)
                        found["ended"] = "complete"
                        return
                    found["pieces"].append({"bytes": piece.decode("latin-1"), "lines": self.model.lines, "over": self.model.over})
                    size += len(piece)
                    if size > REPLY_BYTES or len(found["pieces"]) >= PIECES:
                        found["ended"] = "flood"
                        return
                    if b"draft" in piece:
                        self.model.seen.set()
                        if leave:
                            found["ended"] = "left"
                            return
                    if time.monotonic() > until:
                        raise TimeoutError

    def wait_for_model(self) -> None:
        """Until the model has seen the application leave, or has come to its end in spite of it."""
        until = min(self.until, time.monotonic() + STEP_SECONDS)
        while time.monotonic() < until and not all(call.left or call.last for call in self.model.calls):
            time.sleep(0.05)

    def hand_in(self, step: str, target: str, reply: dict[str, Any]) -> None:
        self._submit(ARTEFACT, {"step": step, "target": target[:12_000], **reply})
        size = sum(len(piece["bytes"]) for piece in reply["pieces"])
        print(f"{step:13} {reply['status'] or '':3} {reply['ended']:9} {size:7,} bytes  {reply['problem'] or target[:70]}".rstrip())


class App:
    """The learner's `app.py` in a process of its own, with all that it starts."""

    def __init__(self, folder: Path, documents: Path, index: Path, model: str, host: str, port: int) -> None:
        self.script = folder / "app.py"
        self.command = [sys.executable, str(self.script), "--documents", str(documents), "--index", str(index), "--model", model, "--port", str(port)]
        self.environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
        course = str(Path(__file__).resolve().parents[2])
        paths = [str(folder), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        self.environment |= {"OLLAMA_HOST": host, "PYTHONPATH": os.pathsep.join(dict.fromkeys([*paths, course])), "PYTHONUNBUFFERED": "1"}
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self._said: deque[str] = deque(maxlen=LOG_LINES)

    def begin(self) -> bool:
        if not self.script.is_file():
            return False
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return True

    def _listen(self) -> None:
        """Keeps the last lines; what is not read would make it wait."""
        assert self.process is not None and self.process.stdout is not None
        with contextlib.suppress(ValueError, OSError):
            while line := self.process.stdout.readline(4_096):
                self._said.append(line.decode("utf-8", "replace"))

    @property
    def log(self) -> str:
        if self.ended:
            self._listener.join(2)
        return "".join(self._said)[-LOG_CHARS:]

    @property
    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def end(self) -> None:
        """The process and what it started."""
        if self.process is None:
            return
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                subprocess.run(["taskkill", "/F", "/T", "/PID", str(self.process.pid)], capture_output=True, check=False)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)


def nothing() -> dict[str, Any]:
    """A reply of which nothing has come yet. `ended` is complete, left, timeout, flood, broken or nothing."""
    return {"status": 0, "headers": {}, "pieces": [], "ended": "nothing", "problem": "", "calls": [], "log": ""}


def body_of(reply: dict[str, Any]) -> str:
    return "".join(piece["bytes"] for piece in reply["pieces"]).encode("latin-1").decode("utf-8", "replace")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        return int(line.getsockname()[1])


def events(text: str) -> Iterator[tuple[str, str]]:
    """(kind, data) of the server-sent events in a text, as a browser reads them; the last only if it is complete."""
    kind, data = "", list[str]()
    for line in re.split(r"\r\n|\n|\r", text):
        if not line:
            if data:
                yield kind or "message", "\n".join(data)
            kind, data = "", []
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            kind = value
        elif name == "data":
            data.append(value)


def cited(text: str) -> list[str]:
    """Where the citations of an answer lead, on this server."""
    found: list[str] = []
    for kind, data in events(text):
        if kind == "answer":
            with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
                found += [local(citation["href"]) for citation in json.loads(data)["citations"]]
    return [target for target in dict.fromkeys(found) if target]


def local(href: str) -> str:
    """The path and query of a reference; nothing when it leads to another place or cannot be asked for."""
    parts = urlsplit(urljoin("http://here/", href))
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    return target if parts.netloc == "here" and target.isascii() and target.isprintable() and " " not in target and len(target) < SHOWN else ""


def assets(page: str) -> list[str]:
    """The page's own style sheets, scripts and pictures."""
    return [target for target in map(local, dict.fromkeys(References.of(page))) if target]


class References(HTMLParser):
    """What a browser loads with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def of(cls, page: str) -> list[str]:
        reader = cls()
        reader.feed(page)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        value = given.get("href" if tag == "link" else "src")
        if tag in ("link", "script", "img") and value and not value.startswith("data:"):
            self.found.append(value)
