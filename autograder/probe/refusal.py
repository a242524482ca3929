"""A ValueError that a contract asks for is an observation like any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def refusable(call: Callable[[], Any]) -> dict[str, Any]:
    """{"value": what the call returned}, or {"refused": the words of its ValueError}."""
    try:
        return {"value": call()}
    except ValueError as error:
        return {"refused": str(error)}
