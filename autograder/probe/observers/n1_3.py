"""Observers for notebook 1.3: registries to load, templates to render, versions to choose, schemas to compare."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace as Namespace
from typing import Any

from ..refusal import refusable

Json = Any


def lock(learner: Namespace, inputs: Json) -> Json:
    """What `load` makes of a registry's files."""
    return refusable(lambda: learner.load(inputs["files"], inputs["lock"]))


def render(learner: Namespace, inputs: Json) -> Json:
    """The text that `render` makes of a template."""
    return refusable(lambda: learner.render(inputs["template"], inputs["variables"]))


def active(learner: Namespace, inputs: Json) -> Json:
    """What `resolve` finds for a prompt, once for each state of the configuration."""
    return [refusable(partial(learner.resolve, inputs["name"], inputs["registry"], state)) for state in inputs["states"]]


def bump(learner: Namespace, inputs: Json) -> Json:
    """Which part of the version `bump` raises for a change of a schema."""
    return learner.bump(inputs["old"], inputs["new"])
