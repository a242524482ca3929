"""The official `ollama` client against the embedded engine: what a learner's code sees."""

from __future__ import annotations

import asyncio
import json
import time
from itertools import pairwise

import httpx
import ollama
import pytest
from pydantic import BaseModel, Field

from autograder.gateway import Gateway

pytestmark = pytest.mark.model
SMALL = "smollm2:135m"
HELLO = [{"role": "user", "content": "Say hello to a fridge."}]


class Reading(BaseModel):
    place: str = Field(max_length=20)
    celsius: int = Field(ge=-90, le=60)


def test_the_models_are_listed_and_described(client: ollama.Client) -> None:
    names = {model.model for model in client.list().models}
    assert {SMALL, "qwen2.5-coder:1.5b", "all-minilm:latest"} <= names
    shown = client.show(SMALL)
    assert shown.details and shown.details.quantization_level == "Q4_1"
    assert "completion" in (shown.capabilities or [])


def test_a_verbose_description_holds_the_vocabulary(live: Gateway) -> None:
    asked = [httpx.post(f"{live.url}/api/show", json={"model": SMALL, "verbose": wish}, timeout=60) for wish in (False, True)]
    plain, verbose = (answer.json()["model_info"] for answer in asked)
    assert plain["tokenizer.ggml.tokens"] is None and plain["tokenizer.ggml.pre"] == verbose["tokenizer.ggml.pre"] == "smollm"
    assert len(verbose["tokenizer.ggml.tokens"]) == 49152 and verbose["tokenizer.ggml.merges"][2] == "i n"


def test_a_chat_gives_text_counts_and_durations(client: ollama.Client) -> None:
    reply = client.chat(SMALL, HELLO, options={"temperature": 0, "num_predict": 12})
    assert reply.message.content
    assert (reply.eval_count, reply.done_reason) == (12, "length")
    assert reply.prompt_eval_count and reply.prompt_eval_count > 5
    assert reply.total_duration and reply.eval_duration and reply.total_duration >= reply.eval_duration > 0
    assert SMALL in [model.model for model in client.ps().models]


def test_a_stream_says_what_the_whole_answer_says(client: ollama.Client) -> None:
    options = {"temperature": 0, "seed": 1, "num_predict": 16}
    whole = client.generate(SMALL, "One, two, three,", options=options).response
    parts = list(client.generate(SMALL, "One, two, three,", options=options, stream=True))
    assert "".join(part.response for part in parts) == whole
    assert len(parts) > 5 and [part.done for part in parts] == [False] * (len(parts) - 1) + [True]


def test_a_schema_holds_on_the_smallest_model(client: ollama.Client) -> None:
    for seed in range(3):
        reply = client.chat(SMALL, HELLO, format=Reading.model_json_schema(), options={"seed": seed, "num_predict": 60})
        Reading.model_validate_json(reply.message.content or "")


def test_json_mode_gives_json(client: ollama.Client) -> None:
    asked = [{"role": "user", "content": "Answer with the JSON object {\"celsius\": -18} and nothing else."}]
    reply = client.chat("qwen2.5-coder:1.5b", asked, format="json", options={"temperature": 0, "num_predict": 80})
    assert json.loads(reply.message.content or "") == {"celsius": -18}


def test_a_tool_call_written_as_text_comes_back_as_a_tool_call(client: ollama.Client) -> None:
    def read_sensor(name: str) -> str:
        """The last reading of a sensor.

        Args:
            name: the sensor's name
        """
        return name

    asked = [{"role": "user", "content": "What is the last reading of sensor PX-12? Use the tool."}]
    reply = client.chat("qwen2.5-coder:1.5b", asked, tools=[read_sensor], options={"temperature": 0, "seed": 0, "num_predict": 80})
    calls = reply.message.tool_calls or []
    assert [call.function.name for call in calls] == ["read_sensor"]
    assert "PX-12" in str(calls[0].function.arguments["name"])


def test_stop_num_predict_and_seed_do_what_they_say(client: ollama.Client) -> None:
    counted = client.generate(SMALL, "1, 2, 3, 4, 5,", raw=True, options={"temperature": 0, "stop": [" 7"], "num_predict": 40})
    assert " 7" not in counted.response and counted.done_reason == "stop"
    hot = {"temperature": 1.5, "num_predict": 24}
    same = [client.generate(SMALL, "Once", options=hot | {"seed": 7}).response for _ in range(2)]
    other = client.generate(SMALL, "Once", options=hot | {"seed": 8}).response
    assert same[0] == same[1] != other


def test_logprobs_come_one_per_token(client: ollama.Client) -> None:
    reply = client.chat(SMALL, HELLO, logprobs=True, top_logprobs=3, options={"num_predict": 4, "temperature": 0})
    assert reply.logprobs and len(reply.logprobs) == 4
    best = reply.logprobs[0].top_logprobs or []
    assert len(best) == 3 and all(a.logprob >= b.logprob for a, b in pairwise(best))


def test_embeddings_are_minilm_unit_vectors(client: ollama.Client) -> None:
    vectors = client.embed("all-minilm", ["the freezer is warm", "the freezer got too hot", "an invoice"]).embeddings
    assert {len(vector) for vector in vectors} == {384}
    dot = [sum(x * y for x, y in zip(vectors[0], other, strict=True)) for other in vectors]
    assert dot[0] == pytest.approx(1, abs=1e-5)
    assert dot[1] > 0.6 > dot[2]
    assert list(client.embeddings("all-minilm", "the freezer is warm").embedding) == pytest.approx(list(vectors[0]), abs=1e-6)


async def test_concurrent_requests_are_batched(live: Gateway) -> None:
    """Four answers at once take less time than one after the other, measured in turns in one run."""
    client = ollama.AsyncClient(host=live.url)

    async def ask(number: int) -> None:
        await client.generate(SMALL, f"Shelf {number}:", options={"num_predict": 48, "temperature": 0})

    ratios = []
    for turn in range(3):
        started = time.perf_counter()
        await asyncio.gather(*(ask(10 * turn + n) for n in range(4)))
        together = time.perf_counter() - started
        started = time.perf_counter()
        for n in range(4):
            await ask(10 * turn + n + 4)
        ratios.append(together / (time.perf_counter() - started))
    assert min(ratios) < 1


def test_a_client_that_leaves_stops_the_generation(live: Gateway, client: ollama.Client) -> None:
    stream = client.generate(SMALL, "A very long story.", stream=True, options={"num_predict": 3000, "num_ctx": 4096})
    next(stream)
    stream.close()
    row = live.ledger.calls[-1]
    for _ in range(200):
        row = live.ledger.calls[-1]
        if row.status:
            break
        time.sleep(0.05)
    assert row.status == 499
    assert row.completion_tokens < 500


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{bad", 400, "invalid JSON"),
        (b"[1]", 400, "must be a JSON object"),
        (b"{}", 400, "missing field 'model'"),
        (b'{"model":"no-such"}', 404, "model 'no-such' not found"),
        (b'{"model":"smollm2:135m","messages":[{"role":"user","content":"x","images":["aGk="]}]}', 400, "does not support images"),
        (b'{"model":"smollm2:135m","messages":[{"role":"king","content":"x"}]}', 400, "role"),
        (b'{"model":"smollm2:135m","messages":[{"role":"user","content":"x"}],"options":{"temperature":"hot"}}', 400, "temperature"),
        (b'{"model":"smollm2:135m","messages":[{"role":"user","content":"x"}],"format":{"type":"strange"}}', 400, ""),
        (b'{"model":"smollm2:135m","messages":[{"role":"user","content":"x"}],"keep_alive":"soon"}', 400, "invalid duration"),
    ],
)
def test_a_bad_request_gets_ollamas_error_body(live: Gateway, body: bytes, status: int, said: str) -> None:
    answer = httpx.post(f"{live.url}/api/chat", content=body, timeout=60)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert said in answer.json()["error"]


def test_a_prompt_longer_than_the_window_is_refused_or_cut_as_ollama_does(client: ollama.Client) -> None:
    long = "cold " * 600
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": long}, *HELLO]
    reply = client.chat(SMALL, messages, options={"num_ctx": 256, "num_predict": 8})
    assert reply.prompt_eval_count and reply.prompt_eval_count < 256


def test_keep_alive_zero_unloads(client: ollama.Client) -> None:
    client.generate(SMALL, "x", keep_alive=0, options={"num_predict": 1})
    assert SMALL not in [model.model for model in client.ps().models]


def test_pull_of_what_is_here_succeeds_at_once(client: ollama.Client) -> None:
    assert [part.status for part in client.pull(SMALL, stream=True)][-1] == "success"
    with pytest.raises(ollama.ResponseError, match="file does not exist"):
        client.pull("llama9:1t")
