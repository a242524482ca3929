"""What every backend is asked and what it gives back."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Protocol

from .protocol import ChatRequest, GenerateRequest, Record


@dataclass(frozen=True, slots=True)
class Ask:
    """One chat or generate request: validated, and as it came in (`body`). `digest` identifies the model, `key` the request."""

    endpoint: str
    request: ChatRequest | GenerateRequest
    body: dict[str, Any]
    digest: str
    key: str

    @property
    def tag(self) -> str:
        return self.request.model

    @property
    def empty(self) -> bool:
        """Nothing to answer: the client only wants the model loaded (or, with `keep_alive` 0, unloaded)."""
        if isinstance(self.request, ChatRequest):
            return not self.request.messages
        return not self.request.prompt and not self.request.suffix


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors (n texts x d floats, unit length) and the number of tokens read."""

    vectors: list[list[float]]
    tokens: int


class Backend(Protocol):
    """Somebody who can answer: llama.cpp in this process, a real Ollama, a double."""

    name: str

    def answer(self, ask: Ask, *, live: bool) -> AsyncGenerator[Record, None]:
        """Fragments, then a final record; refusals are raised as `GatewayError` before the first of them.
        `live` asks for an answer that is computed now, if somebody behind this backend keeps recordings."""
        ...
