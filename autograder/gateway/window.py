"""Keeps a chat inside its context window, the way Ollama does: the oldest messages go first.

System messages and the last message always stay. A last message that alone is too long is refused, where Ollama would cut
it in the middle without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .errors import BadRequest

Messages = list[dict[str, Any]]


def too_long(tokens: int, window: int) -> BadRequest:
    return BadRequest(
        f"the prompt is {tokens} tokens long, but the context window holds {window}.",
        "Send less, or raise the option num_ctx.",
    )


def fit(messages: Messages, window: int, count: Callable[[Messages], int]) -> tuple[Messages, int]:
    """The messages that fit into `window` tokens (one is left for the answer) and their length in tokens."""
    kept = list(messages)
    while (tokens := count(kept)) >= window:
        oldest = next((i for i, message in enumerate(kept[:-1]) if message["role"] != "system"), None)
        if oldest is None:
            raise too_long(tokens, window)
        del kept[oldest]
        while len(kept) > 1 and oldest < len(kept) - 1 and kept[oldest]["role"] == "tool":
            del kept[oldest]
    return kept, tokens
