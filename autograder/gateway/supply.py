"""The course's models where they are used from: a real Ollama's own, or weights fetched here."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TextIO

import httpx
import ollama

from . import catalog
from .catalog import Model
from .errors import WeightsError
from .pull import Bar, fetch_all


@dataclass(frozen=True, slots=True)
class Supply:
    """`ollama` is the URL of a real Ollama that answers for this model, None where its weights are used from this machine's cache.
    Embedding models always are: a vector must not depend on who computes it."""

    model: Model
    ollama: str | None
    present: bool


def supplies(url: str | None) -> list[Supply]:
    """All models, behind a real Ollama at `url` or the embedded engine. Raises `WeightsError` when that Ollama does not answer."""
    theirs = _tags(url) if url else set()
    return [
        Supply(model, url, model.tag in theirs) if url and model.kind == "chat" else Supply(model, None, catalog.installed(model))
        for model in catalog.models()
    ]


def fetch_missing(url: str | None, stream: TextIO | None = None) -> None:
    """Fetches what is not there, with progress. Raises `WeightsError`."""
    for supply in supplies(url):
        if supply.present:
            continue
        if supply.ollama:
            _pull(supply.model, supply.ollama, stream or sys.stderr)
        else:
            fetch_all([supply.model], stream)


def _tags(url: str) -> set[str]:
    try:
        return {model.model or "" for model in ollama.Client(url, trust_env=False).list().models}
    except (httpx.HTTPError, ollama.ResponseError, ConnectionError) as problem:
        raise WeightsError(f"Ollama at {url} did not say which models it has: {problem}.", "Restart Ollama, or unset OLLAMA_HOST.") from problem


def _pull(model: Model, url: str, stream: TextIO) -> None:
    with Bar(model, stream) as bar:
        try:
            for step in ollama.Client(url, trust_env=False).pull(model.tag, stream=True):
                bar(step.completed or 0, step.total or model.bytes, f"{model.tag} (Ollama: {step.status})")
        except (httpx.HTTPError, ollama.ResponseError, ConnectionError) as problem:
            raise WeightsError(f"Ollama at {url} could not pull {model.tag}: {problem}.", f"Try it by hand: ollama pull {model.tag}") from problem
