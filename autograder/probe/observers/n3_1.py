"""Observers for notebook 3.1: spans to keep whole, cuts, and the chunks of a document with what is known about them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace as Namespace
from typing import Any

from ..refusal import refusable

Json = Any


def protect(learner: Namespace, inputs: Json) -> Json:
    """The spans of one text."""
    return [list(span) for span in learner.protect(inputs["text"])]


def cut(learner: Namespace, inputs: Json) -> Json:
    """The chunks of one text as [start, end]."""
    spans = [tuple(span) for span in inputs["protected"]]
    return refusable(lambda: [list(span) for span in learner.cut(inputs["text"], inputs["limit"], inputs["overlap"], spans)])


def windows(size: int, step: int) -> Callable[[str], list[tuple[int, int]]]:
    """A plain way to cut, which is handed to the learner's code: `size` characters from every `step`th place on."""
    return lambda text: [(start, min(start + size, len(text))) for start in range(0, len(text), step)]


def records(learner: Namespace, inputs: Json) -> Json:
    """The records of each of some texts of one document."""
    way = windows(inputs["size"], inputs["step"])
    return [[dict(one) for one in learner.records(inputs["document"], text, way)] for text in inputs["texts"]]
