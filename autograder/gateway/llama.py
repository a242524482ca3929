"""The embedded backend: Ollama's dialect on one side, llama.cpp's on the other."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from typing import Any

import httpx

from . import bridge, catalog
from .backend import Ask
from .engine import Engine, Lease, Loaded, shared
from .errors import BadRequest, EngineFailed, ModelNotFound
from .protocol import DEFAULTS, ChatRequest, GenerateRequest, Json, Message, Record, final, fragment, keep_alive
from .toolcalls import Assembler, may_be_call, read_calls
from .window import fit, too_long

_FILL_IN_MIDDLE = {"qwen2": "<|fim_prefix|>{prompt}<|fim_suffix|>{suffix}<|fim_middle|>"}


class LlamaBackend:
    """Answers `/api/chat` and `/api/generate` from the shared engine."""

    name = "llama"

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine or shared()

    async def answer(self, ask: Ask, *, live: bool) -> AsyncGenerator[Record, None]:
        model = find(ask.tag)
        check_common(model, ask.request)
        work = self._preload if ask.empty else self._run
        job = partial(Job, ask.endpoint, model, ask.request)
        records: AsyncGenerator[Record, None] = bridge.stream(lambda channel: work(job(channel)))
        async with aclosing(records):
            async for record in records:
                yield record

    def _preload(self, job: Job) -> None:
        """An empty request loads the model, or unloads it when `keep_alive` is 0."""
        wish = keep_alive(job.request.keep_alive)
        if wish == timedelta(0):
            self.engine.unload(job.model.digest)
            job.channel.put(final(job.endpoint, job.name, "unload"))
            return
        with self.engine.lease(job.model, num_ctx=job.request.chosen.num_ctx, keep_alive=wish):
            job.channel.put(final(job.endpoint, job.name, "load"))

    def _run(self, job: Job) -> None:
        request = job.request
        with self.engine.lease(job.model, num_ctx=request.chosen.num_ctx, keep_alive=keep_alive(request.keep_alive)) as lease:
            if not job.channel.gone:
                job.run(lease)


@dataclass
class Job:
    """One request on its way through the engine; runs in a thread of its own."""

    endpoint: str
    model: catalog.Model
    request: ChatRequest | GenerateRequest
    channel: bridge.Channel[Record]
    began: int = field(default_factory=time.perf_counter_ns)
    tools: Assembler = field(default_factory=Assembler)
    held: str = ""
    holding: bool = False
    finished: bool = False
    load_ns: int = 0

    @property
    def name(self) -> str:
        return self.request.model

    def run(self, lease: Lease) -> None:
        self.load_ns = lease.load_ns
        body, chat = self._body(lease.loaded)
        self.holding = chat and "tools" in body
        handle = lease.loaded.server.handle_chat_completions if chat else lease.loaded.server.handle_completions
        try:
            handle(body, self._on_chunk)
        except ValueError as error:  # the engine refuses the request before it starts
            raise BadRequest(_refusal(str(error), self.request)) from error
        if not self.finished and not self.channel.gone:
            raise EngineFailed("llama.cpp ended the answer without a final record.", "Ask again.")

    def _body(self, loaded: Loaded) -> tuple[dict[str, Json], bool]:
        """The request in llama.cpp's terms, and whether it is a chat."""
        body = _sampling(self.request)
        window = min(self.request.chosen.num_ctx or loaded.context, loaded.context)
        prompt = _raw_prompt(self.model, self.request)
        if prompt is not None:
            tokens = count_text(loaded, prompt) if len(prompt.encode()) + 1 >= window else 0
            if tokens >= window:
                raise too_long(tokens, window)
            body["prompt"] = prompt
        else:
            messages = _messages(self.request)
            if isinstance(self.request, ChatRequest) and self.request.tools:
                body["tools"] = self.request.tools
            tokens = 0
            if window < loaded.context or _may_exceed(messages, body, window):
                messages, tokens = fit(messages, window, lambda some: count_chat(loaded, some, body.get("tools")))
            body["messages"] = messages
        if window < loaded.context:
            room = window - tokens
            body["max_tokens"] = room if body["max_tokens"] < 0 else min(body["max_tokens"], room)
        return body, prompt is None

    def _on_chunk(self, chunk: dict[str, Any]) -> bool:
        """Called by the engine for each piece; True stops the generation."""
        if "error" in chunk:
            error = chunk["error"]
            kind = BadRequest if error.get("code") == 400 else EngineFailed
            self.finished = True
            self.channel.fail(kind(str(error.get("message", "llama.cpp failed"))))
            return True
        if "prompt_progress" in chunk:
            return self.channel.gone
        for record in self._records(chunk):
            if not self.channel.put(record):
                return True
        return self.channel.gone

    def _records(self, chunk: dict[str, Any]) -> Iterator[Record]:
        choice = chunk["choices"][0]
        delta = choice.get("delta") or {}
        text = delta.get("content") or choice.get("text") or ""
        self.tools.add(delta.get("tool_calls") or [])
        if text:
            logprobs = _logprobs(choice) if self.request.logprobs else None
            if self.holding:
                self.held += text
                self.holding = may_be_call(self.held) and not logprobs
                if not self.holding:
                    yield fragment(self.endpoint, self.name, content=self.held, logprobs=logprobs)
            else:
                yield fragment(self.endpoint, self.name, content=text, logprobs=logprobs)
        if choice.get("finish_reason"):
            yield from self._end(choice["finish_reason"], chunk.get("timings") or {})

    def _end(self, reason: str, timings: dict[str, Any]) -> Iterator[Record]:
        self.finished = True
        calls = self.tools.calls()
        if self.holding and self.held:
            written = read_calls(self.held, _tool_names(self.request))
            calls += written
            if not written:
                yield fragment(self.endpoint, self.name, content=self.held)
        if calls:
            yield fragment(self.endpoint, self.name, tool_calls=calls)
        yield final(self.endpoint, self.name, "length" if reason == "length" else "stop", self._figures(timings))

    def _figures(self, timings: dict[str, Any]) -> dict[str, int]:
        return {
            "total_duration": time.perf_counter_ns() - self.began,
            "load_duration": self.load_ns,
            "prompt_eval_count": int(timings.get("prompt_n", 0) + timings.get("cache_n", 0)),
            "prompt_eval_duration": int(timings.get("prompt_ms", 0) * 1e6),
            "eval_count": int(timings.get("predicted_n", 0)),
            "eval_duration": int(timings.get("predicted_ms", 0) * 1e6),
        }


def find(tag: str) -> catalog.Model:
    """The chat model of this name, installed."""
    model = catalog.find(tag)
    if model is None or not catalog.installed(model):
        raise ModelNotFound(tag)
    if model.kind != "chat":
        raise BadRequest(f'"{tag}" does not support chat')
    return model


def check_common(model: catalog.Model, request: ChatRequest | GenerateRequest) -> None:
    """Refuse what no model here can do, before anything is loaded."""
    images = request.images if isinstance(request, GenerateRequest) else [i for m in request.messages or [] for i in m.images or []]
    if images:
        raise BadRequest(f"model '{model.tag}' does not support images.", "Send text only.")
    if request.think:
        raise BadRequest(f'"{model.tag}" does not support thinking')
    if isinstance(request.format, str) and request.format not in ("", "json"):
        raise BadRequest(f'invalid format: "{request.format}"; expected "json" or a JSON schema')
    if isinstance(request, GenerateRequest):
        if request.template:
            raise BadRequest("field 'template' is not supported here.", "Send raw=true and a prompt that is already formatted.")
        if request.context:
            raise BadRequest("field 'context' is deprecated and not supported here.", "Use /api/chat with messages.")
        if request.suffix and model.family not in _FILL_IN_MIDDLE:
            raise BadRequest(f"{model.tag} does not support insert")


def _raw_prompt(model: catalog.Model, request: ChatRequest | GenerateRequest) -> str | None:
    """The prompt when no chat template applies: `raw`, or fill-in-the-middle with a `suffix`."""
    if isinstance(request, ChatRequest):
        return None
    if request.suffix and not request.raw:
        return _FILL_IN_MIDDLE[model.family].format(prompt=request.prompt or "", suffix=request.suffix)
    return request.prompt or "" if request.raw else None


def _messages(request: ChatRequest | GenerateRequest) -> list[dict[str, Any]]:
    if isinstance(request, ChatRequest):
        return [_message(message, number) for number, message in enumerate(request.messages or [])]
    system = [{"role": "system", "content": request.system}] if request.system else []
    return [*system, {"role": "user", "content": request.prompt or ""}]


def _message(message: Message, number: int) -> dict[str, Any]:
    out: dict[str, Any] = {"role": message.role, "content": message.content or ""}
    if message.tool_calls:
        out["tool_calls"] = [
            {
                "id": call.id or f"call_{number}_{i}",
                "type": "function",
                "function": {"name": call.function.name, "arguments": json.dumps(call.function.arguments)},
            }
            for i, call in enumerate(message.tool_calls)
        ]
    if message.role == "tool":
        out["tool_call_id"] = message.tool_call_id or message.tool_name or "call"
        if message.tool_name:
            out["name"] = message.tool_name
    return out


def _sampling(request: ChatRequest | GenerateRequest) -> dict[str, Json]:
    options = {**DEFAULTS, **request.chosen.model_dump(exclude_none=True, exclude={"num_ctx"})}
    limit = options.pop("num_predict")
    if options["seed"] < 0:
        del options["seed"]
    body: dict[str, Json] = {**options, "max_tokens": max(limit, -1), "stream": True, "cache_prompt": True, "return_progress": True}
    if request.logprobs:
        body |= {"logprobs": True, "top_logprobs": request.top_logprobs or 0, "n_probs": max(request.top_logprobs or 0, 1)}
    if request.format == "json":
        body["response_format"] = {"type": "json_object"}
    elif isinstance(request.format, dict):
        body["json_schema"] = request.format
    return body


def _refusal(message: str, request: ChatRequest | GenerateRequest) -> str:
    if isinstance(request.format, dict):
        return f"field 'format': llama.cpp cannot turn this JSON schema into a grammar: {message.split('JSON schema error ')[-1].strip()}"
    return message.strip()


def _logprobs(choice: dict[str, Any]) -> list[Record]:
    content = (choice.get("logprobs") or {}).get("content") or []
    return [_logprob(item) | {"top_logprobs": [_logprob(other) for other in item.get("top_logprobs") or []]} for item in content]


def _logprob(item: dict[str, Any]) -> Record:
    return {"token": item["token"], "logprob": item["logprob"], "bytes": item.get("bytes")}


def _tool_names(request: ChatRequest | GenerateRequest) -> list[str]:
    tools = request.tools if isinstance(request, ChatRequest) else None
    return [str((tool.get("function") or {}).get("name")) for tool in tools or []]


def _may_exceed(messages: list[dict[str, Any]], body: dict[str, Json], window: int) -> bool:
    """A token takes at least one byte, template tokens aside: short prompts need not be counted."""
    return len(json.dumps([messages, body.get("tools")])) + 64 >= window


def count_text(loaded: Loaded, text: str) -> int:
    """Tokens in `text`, special tokens read as such."""
    return len(_post(loaded, "/tokenize", {"content": text, "parse_special": True})["tokens"])


def count_chat(loaded: Loaded, messages: list[dict[str, Any]], tools: Json) -> int:
    """Tokens of a chat once its template is applied."""
    body = {"messages": messages} | ({"tools": tools} if tools else {})
    return count_text(loaded, str(_post(loaded, "/apply-template", body)["prompt"]))


def _post(loaded: Loaded, path: str, body: Json) -> dict[str, Any]:
    answer = _client().post(loaded.address + path, json=body, headers={"Authorization": f"Bearer {loaded.key}"})
    if answer.status_code != 200:
        raise BadRequest(str(answer.json().get("error", {}).get("message", answer.text)))
    value: dict[str, Any] = answer.json()
    return value


@cache
def _client() -> httpx.Client:
    return httpx.Client(timeout=60, trust_env=False)
