"""Observers: each drives one exercise's function and says, as plain JSON, what it did. They hold no right answers."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

Observer = Callable[[SimpleNamespace, Any], Any]


def find(exercise: str, name: str) -> Observer:
    """The observer `name` for an exercise such as "1.1-retry", from the module of its notebook."""
    notebook = exercise.partition("-")[0].replace(".", "_")
    module = importlib.import_module(f"{__name__}.n{notebook}")
    return cast(Observer, getattr(module, name))
