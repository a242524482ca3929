"""The scripted and the flaky double: faults that happen on the socket, seen by ordinary clients."""

from __future__ import annotations

import time

import httpx
import ollama
import pytest

from autograder.gateway import Gateway

FLAKY, SCRIPTED = "double:flaky", "double:scripted"
ASK = [{"role": "user", "content": "the freezer is warm"}]


def post(gateway: Gateway, model: str = FLAKY, stream: bool = False, timeout: float = 5) -> httpx.Response:
    return httpx.post(f"{gateway.url}/api/chat", json={"model": model, "messages": ASK, "stream": stream}, timeout=timeout)


def test_the_script_is_spoken_in_order_and_then_refused(doubles: Gateway) -> None:
    doubles.script(["first", {"content": "second", "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}]}])
    client = ollama.Client(host=doubles.url)
    assert client.chat(SCRIPTED, ASK).message.content == "first"
    second = client.chat(SCRIPTED, ASK).message
    assert second.content == "second" and second.tool_calls and second.tool_calls[0].function.arguments == {"a": 1}
    with pytest.raises(ollama.ResponseError, match=r"no reply left \(2 were given\)"):
        client.chat(SCRIPTED, ASK)


def test_status_faults_carry_retry_after(doubles: Gateway) -> None:
    doubles.faults([{"kind": "429", "retry_after": 2}, {"kind": "503"}, {"kind": "ok"}])
    first, second, third = post(doubles), post(doubles), post(doubles)
    assert (first.status_code, first.headers["retry-after"]) == (429, "2")
    assert (second.status_code, "retry-after" in second.headers) == (503, False)
    assert third.json()["message"]["content"] == "the freezer is warm"


def test_a_stall_outlasts_the_clients_timeout(doubles: Gateway) -> None:
    doubles.faults([{"kind": "stall", "seconds": 30}])
    with pytest.raises(httpx.ReadTimeout):
        post(doubles, timeout=0.2)


@pytest.mark.parametrize("stream", [False, True])
def test_a_reset_breaks_the_connection_for_real(doubles: Gateway, stream: bool) -> None:
    doubles.faults([{"kind": "reset_midstream"}])
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        post(doubles, stream=stream)


def test_truncated_json_ends_in_good_order_but_cannot_be_parsed(doubles: Gateway) -> None:
    doubles.faults([{"kind": "truncated_json"}])
    answer = post(doubles)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        answer.json()


def test_a_rate_of_faults_is_drawn_from_a_seed(doubles: Gateway) -> None:
    seen = []
    for _ in range(2):
        doubles.faults(rate=0.5, seed=3)
        seen.append([post(doubles).status_code for _ in range(24)])
    assert seen[0] == seen[1]
    assert {200, 429, 503} == set(seen[0])


def test_a_plan_can_be_set_over_http_and_is_checked(doubles: Gateway) -> None:
    assert httpx.post(f"{doubles.url}/double/plan", json={"script": ["x"]}).json()["script_left"] == 1
    wrong = httpx.post(f"{doubles.url}/double/plan", json={"faults": [{"kind": "fire"}]})
    assert wrong.status_code == 400 and "faults.0.kind" in wrong.json()["error"]


def test_a_plan_that_is_closed_is_the_owner_s_alone() -> None:
    with Gateway(backend="double:scripted", open_plan=False) as closed:
        closed.script(["ours"])
        refused = httpx.post(f"{closed.url}/double/plan", json={"script": ["theirs"]})
        assert refused.status_code == 403 and "as its grader has planned" in refused.json()["error"]
        assert post(closed, SCRIPTED).json()["message"]["content"] == "ours"


async def test_the_double_counts_how_many_are_open(doubles: Gateway) -> None:
    import asyncio

    doubles.script([{"content": "x", "delay": 0.2}] * 6)
    client = ollama.AsyncClient(host=doubles.url)
    await asyncio.gather(*(client.chat(SCRIPTED, ASK) for _ in range(6)))
    stats = httpx.get(f"{doubles.url}/double/stats").json()
    assert (stats["requests"], stats["max_open"], stats["open"]) == (6, 6, 0)


def test_delay_is_felt(doubles: Gateway) -> None:
    doubles.script([{"content": "x", "delay": 0.3}])
    started = time.perf_counter()
    post(doubles, SCRIPTED)
    assert time.perf_counter() - started >= 0.3
