"""Observers for notebook 2.5. Replies as a model may write them, models that are asked again, and outcomes to be counted."""

from __future__ import annotations

import copy
from types import SimpleNamespace as Namespace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Json = Any
STRICT = ConfigDict(extra="forbid", strict=True)


class Alert(BaseModel):
    model_config = STRICT
    device: str = Field(pattern=r"^[A-Z]{2}-[0-9]{4}$")
    kind: Literal["too_warm", "too_cold", "door_open", "battery", "offline"]
    celsius: float | None = Field(allow_inf_nan=False)
    urgent: bool


class Route(BaseModel):
    model_config = STRICT
    queue: Literal["billing", "devices", "software"]
    confidence: int = Field(ge=0, le=5)
    reason: str = Field(min_length=1)


MODELS: dict[str, type[BaseModel]] = {"alert": Alert, "route": Route}


def parse(learner: Namespace, inputs: Json) -> Json:
    """What `read_reply` returned, or the kind of drift it raised."""
    named: Any = learner.SchemaDrift
    caught: Any = named if isinstance(named, type) and issubclass(named, Exception) else ()
    try:
        return {"returned": learner.read_reply(inputs["text"], MODELS[inputs["model"]])}
    except caught as drift:
        return {"drift": drift.kind}


def repair(learner: Namespace, inputs: Json) -> Json:
    """Drive `ask_valid` with a scripted model and a parser that knows its script; what was asked each time, and how it ended."""
    asked: list[Any] = []
    replies = inputs["replies"]

    def ask(messages: list[dict[str, str]]) -> str:
        asked.append(copy.deepcopy(messages))
        if len(asked) > len(replies):
            raise RuntimeError(f"call {len(asked)}: this does not end")
        reply = replies[len(asked) - 1]
        if reply["kind"] == "down":
            raise ConnectionError("the model server does not answer")
        return str(reply["text"])

    def read(text: str) -> dict[str, str]:
        reply = next(one for one in replies if one["text"] == text)
        if reply["kind"] == "bad":
            raise ValueError(reply["complaint"])
        return {"read": text}

    messages = copy.deepcopy(inputs["messages"])
    try:
        outcome: Any = list(learner.ask_valid(ask, read, messages))
    except (ValueError, ConnectionError) as error:
        outcome = f"{type(error).__name__}: {error}"
    return {"asked": asked, "outcome": outcome, "untouched": messages == inputs["messages"]}


def score(learner: Namespace, inputs: Json) -> Json:
    return learner.score([(got, want) for got, want in inputs["outcomes"]], inputs["names"])
