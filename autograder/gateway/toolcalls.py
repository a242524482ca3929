"""Finds the tool calls a model wrote as text.

Small models often answer with a fenced JSON block, or bare JSON, where their template wants a `<tool_call>` tag.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

Call = dict[str, Any]
_FENCE = re.compile(r"```[a-zA-Z]*\s*\n?(.*?)```", re.DOTALL)
_TAG = re.compile(r"</?tool_call>|</?tools?>")
_OPENINGS = ("`", "{", "[", "<tool", "<|tool")


def may_be_call(text: str) -> bool:
    """Whether an answer that begins like this could still turn out to be a tool call."""
    start = text.lstrip()
    return not start or any(start.startswith(opening) or opening.startswith(start) for opening in _OPENINGS)


def read_calls(text: str, names: Iterable[str]) -> list[Call]:
    """All calls in `text` to tools called `names`; empty unless the text is nothing but calls, fences and tags."""
    known = set(names)
    plain = (
        _TAG.sub("\n", _FENCE.sub(lambda block: f"\n{block.group(1)}\n", text)).replace("```json", "").replace("```", "").strip()
    )
    calls: list[Call] = []
    while plain:
        try:
            value, end = json.JSONDecoder().raw_decode(plain)
        except ValueError:
            return []
        for item in value if isinstance(value, list) else [value]:
            call = _call(item, known)
            if call is None:
                return []
            calls.append(call)
        plain = plain[end:].lstrip(" \n\t,;")
    return calls


def _call(item: Any, known: set[str]) -> Call | None:
    if not isinstance(item, dict):
        return None
    inner = item["function"] if isinstance(item.get("function"), dict) else item
    name = inner.get("name")
    arguments = inner.get("arguments", inner.get("parameters", {}))
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            return None
    if name not in known or not isinstance(arguments, dict):
        return None
    return {"function": {"name": name, "arguments": arguments}}


class Assembler:
    """Puts tool calls together that the engine streams in pieces (OpenAI's `delta.tool_calls`)."""

    def __init__(self) -> None:
        self._pieces: dict[int, dict[str, str]] = {}

    def add(self, deltas: Iterable[dict[str, Any]]) -> None:
        for delta in deltas:
            piece = self._pieces.setdefault(int(delta.get("index", len(self._pieces))), {"name": "", "arguments": ""})
            function = delta.get("function") or {}
            piece["name"] += function.get("name") or ""
            piece["arguments"] += function.get("arguments") or ""

    def calls(self) -> list[Call]:
        """Complete calls; one whose arguments are not a JSON object (cut off by `num_predict`) is left out."""
        found = (
            _call({"name": p["name"], "arguments": p["arguments"] or "{}"}, {p["name"]}) for _, p in sorted(self._pieces.items())
        )
        return [call for call in found if call is not None]
