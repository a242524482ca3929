"""A gateway in front of another server that speaks Ollama's protocol, and how it is found."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import httpx
import ollama
import pytest

from autograder.gateway import Gateway
from autograder.gateway.errors import CannotServe
from autograder.gateway.resolve import choose, normalised

ASK = [{"role": "user", "content": "Count to four."}]
SMALL = "smollm2:135m"


@pytest.mark.model
def test_answers_streams_lists_and_errors_pass_through(live: Gateway) -> None:
    with Gateway(port=0, backend="upstream", upstream_url=live.url, mode="live") as front:
        client = ollama.Client(host=front.url)
        assert SMALL in [model.model for model in client.list().models]
        options = {"temperature": 0, "num_predict": 8}
        direct = ollama.Client(host=live.url).chat(SMALL, ASK, options=options).message.content
        assert client.chat(SMALL, ASK, options=options).message.content == direct
        assert "".join(part.message.content or "" for part in client.chat(SMALL, ASK, options=options, stream=True)) == direct
        with pytest.raises(ollama.ResponseError) as refused:
            client.chat("no-such", ASK)
        assert refused.value.status_code == 404


@pytest.mark.model
def test_the_digest_is_the_catalogues_so_recordings_hold_behind_a_real_ollama(live: Gateway, tmp_path: Path) -> None:
    tape, options = tmp_path / "tape.jsonl", {"temperature": 0, "num_predict": 5}
    with Gateway(port=0, backend="upstream", upstream_url=live.url, mode="live", record_to=tape) as front:
        said = ollama.Client(host=front.url).chat(SMALL, ASK, options=options).message.content
    with Gateway(port=0, backend="llama", cassettes=[tape], mode="replay_only") as gateway:
        assert ollama.Client(host=gateway.url).chat(SMALL, ASK, options=options).message.content == said


def test_an_upstream_that_breaks_off_is_a_502(free_port: int) -> None:
    with Gateway(port=0, backend="upstream", upstream_url=f"http://127.0.0.1:{free_port}", mode="live") as front:
        answer = httpx.post(f"{front.url}/api/chat", json={"model": SMALL, "messages": ASK})
        assert answer.status_code == 502
        assert "See that it still runs" in answer.json()["error"]


def test_a_port_that_is_taken_is_one_sentence(doubles: Gateway) -> None:
    with pytest.raises(CannotServe, match=r"cannot be used: Address already in use\. Choose another port\."):
        Gateway(port=doubles.port, backend="double:scripted").start()


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("localhost", "http://localhost:11434"),
        ("0.0.0.0:9000", "http://127.0.0.1:9000"),
        (":9000", "http://127.0.0.1:9000"),
        ("https://models.example/ollama/", "https://models.example:443/ollama"),
        ("http://[::1]:5", "http://[::1]:5"),
    ],
)
def test_ollama_host_may_be_written_in_many_ways(given: str, url: str) -> None:
    assert normalised(given) == url


def test_a_server_named_by_ollama_host_is_taken_if_it_answers(doubles: Gateway, free_port: int) -> None:
    assert choose({"OLLAMA_HOST": doubles.url}).url == doubles.url
    assert choose({"OLLAMA_HOST": f"127.0.0.1:{free_port}", "PATH": ""}).url is None
    assert choose({"OLLAMA_HOST": doubles.url, "PATH": ""}, own=[doubles.url]).url is None


SERVER = """#!{python}
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'{{"version": "0.13.0"}}')
    def log_message(self, *words): pass
host, _, port = os.environ["OLLAMA_HOST"].partition(":")
http.server.HTTPServer((host, int(port)), Handler).serve_forever()
"""


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
def test_an_ollama_on_the_path_is_started_and_ended(tmp_path: Path, free_port: int) -> None:
    program = tmp_path / "ollama"
    program.write_text(SERVER.format(python=sys.executable))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    choice = choose({"PATH": str(tmp_path), "OLLAMA_HOST": f"127.0.0.1:{free_port}"})
    assert choice.url == f"http://127.0.0.1:{free_port}" and choice.process is not None
    choice.stop()
    assert choice.process.poll() is not None
