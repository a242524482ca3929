"""Filling in the templates of this package; learner text is escaped."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup


@cache
def environment() -> Environment:
    loader = PackageLoader("autograder.progress", "templates")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)


def filled(name: str, **values: Any) -> Markup:
    return Markup(environment().get_template(name).render(values))
