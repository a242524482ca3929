"""Comparing and showing what a learner's code computed."""

from __future__ import annotations

from ..verdict import Json

CLOSE = 1e-6


def close(got: Json, wanted: float, tolerance: float = CLOSE) -> bool:
    """Whether `got` is a real number next to `wanted`; NaN arrives as an object and is none."""
    return isinstance(got, int | float) and not isinstance(got, bool) and abs(got - wanted) <= tolerance


def figure(value: Json) -> str:
    """A number to four digits; NaN and infinity, which JSON cannot hold, by their names."""
    if isinstance(value, dict) and set(value) == {"$float"}:
        return str(value["$float"])
    return f"{value:.4g}" if isinstance(value, int | float) else str(value)
