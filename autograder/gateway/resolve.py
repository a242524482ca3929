"""Who answers: `OLLAMA_HOST` if it does; an `ollama` on PATH, started if needed; else the embedded engine."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

DEFAULT_HOST = "http://127.0.0.1:11434"
_START_SECONDS = 20.0


@dataclass(slots=True)
class Choice:
    """What was found. `url` is None for the embedded engine; `process` is the `ollama serve` that was started, if one was."""

    url: str | None
    why: str
    process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """End the server that was started for this choice."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def choose(environ: Mapping[str, str] | None = None, *, own: Collection[str] = ()) -> Choice:
    """The resolution order. `own` are URLs of gateways of this process: an `OLLAMA_HOST` that points at one is ignored."""
    environ = os.environ if environ is None else environ
    host = environ.get("OLLAMA_HOST", "").strip()
    mine = {_address(url) for url in own}
    if host:
        url = normalised(host)
        if _address(url) not in mine and version(url):
            return Choice(url, f"OLLAMA_HOST names a server that answers: {url}")
    binary = shutil.which("ollama", path=environ.get("PATH"))
    if binary is None:
        return Choice(None, "no Ollama here: llama.cpp answers inside this process")
    url = normalised(host) if host and _address(normalised(host)) not in mine else DEFAULT_HOST
    if _address(url) not in mine and version(url):
        return Choice(url, f"Ollama already runs at {url}")
    if _address(url) in mine:
        return Choice(None, f"the address of Ollama, {url}, is this gateway's own: llama.cpp answers inside this process")
    return _start(binary, url, environ)


def normalised(host: str) -> str:
    """A URL from what `OLLAMA_HOST` may hold: host, host:port, :port or a URL; 0.0.0.0 is reached as 127.0.0.1."""
    parts = urlsplit(host if "://" in host else f"http://{host}")
    name = parts.hostname or "127.0.0.1"
    name = "127.0.0.1" if name in ("0.0.0.0", "::") else name
    port = parts.port or {"https": 443, "http": 80 if "://" in host else 11434}.get(parts.scheme, 11434)
    return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}:{port}{parts.path.rstrip('/')}"


def version(url: str, seconds: float = 1.0) -> str | None:
    """What `/api/version` says there, or None."""
    try:
        answer = httpx.get(f"{url}/api/version", timeout=seconds, trust_env=False)
        return str(answer.json()["version"]) if answer.status_code == 200 else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return None


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    name = "127.0.0.1" if parts.hostname in ("localhost", "0.0.0.0", "::1", None) else parts.hostname
    return name, parts.port or 80


def _start(binary: str, url: str, environ: Mapping[str, str]) -> Choice:
    process = subprocess.Popen(
        [binary, "serve"],
        env={**environ, "OLLAMA_HOST": urlsplit(url).netloc},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    choice = Choice(url, f"started {binary}", process)
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if version(url):
            return choice
        time.sleep(0.1)
    choice.stop()
    return Choice(None, f"{binary} did not start: llama.cpp answers inside this process")
