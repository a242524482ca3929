"""`lab` as a process of its own, for tests: started, its address read, code run in a kernel of its JupyterLab."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import websocket

from autograder import lab
from autograder.paths import course_root, home

RUN = "import sys; from autograder import cli; sys.exit(cli.main())"


class Running:
    """A `lab` process whose address has been read."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""
        assert process.stdout is not None
        for line in process.stdout:
            self.said += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"JupyterLab\s+(http://\S+)\?token=(\w+)", self.said)
        assert found, self.said + (process.stderr.read() if process.stderr else "")
        self.page, self.token = found.groups()
        self.base = "http://" + urlsplit(self.page).netloc
        self.headers = {"Authorization": f"token {self.token}"}

    def kernel(self) -> str:
        """The id of a new kernel beside the first notebook."""
        folder = {"path": str(Path(lab.first_notebook()).parent / "probe.ipynb"), "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        session = httpx.post(f"{self.base}/api/sessions", headers=self.headers, json=folder, timeout=60).raise_for_status().json()
        return str(session["kernel"]["id"])

    def begin(self, code: str) -> tuple[websocket.WebSocket, str]:
        """Send `code` to a new kernel: the line to it, and the id of the request."""
        url = f"ws{self.base.removeprefix('http')}/api/kernels/{self.kernel()}/channels"
        line = websocket.create_connection(url, header=self.headers, timeout=120)
        head = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": uuid.uuid4().hex, "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        line.send(json.dumps({"header": head, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}))
        return line, head["msg_id"]

    def type(self, line: str, *, until: str) -> str:
        """What a new terminal shows after `line` was typed, up to the words `until`."""
        name = httpx.post(f"{self.base}/api/terminals", headers=self.headers, timeout=60).raise_for_status().json()["name"]
        shell = websocket.create_connection(f"ws{self.base.removeprefix('http')}/terminals/websocket/{name}", header=self.headers, timeout=60)
        shell.send(json.dumps(["stdin", f"{line}\r"]))
        shown = ""
        while until not in shown:
            kind, *content = json.loads(shell.recv())
            shown += content[0] if kind == "stdout" else ""
        return shown

    def execute(self, code: str, *, until: str = "") -> str:
        """What `code` prints in a new kernel, to its end, or up to the word `until`."""
        line, request = self.begin(code)
        printed = ""
        while True:
            answer = json.loads(line.recv())
            if answer["parent_header"].get("msg_id") != request:
                continue
            printed += answer["content"].get("text", "") + "\n".join(answer["content"].get("traceback", []))
            ended = answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle"
            if ended or (until and until in printed):
                line.close()
                return printed


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A learner's, with Jupyter's files in `folder`."""
    here = {"HOME": str(folder), "JUPYTER_RUNTIME_DIR": str(folder / "runtime"), "AUTOGRADER_HOME": str(home())}
    return {name: value for name, value in os.environ.items() if name != "OLLAMA_HOST"} | here | more


def start(folder: Path, *words: str, clone: Path | None = None, **more: str) -> subprocess.Popen[str]:
    """`lab` in `clone`, or in this one. `more` goes into its environment."""
    call = [sys.executable, "-c", RUN, "lab", "--no-browser", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(call, cwd=clone or course_root(), env=environment(folder, **more), stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)
