"""Cassettes: what makes two requests the same, and what replay, live, replay_only and record do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import ollama
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.gateway import Cassette, CassetteMode, Drifted, Gateway, Held, spot_check
from autograder.gateway.cassette import Player, Recording, canonical, request_key
from autograder.gateway.errors import BadCassette
from autograder.gateway.protocol import DEFAULTS

SMALL = "smollm2:135m"
ASK = {"model": SMALL, "messages": [{"role": "user", "content": "Name a colour."}], "options": {"temperature": 0, "num_predict": 6}}


def key(body: dict[str, Any], endpoint: str = "chat", digest: str = "d") -> str:
    return request_key(digest, endpoint, canonical(body))


@pytest.mark.parametrize(
    "change",
    [
        {"messages": [{"role": "user", "content": "Name a color."}]},
        {"messages": [{"role": "system", "content": "Name a colour."}]},
        {"options": {"temperature": 0.1, "num_predict": 6}},
        {"options": {"temperature": 0, "num_predict": 7}},
        {"options": {"temperature": 0, "num_predict": 6, "seed": 1}},
        {"format": {"type": "object"}},
        {"tools": [{"type": "function", "function": {"name": "x"}}]},
    ],
)
def test_whatever_changes_the_answer_changes_the_key(change: dict[str, Any]) -> None:
    assert key(ASK | change) != key(ASK)


def test_the_endpoint_and_the_weights_are_part_of_the_key() -> None:
    assert len({key(ASK), key(ASK, endpoint="generate"), key(ASK, digest="e")}) == 3


@pytest.mark.parametrize("change", [{"stream": True}, {"stream": False}, {"keep_alive": "5m"}, {"format": None}, {"tools": []}])
def test_how_it_is_transported_does_not_change_the_key(change: dict[str, Any]) -> None:
    assert key(ASK | change) == key(ASK)


@given(st.sampled_from(sorted(DEFAULTS)), st.booleans())
def test_a_default_that_is_spelled_out_does_not_change_the_key(name: str, as_float: bool) -> None:
    body = {"model": SMALL, "messages": ASK["messages"]}
    value = float(DEFAULTS[name]) if as_float else DEFAULTS[name]
    assert key(body | {"options": {name: value}}) == key(body)


def recording(text: str, repeat: int = 0) -> Recording:
    response = {"message": {"role": "assistant", "content": text}, "done": True, "done_reason": "stop", "eval_count": 3, "prompt_eval_count": 9}
    from autograder.gateway import catalog

    model = catalog.find(SMALL)
    assert model
    return Recording(key(ASK, digest=model.digest), "chat", SMALL, model.digest, repeat, canonical(ASK), response)


@pytest.fixture
def cassette(tmp_path: Path) -> Cassette:
    made = Cassette(tmp_path / "colours.jsonl")
    assert made.append([recording("Ultramarine, of course."), recording("Umber.", 1)]) == 2
    return made


def test_the_nth_time_is_answered_by_the_nth_recording_then_by_the_last(cassette: Cassette) -> None:
    player, one = Player([cassette]), recording("").key
    said = [player.find(one, player.count(one)) for _ in range(3)]
    assert [r and r.response["message"]["content"] for r in said] == ["Ultramarine, of course.", "Umber.", "Umber."]


def test_appending_writes_each_recording_once(cassette: Cassette) -> None:
    before = cassette.path.read_bytes()
    assert Cassette(cassette.path).append([recording("Another.")]) == 0
    assert cassette.path.read_bytes() == before


def test_a_line_that_is_no_recording_is_named(cassette: Cassette) -> None:
    with cassette.path.open("a") as file:
        file.write('{"key": 1}\n')
    with pytest.raises(BadCassette, match=r"colours.jsonl, line 3"):
        Player([cassette])


def test_replay_answers_streams_and_counts_without_any_model(cassette: Cassette) -> None:
    with Gateway(port=0, backend="double:scripted", cassettes=[cassette.path], mode=CassetteMode.REPLAY_ONLY) as gateway:
        client = ollama.Client(host=gateway.url)
        parts = [part.message.content for part in client.chat(**ASK, stream=True)]
        assert parts == ["Ultramarine,", " of", " course.", ""]
        answer = httpx.post(f"{gateway.url}/api/chat", json=ASK | {"stream": False})
        assert (answer.headers["x-replayed"], answer.json()["eval_count"]) == ("true", 3)
        assert gateway.ledger.totals()["replayed"] == 2


def test_replay_only_refuses_what_is_not_recorded_and_says_what(cassette: Cassette) -> None:
    with Gateway(port=0, backend="double:scripted", cassettes=[cassette.path], mode=CassetteMode.REPLAY_ONLY) as gateway:
        answer = httpx.post(f"{gateway.url}/api/chat", json=ASK | {"messages": [{"role": "user", "content": "Name a smell."}]})
        assert answer.status_code == 409
        assert "Name a smell." in answer.json()["error"]
        live = httpx.post(f"{gateway.url}/api/chat", json=ASK, headers={"X-Cassette-Mode": "live"})
        assert live.status_code == 409


@pytest.mark.model
def test_a_recording_made_live_is_replayed_and_holds_when_asked_again(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    with Gateway(port=0, backend="llama", record_to=tape, mode="live") as gateway:
        said = ollama.Client(host=gateway.url).chat(**ASK).message.content
        ollama.Client(host=gateway.url).embed("all-minilm", ["cold", "colder"])
    assert len(tape.read_text().splitlines()) == 3
    with Gateway(port=0, backend="llama", cassettes=[tape]) as gateway:
        assert ollama.Client(host=gateway.url).chat(**ASK).message.content == said
        assert [call.replayed for call in gateway.ledger.calls] == [True]
        assert [type(found) for found in spot_check(gateway, Cassette(tape))] == [Held]


@pytest.mark.model
def test_a_stale_recording_is_found(tmp_path: Path) -> None:
    stale = tmp_path / "stale.jsonl"
    Cassette(stale).append([recording("Seventeen geese, an umbrella and no colour at all were seen in Trieste.")])
    with Gateway(port=0, backend="llama", cassettes=[stale]) as gateway:
        found = spot_check(gateway, Cassette(stale))
    assert [type(one) for one in found] == [Drifted]


def test_recordings_are_readable_text(cassette: Cassette) -> None:
    first = json.loads(cassette.path.read_text().splitlines()[0])
    assert first["request"]["messages"][0]["content"] == "Name a colour."


def test_the_order_of_a_schemas_properties_survives_being_written_down(tmp_path: Path) -> None:
    """A constrained model writes the properties in the schema's order, so asking again in another order is asking something else."""
    schema = {"type": "object", "properties": {"passage": {"type": "integer"}, "answer": {"type": "string"}}, "required": ["passage", "answer"]}
    made = recording("x")
    cassette = Cassette(tmp_path / "ordered.jsonl")
    cassette.append([Recording(made.key, "chat", made.model, made.digest, 0, canonical(ASK | {"format": schema}), made.response)])
    assert list(next(cassette.read()).request["format"]["properties"]) == ["passage", "answer"]
