"""Ollama's protocol: what comes in, what goes out, and what a bad request is told.

Field names and defaults are those of Ollama's `api/types.go`; unknown fields and unknown options are ignored, as Ollama does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from .errors import BadRequest

Json = Any
Record = dict[str, Any]
"""One line of an answer: a fragment (`done` false) or the final record (`done` true, with counts and durations)."""

VERSION = "0.13.0"
"""The Ollama release whose protocol this is; `/api/version` reports it."""

FOREVER = timedelta(days=365 * 100)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Int = Annotated[int, BeforeValidator(_whole)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class Options(_Part):
    """Sampling and context options; None means Ollama's default (`DEFAULTS`)."""

    temperature: float | None = Field(default=None, ge=0)
    top_p: float | None = Field(default=None, ge=0, le=1)
    top_k: Int | None = None
    min_p: float | None = Field(default=None, ge=0, le=1)
    typical_p: float | None = Field(default=None, ge=0, le=1)
    seed: Int | None = None
    num_predict: Int | None = None
    num_ctx: Int | None = Field(default=None, ge=1)
    stop: list[str] | None = None
    repeat_penalty: float | None = Field(default=None, ge=0)
    repeat_last_n: Int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None


DEFAULTS: Mapping[str, Json] = {
    "temperature": 0.8,
    "top_p": 0.9,
    "top_k": 40,
    "min_p": 0.0,
    "typical_p": 1.0,
    "seed": -1,
    "num_predict": -1,
    "repeat_penalty": 1.1,
    "repeat_last_n": 64,
    "presence_penalty": 0.0,
    "frequency_penalty": 0.0,
}
"""Ollama's own defaults (`api.DefaultOptions`); llama.cpp's differ, so they are always sent."""


class Function(_Part):
    name: str
    arguments: dict[str, Json] = Field(default_factory=dict)


class ToolCall(_Part):
    id: str | None = None
    function: Function


class Message(_Part):
    role: Literal["system", "user", "assistant", "tool"]
    content: str | None = None
    thinking: str | None = None
    images: list[Json] | None = None
    tool_calls: list[ToolCall] | None = None
    tool_name: str | None = None
    tool_call_id: str | None = None


class _Request(_Part):
    model: str = Field(min_length=1)
    keep_alive: int | float | str | None = None
    options: Options | None = None

    @property
    def chosen(self) -> Options:
        return self.options or Options()


class _Generating(_Request):
    stream: bool | None = None
    format: str | dict[str, Json] | None = None
    think: bool | str | None = None
    logprobs: bool | None = None
    top_logprobs: Int | None = Field(default=None, ge=0, le=20)

    @property
    def streams(self) -> bool:
        return self.stream is not False


class ChatRequest(_Generating):
    messages: list[Message] | None = None
    tools: list[dict[str, Json]] | None = None


class GenerateRequest(_Generating):
    prompt: str | None = None
    suffix: str | None = None
    system: str | None = None
    template: str | None = None
    context: list[int] | None = None
    raw: bool | None = None
    images: list[Json] | None = None


class EmbedRequest(_Request):
    input: str | list[str]
    truncate: bool | None = None
    dimensions: Int | None = Field(default=None, ge=1)

    @property
    def texts(self) -> list[str]:
        return [self.input] if isinstance(self.input, str) else self.input


class EmbeddingsRequest(_Request):
    prompt: str | None = None


class NamedRequest(_Part):
    """`/api/show` and `/api/pull`; `name` is the older spelling of `model`. `verbose` asks for the whole vocabulary."""

    model: str | None = None
    name: str | None = None
    stream: bool | None = None
    verbose: bool | None = None

    @property
    def tag(self) -> str:
        return self.model or self.name or ""


R = TypeVar("R", bound=BaseModel)


def parse(kind: type[R], body: Json) -> R:
    """Validate a decoded body, or raise `BadRequest` that names the first field at fault."""
    if not isinstance(body, dict):
        raise BadRequest("request body must be a JSON object")
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        raise BadRequest(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    path = [
        str(part) for part in first["loc"] if not re.fullmatch(r"(str|int|float|bool|list\[.*\]|dict\[.*\]|function-.*)", str(part))
    ]
    name = ".".join(path)
    if first["type"] == "missing":
        return f"missing field '{name}'"
    if path[:1] == ["options"] and len(path) > 1:
        return f'option "{path[1]}": {_reason(first["msg"])}'
    return f"field '{name}': {_reason(first['msg'])}"


def _reason(message: str) -> str:
    return re.sub(r"^(Input|Value error, )\s*", "", message)


def keep_alive(value: float | str | None) -> timedelta | None:
    """Ollama's `keep_alive`: seconds as a number, or a Go duration such as "5m" or "1h30m"; negative means forever; None when unset."""
    if value is None or value == "":
        return None
    seconds = _duration(value) if isinstance(value, str) else float(value)
    return FOREVER if seconds < 0 else min(timedelta(seconds=min(seconds, FOREVER.total_seconds())), FOREVER)


_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def _duration(text: str) -> float:
    sign, digits = (-1.0, text[1:]) if text.startswith("-") else (1.0, text)
    if re.fullmatch(r"\d+(\.\d+)?", digits):
        return sign * float(digits)
    parts = re.findall(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)", digits)
    if not parts or "".join(number + unit for number, unit in parts) != digits:
        raise BadRequest(f"field 'keep_alive': invalid duration {text!r} (write seconds, or a duration such as \"5m\")")
    return sign * sum(float(number) * _UNITS[unit] for number, unit in parts)


def timestamp(moment: datetime | None = None) -> str:
    """RFC 3339 in UTC, as Ollama writes `created_at`."""
    return (moment or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def fragment(endpoint: str, model: str, **content: Json) -> Record:
    """A streamed piece of a chat (`content`, `tool_calls`, ...) or of a generation (`content` becomes `response`)."""
    record: Record = {"model": model, "created_at": timestamp()}
    logprobs = content.pop("logprobs", None)
    text = content.pop("content", "")
    if endpoint == "chat":
        record["message"] = {"role": "assistant", "content": text, **content}
    else:
        record |= {"response": text, **content}
    record["done"] = False
    if logprobs:
        record["logprobs"] = logprobs
    return record


def final(endpoint: str, model: str, reason: str, figures: Mapping[str, int] | None = None) -> Record:
    """The last record: `reason` is stop, length, load or unload; figures are Ollama's counts, and durations in nanoseconds."""
    return fragment(endpoint, model) | {"done": True, "done_reason": reason} | dict(figures or {})


def merged(endpoint: str, records: Iterable[Record]) -> Record:
    """One record that says what a stream of records said."""
    text: list[str] = []
    extras: dict[str, list[Json]] = {}
    thinking: list[str] = []
    last: Record = {}
    for record in records:
        last = record
        inner = record.get("message") or {} if endpoint == "chat" else record
        text.append(inner.get("content" if endpoint == "chat" else "response") or "")
        thinking.append(inner.get("thinking") or "")
        extras.setdefault("tool_calls", []).extend(inner.get("tool_calls") or [])
        extras.setdefault("logprobs", []).extend(record.get("logprobs") or [])
    whole = {**last}
    holder = whole
    if endpoint == "chat":
        holder = whole["message"] = {"role": "assistant", **(last.get("message") or {})}
    holder["content" if endpoint == "chat" else "response"] = "".join(text)
    for name, value in (("thinking", "".join(thinking)), ("tool_calls", extras.get("tool_calls"))):
        if value:
            holder[name] = value
    if extras.get("logprobs"):
        whole["logprobs"] = extras["logprobs"]
    return whole
