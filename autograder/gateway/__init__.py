"""The gateway: Ollama's HTTP protocol, with any model behind it.

How the room is laid out, from the door inwards:

- `server`    a `Gateway`: uvicorn in a thread, on a TCP port, a Unix socket or both; `command` is `autograder serve`
- `app`       the routes; `desk` takes one request through budget, cassette, backend and ledger; `requests` reads it, `replies` writes it out
- `openai`    the dialect of `/v1` in terms of Ollama's own; `openai_routes` serves it
- `protocol`  Ollama's requests as pydantic models, its records and its error bodies; `errors` every refusal with its status
- `resolve`   who answers: `OLLAMA_HOST`, an `ollama` on PATH, or the embedded engine
- `engine`    models in memory: loading, leases, eviction, keep_alive; `llama` speaks Ollama's dialect to llama.cpp;
              `window` keeps a chat inside `num_ctx`; `toolcalls` reads calls a model wrote as text; `gguf` reads headers
- `embedder`  MiniLM through sentence-transformers; `vectors` keeps what was computed, by content hash
- `upstream`  proxies a real Ollama; `doubles` are scripted and faulty models that need no weights
- `cassette`  recordings: how a request becomes a key, and replay; `spotcheck` re-asks a few to see whether they still hold
- `ledger`    who asked what, with tokens and seconds; `budget` the limits on it
- `catalog`   the pinned models; `weights` and `pull` fetch them

Nothing here knows of courses, submissions or grades. Names below are loaded on first use: importing the package is free.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .budget import Budget
    from .cassette import Cassette, CassetteMode
    from .ledger import Call, Ledger
    from .server import Gateway
    from .spotcheck import Drifted, Held, spot_check, verify

_HOME = {
    "Budget": "budget",
    "Call": "ledger",
    "Cassette": "cassette",
    "CassetteMode": "cassette",
    "Drifted": "spotcheck",
    "Gateway": "server",
    "Held": "spotcheck",
    "Ledger": "ledger",
    "spot_check": "spotcheck",
    "verify": "spotcheck",
}

__all__ = ["Budget", "Call", "Cassette", "CassetteMode", "Drifted", "Gateway", "Held", "Ledger", "spot_check", "verify"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module 'autograder.gateway' has no attribute {name!r}")
