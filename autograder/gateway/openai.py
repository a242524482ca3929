"""The OpenAI dialect that Ollama, vLLM and TGI share, in terms of Ollama's own: requests one way, records the other.

As in Ollama's `/v1`: unknown fields are ignored, `temperature` and `top_p` are 1 unless given, tool arguments travel as JSON text.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from .errors import BadRequest, GatewayError
from .protocol import Json, Record

ERROR_TYPES = {400: "invalid_request_error", 404: "not_found_error", 429: "rate_limit_error"}
PLAIN_OPTIONS = ("seed", "frequency_penalty", "presence_penalty")


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class StreamOptions(_Part):
    include_usage: bool = False


class ResponseFormat(_Part):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: dict[str, Json] | None = None


class Completion(_Part):
    """The body of `POST /v1/chat/completions`."""

    model: str = Field(min_length=1)
    messages: list[dict[str, Json]] = Field(min_length=1)
    stream: bool = False
    stream_options: StreamOptions | None = None
    temperature: float | int | None = None
    top_p: float | int | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    stop: str | list[str] | None = None
    seed: int | None = None
    frequency_penalty: float | int | None = None
    presence_penalty: float | int | None = None
    response_format: ResponseFormat | None = None
    tools: list[dict[str, Json]] | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None

    def as_chat(self) -> dict[str, Json]:
        """The same request as a body for `/api/chat`."""
        body: dict[str, Json] = {"model": self.model, "messages": [message(one) for one in self.messages], "stream": self.stream}
        body["options"] = self._options()
        if self.response_format is not None and self.response_format.type == "json_object":
            body["format"] = "json"
        elif self.response_format is not None and self.response_format.type == "json_schema":
            body["format"] = (self.response_format.json_schema or {}).get("schema") or {}
        given = {"tools": self.tools, "logprobs": self.logprobs, "top_logprobs": self.top_logprobs}
        return body | {name: value for name, value in given.items() if value is not None}

    def _options(self) -> dict[str, Json]:
        options: dict[str, Json] = {"temperature": 1.0 if self.temperature is None else self.temperature}
        options["top_p"] = 1.0 if self.top_p is None else self.top_p
        limit = self.max_tokens if self.max_completion_tokens is None else self.max_completion_tokens
        if limit is not None:
            options["num_predict"] = limit
        if self.stop is not None:
            options["stop"] = [self.stop] if isinstance(self.stop, str) else self.stop
        return options | {name: getattr(self, name) for name in PLAIN_OPTIONS if getattr(self, name) is not None}


class Embeddings(_Part):
    """The body of `POST /v1/embeddings`."""

    model: str = Field(min_length=1)
    input: str | list[str]
    dimensions: int | None = None
    encoding_format: Literal["float", "base64"] = "float"

    def as_embed(self) -> dict[str, Json]:
        return {"model": self.model, "input": self.input} | ({"dimensions": self.dimensions} if self.dimensions else {})


def message(given: Mapping[str, Json]) -> dict[str, Json]:
    """One message in Ollama's terms: text parts joined, tool arguments parsed."""
    out: dict[str, Json] = {"role": "system" if given.get("role") == "developer" else given.get("role"), "content": _text(given.get("content"))}
    if given.get("tool_call_id"):
        out["tool_call_id"] = given["tool_call_id"]
    if given.get("tool_calls"):
        out["tool_calls"] = [_call(one) for one in given["tool_calls"]]
    return out


def _text(content: Json) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, list) and all(isinstance(part, dict) and part.get("type") == "text" for part in content):
        return "".join(str(part.get("text", "")) for part in content)
    raise BadRequest("field 'messages': content must be text or a list of text parts", "Images are not supported here.")


def _call(given: Json) -> dict[str, Json]:
    try:
        return {"id": given.get("id"), "function": {"name": given["function"]["name"], "arguments": json.loads(given["function"]["arguments"] or "{}")}}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadRequest("field 'messages': tool_calls must have a function with a name and its arguments as JSON text") from None


class Reply:
    """One answer on its way out: turns Ollama's records into a completion, or into chunks of one."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.id = f"chatcmpl-{secrets.token_hex(4)}"
        self.created = int(time.time())
        self.called = False

    def _frame(self, kind: str) -> dict[str, Json]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model, "system_fingerprint": "fp_ollama"}

    def whole(self, record: Record) -> dict[str, Json]:
        """The completion for one merged record."""
        message = self._delta(record)
        choice = {"index": 0, "message": message, "finish_reason": self._finish(record)}
        return self._frame("chat.completion") | {"choices": [choice | _logprobs(record)], "usage": usage(record)}

    def chunk(self, record: Record) -> dict[str, Json]:
        """The chunk for one streamed record."""
        choice = {"index": 0, "delta": self._delta(record), "finish_reason": self._finish(record) if record["done"] else None}
        return self._frame("chat.completion.chunk") | {"choices": [choice | _logprobs(record)]}

    def last(self, record: Record) -> dict[str, Json]:
        """The chunk with the usage, for clients that asked for it."""
        return self._frame("chat.completion.chunk") | {"choices": [], "usage": usage(record)}

    def _delta(self, record: Record) -> dict[str, Json]:
        inner = record.get("message") or {}
        out: dict[str, Json] = {"role": "assistant", "content": inner.get("content") or ""}
        if inner.get("tool_calls"):
            self.called = True
            out["tool_calls"] = [
                {
                    "id": call.get("id") or f"call_{secrets.token_hex(4)}",
                    "index": number,
                    "type": "function",
                    "function": {"name": call["function"]["name"], "arguments": json.dumps(call["function"]["arguments"])},
                }
                for number, call in enumerate(inner["tool_calls"])
            ]
        return out

    def _finish(self, record: Record) -> str:
        return "tool_calls" if self.called else str(record.get("done_reason") or "stop")


def _logprobs(record: Record) -> dict[str, Json]:
    return {"logprobs": {"content": record["logprobs"]}} if record.get("logprobs") else {}


def usage(record: Record) -> dict[str, int]:
    prompt, completion = int(record.get("prompt_eval_count") or 0), int(record.get("eval_count") or 0)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def embeddings(asked: Embeddings, vectors: list[list[float]], tokens: int) -> dict[str, Json]:
    """The answer of `/v1/embeddings`; base64 is of little-endian float32."""
    as_text = asked.encoding_format == "base64"
    rows = [base64.b64encode(np.asarray(v, dtype="<f4").tobytes()).decode("ascii") if as_text else v for v in vectors]
    data = [{"object": "embedding", "embedding": row, "index": number} for number, row in enumerate(rows)]
    return {"object": "list", "data": data, "model": asked.model, "usage": {"prompt_tokens": tokens, "total_tokens": tokens}}


def error_body(error: GatewayError) -> dict[str, Json]:
    kind = ERROR_TYPES.get(error.status, "api_error")
    return {"error": {"message": str(error), "type": kind, "param": None, "code": None}}
