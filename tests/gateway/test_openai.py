"""OpenAI's dialect under `/v1`, as Ollama, vLLM and TGI serve it."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import numpy as np
import pytest

from autograder.gateway import Gateway
from autograder.gateway.openai import Completion
from autograder.gateway.protocol import parse

SMALL, SCRIPTED = "smollm2:135m", "double:scripted"
ASK = [{"role": "user", "content": "Name a colour."}]


def complete(gateway: Gateway, **body: Any) -> httpx.Response:
    return httpx.post(f"{gateway.url}/v1/chat/completions", json={"messages": ASK, **body}, timeout=120)


def events(answer: httpx.Response) -> list[Any]:
    lines = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


def test_a_completion_has_the_fields_its_clients_read(doubles: Gateway) -> None:
    doubles.script(["a deep blue"])
    body = complete(doubles, model=SCRIPTED).json()
    assert body["object"] == "chat.completion" and body["id"].startswith("chatcmpl-")
    choice = body["choices"][0]
    assert (choice["message"], choice["finish_reason"]) == ({"role": "assistant", "content": "a deep blue"}, "stop")
    assert body["usage"] == {"prompt_tokens": 3, "completion_tokens": 3, "total_tokens": 6}


def test_a_stream_is_server_sent_events_with_usage_when_asked(doubles: Gateway) -> None:
    doubles.script(["a deep blue"] * 2)
    answer = complete(doubles, model=SCRIPTED, stream=True, stream_options={"include_usage": True})
    assert answer.headers["content-type"].startswith("text/event-stream")
    chunks = events(answer)
    assert "".join(c["choices"][0]["delta"]["content"] for c in chunks if c["choices"]) == "a deep blue"
    assert chunks[-1]["usage"]["total_tokens"] == 6
    assert [c["choices"][0]["finish_reason"] for c in chunks if c["choices"]][-1] == "stop"
    assert not any("usage" in c for c in events(complete(doubles, model=SCRIPTED, stream=True)))


def test_tool_calls_travel_as_json_text(doubles: Gateway) -> None:
    doubles.script([{"tool_calls": [{"function": {"name": "read", "arguments": {"sensor": "PX"}}}]}])
    choice = complete(doubles, model=SCRIPTED).json()["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert json.loads(choice["message"]["tool_calls"][0]["function"]["arguments"]) == {"sensor": "PX"}


def test_errors_have_the_dialects_own_body(doubles: Gateway) -> None:
    missing = complete(doubles, model="no-such")
    assert missing.status_code == 404
    assert missing.json()["error"] == {"message": "model 'no-such' not found", "type": "not_found_error", "param": None, "code": None}
    assert complete(doubles).json()["error"]["type"] == "invalid_request_error"
    picture = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]
    assert complete(doubles, model=SCRIPTED, messages=picture).status_code == 400


def test_options_are_translated_and_default_as_in_that_dialect() -> None:
    body = parse(Completion, {"model": "m", "messages": ASK, "max_tokens": 7, "stop": "x", "seed": 3, "unknown": 1}).as_chat()
    assert body["options"] == {"temperature": 1.0, "top_p": 1.0, "num_predict": 7, "stop": ["x"], "seed": 3}
    schema = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
    assert parse(Completion, {"model": "m", "messages": ASK, "response_format": schema}).as_chat()["format"] == {"type": "object"}


@pytest.mark.model
def test_both_dialects_get_the_same_answer(live: Gateway) -> None:
    options = {"temperature": 0, "top_p": 1.0, "num_predict": 8}
    native = httpx.post(f"{live.url}/api/chat", json={"model": SMALL, "messages": ASK, "options": options, "stream": False}, timeout=120).json()
    other = complete(live, model=SMALL, temperature=0, max_tokens=8).json()
    assert other["choices"][0]["message"]["content"] == native["message"]["content"]
    assert other["choices"][0]["finish_reason"] == "length"


@pytest.mark.model
def test_a_schema_holds_here_too(live: Gateway) -> None:
    schema = {"type": "object", "properties": {"colour": {"enum": ["red", "blue"]}}, "required": ["colour"]}
    answer = complete(live, model=SMALL, response_format={"type": "json_schema", "json_schema": {"schema": schema}}, max_tokens=40)
    assert json.loads(answer.json()["choices"][0]["message"]["content"])["colour"] in ("red", "blue")


@pytest.mark.model
def test_embeddings_and_models(live: Gateway) -> None:
    plain = httpx.post(f"{live.url}/v1/embeddings", json={"model": "all-minilm", "input": ["cold", "warm"]}, timeout=120).json()
    packed = httpx.post(f"{live.url}/v1/embeddings", json={"model": "all-minilm", "input": "cold", "encoding_format": "base64"}, timeout=120).json()
    first = np.frombuffer(base64.b64decode(packed["data"][0]["embedding"]), dtype="<f4")
    assert first == pytest.approx(np.array(plain["data"][0]["embedding"]), abs=1e-6)
    assert [row["index"] for row in plain["data"]] == [0, 1] and plain["usage"]["prompt_tokens"] > 0
    models = httpx.get(f"{live.url}/v1/models").json()
    assert models["object"] == "list" and SMALL in [model["id"] for model in models["data"]]
