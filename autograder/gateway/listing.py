"""What models there are: `/api/tags`, `/api/show`, `/api/ps`, `/api/pull`, from the catalogue or from upstream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from . import bridge, catalog, embedder, gguf
from .desk import Desk
from .engine import Engine
from .errors import BadRequest, GatewayError, ModelNotAllowed, ModelNotFound
from .llama import LlamaBackend
from .protocol import NamedRequest, Record, timestamp
from .upstream import UpstreamBackend


async def tags(desk: Desk) -> dict[str, Any]:
    """Installed models; behind an upstream Ollama its models too."""
    if isinstance(desk.backend, UpstreamBackend):
        answer: dict[str, Any] = await desk.backend.call("GET", "/api/tags")
        named = {model.get("model") for model in answer.get("models") or []}
        own = [_row(model) for model in catalog.models() if model.kind == "embed" and catalog.installed(model)]
        return {"models": [*(answer.get("models") or []), *(row for row in own if row["model"] not in named)]}
    return {"models": [_row(model) for model in catalog.models() if catalog.installed(model)]}


async def show(desk: Desk, request: NamedRequest) -> dict[str, Any]:
    model = catalog.find(request.tag)
    local = model is not None and catalog.installed(model)
    if isinstance(desk.backend, UpstreamBackend) and not (local and model is not None and model.kind == "embed"):
        asked = {"model": request.tag, "verbose": bool(request.verbose)}
        answer: dict[str, Any] = await desk.backend.call("POST", "/api/show", asked)
        return answer
    if model is None or not local:
        raise ModelNotFound(request.tag)
    return await asyncio.to_thread(_description, model, verbose=bool(request.verbose))


async def ps(desk: Desk) -> dict[str, Any]:
    """Models in memory, most recently used first."""
    rows: list[dict[str, Any]] = []
    if isinstance(desk.backend, UpstreamBackend):
        rows = (await desk.backend.call("GET", "/api/ps")).get("models") or []
    elif isinstance(desk.backend, LlamaBackend):
        rows = _in_memory(desk.backend.engine)
    for one, until in embedder.running():
        rows.append(_row(one.model) | {"expires_at": timestamp(until), "size_vram": 0, "context_length": one.context_length})
    return {"models": rows}


def _in_memory(engine: Engine) -> list[dict[str, Any]]:
    return [
        _row(held.model)
        | {"size": held.size, "size_vram": 0, "expires_at": timestamp(held.expires_at), "context_length": held.context}
        for held in engine.running()
    ]


async def pull(desk: Desk, request: NamedRequest) -> AsyncGenerator[Record, None]:
    """Progress records, as Ollama's pull sends them; the last says success."""
    if not request.tag:
        raise BadRequest("missing field 'model'")
    if desk.allowed is not None and request.tag not in desk.allowed:
        raise ModelNotAllowed(request.tag, tuple(desk.allowed))
    if isinstance(desk.backend, UpstreamBackend):
        async for record in desk.backend.stream("/api/pull", {"model": request.tag, "stream": True}):
            yield record
        return
    model = catalog.find(request.tag)
    if model is None:
        raise BadRequest(
            "pull model manifest: file does not exist", f"'{request.tag}' is not in this gateway's catalogue: {_known()}."
        )
    yield {"status": "pulling manifest"}
    if not catalog.installed(model):
        async for record in bridge.stream(lambda channel: _fetch(model, channel)):
            yield record
    yield {"status": "verifying sha256 digest"}
    yield {"status": "success"}


def _fetch(model: catalog.Model, channel: bridge.Channel[Record]) -> None:
    from . import weights

    def progress(done: int, total: int, note: str) -> None:
        status = f"pulling {model.digest[:12]}"
        if not channel.put({"status": status, "digest": f"sha256:{model.digest}", "total": total, "completed": done}):
            raise GatewayError("the client went away while a model was being fetched")

    weights.fetch(model, progress)


def _known() -> str:
    return ", ".join(model.tag for model in catalog.models())


def _details(model: catalog.Model) -> dict[str, Any]:
    return {
        "parent_model": "",
        "format": "gguf" if model.kind == "chat" else "safetensors",
        "family": model.family,
        "families": [model.family],
        "parameter_size": model.parameter_size,
        "quantization_level": model.quantization,
    }


def _row(model: catalog.Model) -> dict[str, Any]:
    name = model.tag if ":" in model.tag else f"{model.tag}:latest"
    path = catalog.path(model)
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else datetime.now(UTC)
    return {
        "name": name,
        "model": name,
        "modified_at": timestamp(modified),
        "size": model.bytes,
        "digest": model.digest,
        "details": _details(model),
    }


def _description(model: catalog.Model, *, verbose: bool) -> dict[str, Any]:
    """As Ollama describes a model; `verbose` with its vocabulary and merges, which are null otherwise."""
    facts: dict[str, Any] = {"general.architecture": model.family}
    template = ""
    if model.kind == "chat":
        path = catalog.path(model)
        found = gguf.everything(path) if verbose else gguf.metadata(path)
        facts = {key: value for key, value in found.items() if not key.startswith("tokenizer.chat_template")}
        template = str(found.get("tokenizer.chat_template") or "")
    return {
        "modelfile": f"FROM {model.file}\n",
        "parameters": "",
        "template": template,
        "license": model.license,
        "details": _details(model),
        "model_info": facts,
        "capabilities": ["completion", "tools"] if model.kind == "chat" else ["embedding"],
        "modified_at": _row(model)["modified_at"],
    }
