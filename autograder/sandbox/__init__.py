"""Where a learner's kernel runs: no network but the model server, nothing to read but what it is given, and an end to everything."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conformance import self_check
    from .errors import SandboxError, SandboxUnavailable
    from .isolation import Isolation, available
    from .limits import Limits
    from .manager import SandboxKernelManager
    from .outcome import Ended, Outcome
    from .spec import SandboxSpec

_HOMES = {
    "Ended": "outcome",
    "Isolation": "isolation",
    "Limits": "limits",
    "Outcome": "outcome",
    "SandboxError": "errors",
    "SandboxKernelManager": "manager",
    "SandboxSpec": "spec",
    "SandboxUnavailable": "errors",
    "available": "isolation",
    "self_check": "conformance",
}

__all__ = [
    "Ended",
    "Isolation",
    "Limits",
    "Outcome",
    "SandboxError",
    "SandboxKernelManager",
    "SandboxSpec",
    "SandboxUnavailable",
    "available",
    "self_check",
]


def __getattr__(name: str) -> Any:
    """Loads on first use: rubrics need only `Limits`, without jupyter_client behind it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
