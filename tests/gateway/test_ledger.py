"""The ledger and the budget: every call has a row, and a run that has used up its budget is refused."""

from __future__ import annotations

from pathlib import Path

import httpx
import ollama
import pytest

from autograder.gateway import Budget, Gateway

ASK = [{"role": "user", "content": "one two three"}]
SCRIPTED = "double:scripted"


def test_every_call_has_a_row_with_its_tokens() -> None:
    with Gateway(port=0, backend=SCRIPTED) as gateway:
        gateway.script(["four words in here"])
        ollama.Client(host=gateway.url).chat(SCRIPTED, ASK, format={"type": "object"})
        row = gateway.ledger.calls[0]
        assert (row.number, row.endpoint, row.model, row.format, row.status) == (1, "chat", SCRIPTED, True, 200)
        assert (row.prompt_tokens, row.completion_tokens) == (3, 4)


@pytest.mark.parametrize(("budget", "limit"), [(Budget(calls=2), "calls"), (Budget(tokens=8), "tokens"), (Budget(seconds=0.05), "seconds")])
def test_a_budget_refuses_what_comes_after(budget: Budget, limit: str) -> None:
    with Gateway(port=0, backend=SCRIPTED, budget=budget) as gateway:
        gateway.script([{"content": "four", "delay": 0.03}] * 9)
        codes = [httpx.post(f"{gateway.url}/api/chat", json={"model": SCRIPTED, "messages": ASK, "stream": False}).status_code for _ in range(4)]
        assert codes == [200, 200, 429, 429]
        assert gateway.ledger.exceeded == limit
        assert gateway.ledger.totals()["calls"] == 2
        assert gateway.ledger.totals()["failed"] == 2


def test_only_allowed_models_answer() -> None:
    with Gateway(port=0, backend=SCRIPTED, models_allowed=["smollm2:135m"]) as gateway:
        answer = httpx.post(f"{gateway.url}/api/chat", json={"model": SCRIPTED, "messages": ASK})
        assert answer.status_code == 403
        assert "Use one of: smollm2:135m." in answer.json()["error"]
        assert gateway.ledger.calls == []


def test_it_is_served_on_a_unix_socket_alone(tmp_path: Path) -> None:
    socket = tmp_path / "g.sock"
    with Gateway(socket=socket, backend=SCRIPTED) as gateway:
        gateway.script(["hello"])
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(socket)), base_url="http://gateway") as client:
            said = client.post("/api/chat", json={"model": SCRIPTED, "messages": ASK, "stream": False}).json()
        assert said["message"]["content"] == "hello"
        assert gateway.port is None
    assert not socket.exists()
