"""JupyterLab as a process of its own, opened on one notebook."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import quote

import httpx
import psutil
from jupyter_server.serverapp import list_running_servers

from .errors import CourseError

DEFAULT_PORT = 8888
SETTINGS = Path(__file__).with_name("jupyter_settings")
"""No question about news on the first page, and none of nbgrader's panels, which are for those who write assignments."""
_POLL_SECONDS = 0.2
_GRACE_SECONDS = 15.0


class JupyterFailed(CourseError):
    """JupyterLab did not start, or ended by itself."""


class JupyterLab:
    """A context: a server on `folder` that ends, with its kernels and all that runs in them, when the context does. `env` is added to
    its environment, and so to the kernels'. `port` None takes 8888 or the next free one. It has a session of its own, so that Ctrl-C
    comes here and not there; `stopped` says that it came, and ends the wait for a server that is not up yet (`KeyboardInterrupt`)."""

    def __init__(
        self, folder: Path, notebook: str, log: Path, env: Mapping[str, str], *, port: int | None, browser: bool, stopped: threading.Event
    ) -> None:
        self.folder = folder
        self.notebook = notebook
        self.log = log
        self.env = env
        self.port = port
        self.browser = browser
        self.stopped = stopped
        self.address = ""
        self._token = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None

    @property
    def url(self) -> str:
        """What a person opens, with the token that lets them in."""
        return f"{self.address}{self._page().lstrip('/')}?token={self._token}"

    def __enter__(self) -> Self:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._output = self.log.open("wb")
        self._process = subprocess.Popen(
            self._call(),
            cwd=self.folder,
            env={**os.environ, **self.env, **self._own_env()},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        try:
            self._wait_until_up()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def check(self) -> None:
        """Raises `JupyterFailed` if it has ended."""
        assert self._process is not None
        if self._process.poll() is None:
            return
        said = self.log.read_text(encoding="utf-8", errors="replace")
        if self.port is not None and "already in use" in said:
            raise JupyterFailed(f"Port {self.port} is in use.", "Choose another with --port, or leave it out to get a free one.")
        if self.address:
            raise JupyterFailed("JupyterLab has ended.", f"Start it again. What it last said is in {self.log}.")
        raise JupyterFailed("JupyterLab did not start.", f"What it said is in {self.log}.")

    def stop(self) -> None:
        """Asks it to end its kernels and itself; ends it when it takes too long, and then whatever of its processes is left."""
        if self._process is None or self._output is None:
            return
        family = _descendants(self._process.pid)
        if self.address and self._process.poll() is None:
            self._ask("POST", "api/shutdown")
        else:
            self._process.terminate()
        for end in (self._process.terminate, self._process.kill, lambda: None):
            try:
                self._process.wait(_GRACE_SECONDS)
                break
            except subprocess.TimeoutExpired:
                end()
        for one in family:
            with contextlib.suppress(psutil.Error):
                one.kill()
        self._output.close()
        self._process = None

    def _own_env(self) -> dict[str, str]:
        """With the course's Python first in PATH, so that `python3` in a terminal is the one that the notebooks run in."""
        paths = {"JUPYTER_CONFIG_PATH": SETTINGS, "PATH": Path(sys.executable).parent}
        return {"JUPYTER_TOKEN": self._token, **{variable: _joined(first, variable) for variable, first in paths.items()}}

    def _call(self) -> list[str]:
        options: dict[str, Any] = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": DEFAULT_PORT if self.port is None else self.port,
            "ServerApp.port_retries": 50 if self.port is None else 0,
            "ServerApp.root_dir": self.folder,
            "ServerApp.open_browser": self.browser,
            "ServerApp.allow_root": hasattr(os, "geteuid") and os.geteuid() == 0,
            "LabApp.default_url": self._page(),
        }
        if os.name != "nt":  # without a shell of one's own choice, terminals are login shells, and /etc/profile sets PATH anew
            options["ServerApp.terminado_settings"] = {"shell_command": [os.environ.get("SHELL") or "/bin/sh"]}
        return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]

    def _page(self) -> str:
        return f"/lab/tree/{quote(self.notebook)}" if self.notebook else "/lab"

    def _wait_until_up(self) -> None:
        while not self.address:
            self.check()
            address = next((one["url"] for one in self._servers() if one.get("token") == self._token), "")
            if address and self._ask("GET", "api/status", address):
                self.address = address
            elif self.stopped.wait(_POLL_SECONDS):
                raise KeyboardInterrupt

    def _servers(self) -> list[dict[str, Any]]:
        try:
            return list(list_running_servers())
        except json.JSONDecodeError:  # a server is just writing its file
            return []

    def _ask(self, method: str, path: str, address: str = "") -> bool:
        headers = {"Authorization": f"token {self._token}"}
        try:
            return httpx.request(method, (address or self.address) + path, headers=headers, trust_env=False).is_success
        except httpx.HTTPError:
            return False


def _descendants(pid: int) -> list[psutil.Process]:
    """Among them what a notebook has started in a session of its own, which nobody else would end."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


def _joined(first: Path, variable: str) -> str:
    """A path list that begins with `first` and goes on with what the variable holds."""
    return os.pathsep.join([str(first), *filter(None, [os.environ.get(variable)])])
