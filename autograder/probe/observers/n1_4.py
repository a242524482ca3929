"""Observers for notebook 1.4: requests to be keyed, failed calls to be diagnosed, configurations to be connected."""

from __future__ import annotations

from types import SimpleNamespace as Namespace
from typing import Any

import httpx

Json = Any


def key(learner: Namespace, inputs: Json) -> Json:
    """Key several requests, one after the other."""
    return [learner.cassette_key(one["digest"], one["request"]) for one in inputs["asked"]]


def diagnose(learner: Namespace, inputs: Json) -> Json:
    """Give `diagnose` a reply as httpx would hand it over, or the exception that httpx would raise."""
    if "failure" in inputs:
        failure = getattr(httpx, inputs["failure"])(inputs["text"])
        return list(learner.diagnose(failure=failure))
    given = inputs["reply"]
    reply = httpx.Response(given["status"], headers=given["headers"], content=given["body"].encode())
    return list(learner.diagnose(reply=reply))


def connect(learner: Namespace, inputs: Json) -> Json:
    """Connect one configuration to clients that note how they were made and which weights they were asked for."""
    made: list[Any] = []
    asked: list[int] = []

    class Client:
        def __init__(self, kind: str, base_url: str, model: str, api_key: str | None) -> None:
            self.number, self.base_url = len(made), base_url
            made.append({"client": kind, "base_url": base_url, "model": model, "api_key": api_key})

        def digest(self) -> str:
            asked.append(self.number)
            found: str = inputs["server_has"][self.base_url]
            return found

    def factory(kind: str) -> Any:
        return lambda *, base_url, model, api_key=None: Client(kind, base_url, model, api_key)

    clients = {kind: factory(kind) for kind in inputs["clients"]}
    seen: dict[str, Any] = {"made": made, "asked": asked}
    try:
        found = learner.connect(inputs["config"], clients, inputs["environ"])
    except (ValueError, KeyError) as error:
        return {**seen, "raised": "ValueError" if isinstance(error, ValueError) else "KeyError", "message": str(error)}
    return {**seen, "returned": found.number if isinstance(found, Client) else type(found).__name__}
