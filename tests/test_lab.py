"""`lab` as a learner starts it: JupyterLab's page, a kernel behind it that reaches the model server and the course, and an end to all of it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
import websocket

from autograder import lab
from autograder.gateway import Gateway, catalog
from autograder.gateway.resolve import Choice
from autograder.paths import course_root, home

TINY = "smollm2:135m"
pytestmark = [pytest.mark.model, pytest.mark.slow]


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

    def execute(self, code: str) -> str:
        """What `code` prints in a new kernel beside the first notebook."""
        folder = {"path": str(Path(lab.first_notebook()).parent / "probe.ipynb"), "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        session = httpx.post(f"{self.base}/api/sessions", headers=self.headers, json=folder, timeout=60).raise_for_status().json()
        url = f"ws{self.base.removeprefix('http')}/api/kernels/{session['kernel']['id']}/channels"
        line = websocket.create_connection(url, header=self.headers, timeout=120)
        head = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": uuid.uuid4().hex, "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        line.send(json.dumps({"header": head, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}))
        printed = ""
        while True:
            answer = json.loads(line.recv())
            if answer["parent_header"].get("msg_id") != head["msg_id"]:
                continue
            printed += answer["content"].get("text", "") + "\n".join(answer["content"].get("traceback", []))
            if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
                line.close()
                return printed


def start(tmp_path: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    here = {"HOME": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"), "AUTOGRADER_HOME": str(home())}
    environment = {name: value for name, value in os.environ.items() if name != "OLLAMA_HOST"} | here
    call = [sys.executable, "-c", "import sys; from autograder import cli; sys.exit(cli.main())", "lab", "--no-browser", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(call, cwd=course_root(), env=environment | more, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        return int(line.getsockname()[1])


@pytest.fixture
def running(tmp_path: Path, free_port: int) -> Iterator[Running]:
    process = start(tmp_path, "--port", str(free_port))
    try:
        yield Running(process)
    finally:
        process.terminate()
        process.communicate()


def test_a_learner_lands_on_the_first_notebook_with_a_kernel_that_finds_everything(running: Running) -> None:
    assert httpx.get(running.page, headers=running.headers).status_code == 200
    found = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', httpx.get(running.page, headers=running.headers).text, re.DOTALL)
    assert found
    assert "@jupyter/nbgrader" in json.loads(found[1])["disabledExtensions"]
    asked = httpx.get(f"{running.base}/lab/api/settings/@jupyterlab/apputils-extension:notification", headers=running.headers).json()
    assert asked["schema"]["properties"]["fetchNews"]["default"] == "false", "nobody is asked about news"
    assert httpx.get(f"{running.base}/api/status").status_code == 403, "without the token nobody gets in"
    opened = httpx.get(f"{running.base}/api/contents/{lab.first_notebook()}", headers=running.headers).json()
    assert opened["type"] == "notebook"
    server = re.search(r"Models\s+(http://\S+)", running.said)
    assert server
    printed = running.execute(
        "import os, ollama\n"
        "from autograder import check\n"
        "print(os.environ['OLLAMA_HOST'], sorted(model.model.removesuffix(':latest') for model in ollama.list().models), callable(check))"
    )
    tags = sorted(model.tag for model in catalog.models())
    assert printed.strip() == f"{server[1]} {tags} True"


@pytest.mark.skipif(os.name != "posix", reason="uses POSIX signals")
def test_an_end_from_outside_ends_everything(running: Running) -> None:
    running.execute("1")
    family = [psutil.Process(running.process.pid), *psutil.Process(running.process.pid).children(recursive=True)]
    assert any("ipykernel" in " ".join(one.cmdline()) for one in family)
    running.process.send_signal(signal.SIGINT)
    out, err = running.process.communicate()
    assert (running.process.returncode, err) == (0, "")
    assert "Ending JupyterLab and the model server." in out
    assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as line:
        port = line.getsockname()[1]
        process = start(tmp_path, "--port", str(port))
        _, err = process.communicate()
    assert (process.returncode, err) == (3, f"Port {port} is in use. Choose another with --port, or leave it out to get a free one.\n")


def test_a_jupyter_that_ends_by_itself_ends_lab_with_a_sentence(running: Running) -> None:
    httpx.post(f"{running.base}/api/shutdown", headers=running.headers)
    _, err = running.process.communicate()
    assert running.process.returncode == 3
    assert err.startswith("JupyterLab has ended. Start it again.")


def test_a_real_ollama_that_runs_is_used(tmp_path: Path, free_port: int) -> None:
    """Another gateway stands for it: the same protocol, another process's models."""
    with Gateway(port=0, backend="llama") as other:
        process = start(tmp_path, "--port", str(free_port), OLLAMA_HOST=other.url)
        running = Running(process)
        assert f"OLLAMA_HOST names a server that answers: {other.url}" in running.said
        ask = f"import ollama; print(ollama.generate({TINY!r}, 'Say hello.', options={{'num_predict': 4, 'temperature': 0}}).eval_count)"
        printed = running.execute(ask)
        process.terminate()
        process.communicate()
        assert printed.strip() == "4"
        assert other.ledger.totals()["calls"] == 1


def test_answers_recorded_for_the_course_are_replayed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"model": TINY, "prompt": "Say hello.", "stream": False, "options": {"num_predict": 4, "temperature": 0}}
    with Gateway(mode="record", record_to=tmp_path / "cassettes" / "0.1.jsonl", port=0, backend="llama") as recorder:
        recorded = httpx.post(f"{recorder.url}/api/generate", json=body, timeout=None).json()
    monkeypatch.setattr(lab, "datasets", lambda: tmp_path)
    with lab.model_server(Choice(None, "none here")) as server:
        replayed = httpx.post(f"{server.url}/api/generate", json=body)
        other = httpx.post(f"{server.url}/api/generate", json=body | {"prompt": "Say goodbye."}, timeout=None)
    assert (replayed.headers["x-replayed"], replayed.json()["response"]) == ("true", recorded["response"])
    assert other.headers.get("x-replayed") != "true"
