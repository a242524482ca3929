"""Reads the names off the syntax tree: those that are loaded and never stored."""

import jinja2
from jinja2 import nodes


def render(template, variables):
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    names = list(environment.parse(template).find_all(nodes.Name))
    stored = {name.name for name in names if name.ctx in ("store", "param")} | {"loop"}
    loaded = {name.name for name in names if name.ctx == "load"} - stored
    off = loaded ^ set(variables)
    if off:
        raise ValueError("missing or unknown: " + ", ".join(sorted(off)))
    return environment.from_string(template).render(**variables)
