"""Turning what learner code returns into plain JSON, strictly: exact types, nothing that could pretend."""

from __future__ import annotations

import dataclasses
import math
from typing import Any


class NotPlain(TypeError):
    """A value that has no plain JSON form."""


def plain(value: Any, depth: int = 0) -> Any:
    """None, bool, int, float, str, list and dict as they are; tuples, numpy values, pydantic models and dataclasses converted.

    A float that JSON cannot hold becomes {"$float": "nan"}. Subclasses are not trusted: only exact types pass.
    """
    if depth > 24:
        raise NotPlain("nested more than 24 levels deep")
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"$float": repr(value)}
    if kind in (list, tuple):
        return [plain(item, depth + 1) for item in value]
    if kind is dict:
        return {key_of(key): plain(item, depth + 1) for key, item in value.items()}
    return plain(converted(value), depth + 1)


def key_of(key: Any) -> str:
    if type(key) is not str:
        raise NotPlain(f"a dictionary key of type {type(key).__name__}; keys are strings here")
    return key


def converted(value: Any) -> Any:
    module = type(value).__module__.partition(".")[0]
    if module == "numpy" and hasattr(value, "tolist"):
        return value.tolist()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if hasattr(type(value), "model_dump") and hasattr(type(value), "model_fields"):
        return type(value).model_dump(value, mode="json")
    raise NotPlain(f"a value of type {type(value).__name__}, where numbers, text, lists and dictionaries are expected")
