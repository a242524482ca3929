"""Checks each side in a loop of its own, and turns the engine's errors into its own."""

from jinja2 import Environment, StrictUndefined, UndefinedError
from jinja2.meta import find_undeclared_variables

ENGINE = Environment(undefined=StrictUndefined)


def render(template, variables):
    left = dict(variables)
    for name in find_undeclared_variables(ENGINE.parse(template)):
        if name not in left:
            raise ValueError(f"no value for {name}")
        del left[name]
    for name in left:
        raise ValueError(f"nobody asked for {name}")
    try:
        return ENGINE.from_string(template).render(variables)
    except UndefinedError as error:
        raise ValueError(str(error)) from error
