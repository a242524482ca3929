"""`lab` as a learner starts it: JupyterLab's page, a kernel behind it that reaches the model server and the course, and an end to all of it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from autograder import lab
from autograder.gateway import Gateway, catalog
from autograder.gateway.resolve import Choice
from tests.labrun import Running, start

TINY = "smollm2:135m"
pytestmark = [pytest.mark.model, pytest.mark.slow]
posix = pytest.mark.skipif(os.name != "posix", reason="uses POSIX signals")


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


@posix
def test_python3_in_a_terminal_is_the_one_of_the_notebooks(running: Running) -> None:
    shown = running.type("python3 -c 'import os, sys; print(\"host\", bool(os.environ[\"OLLAMA_HOST\"]), \"at\", sys.prefix, \"end\" + \"ed\")'", until="ended")
    assert f"host True at {sys.prefix} ended" in " ".join(shown.split())


BUSY = """
import signal, subprocess
signal.signal(signal.SIGINT, signal.SIG_IGN)
subprocess.Popen(["sleep", "3600"])
subprocess.Popen(["sleep", "3600"], start_new_session=True)
print("busy", flush=True)
while True:
    pass
"""


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    return [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]


def survivors(those: list[psutil.Process]) -> list[str]:
    return [" ".join(one.cmdline()) for one in those if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


@posix
def test_an_end_from_outside_ends_everything_busy_kernels_and_their_children_too(running: Running) -> None:
    running.execute("1")
    assert "busy" in running.execute(BUSY, until="busy")
    those = family(running.process)
    commands = [" ".join(one.cmdline()) for one in those]
    assert sum("ipykernel" in command for command in commands) == 1 and commands.count("sleep 3600") == 2
    running.process.send_signal(signal.SIGINT)
    out, err = running.process.communicate()
    assert (running.process.returncode, err) == (0, "")
    assert "Ending JupyterLab and the model server." in out
    assert survivors(those) == []


@posix
def test_an_end_while_it_is_still_starting_ends_everything(tmp_path: Path, free_port: int) -> None:
    process = start(tmp_path, "--port", str(free_port))
    assert process.stdout is not None and process.stdout.readline().startswith("Models")
    while not any("jupyterlab" in one.cmdline() for one in family(process)[1:]):
        assert process.poll() is None
    those = family(process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130 and "Interrupted." in err
    assert survivors(those) == []


@posix
def test_after_an_end_it_starts_again_on_the_same_port_with_the_same_notebooks(tmp_path: Path, free_port: int) -> None:
    pages = []
    for _ in range(2):
        process = start(tmp_path, "--port", str(free_port))
        running = Running(process)
        pages.append(running.page)
        assert httpx.get(running.page, headers=running.headers).status_code == 200
        process.send_signal(signal.SIGINT)
        process.communicate()
        assert process.returncode == 0
    assert pages[0] == pages[1]


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
