"""Jinja as the company's sources use it: unknown names are errors, and `{% span name %}` notes what supports an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context

from .errors import CompanyError
from .exact import printed
from .filters import FILTERS

NOTES = "_spans"
SPAN_TAG = re.compile(r"\{%[-+]?\s*span\s+([\w-]+)\s*[-+]?%\}")
END_TAG = re.compile(r"\{%[-+]?\s*endspan\s*[-+]?%\}")


class Span(Extension):
    """`{% span name %}…{% endspan %}` prints its body and keeps it under its name."""

    tags = {"span"}  # noqa: RUF012

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        name = nodes.Const(parser.stream.expect("string").value)
        body = parser.parse_statements(("name:endspan",), drop_needle=True)
        call = self.call_method("note", [nodes.ContextReference(), name, nodes.Const(line)])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def note(self, context: Context, name: str, line: int, caller: Callable[[], str]) -> str:
        text = caller()
        found = context.get(NOTES)
        if found is None:
            raise CompanyError("a span can only stand in a document's body.", line=line)
        if name in found:
            raise CompanyError(f'the span "{name}" is printed twice.', "Give each its own name.", line=line)
        found[name] = text
        return text


ENVIRONMENT = Environment(
    undefined=StrictUndefined,
    finalize=printed,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,
    extensions=[Span, "jinja2.ext.do"],
)
ENVIRONMENT.filters.update(FILTERS)


def render(source: str, values: Mapping[str, Any], spans: dict[str, str] | None = None) -> str:
    """The text with everything filled in; what spans print is put into `spans`. Errors carry the line inside `source`."""
    if "{" not in source:
        return source
    try:
        context = dict(values) if spans is None else {**values, NOTES: spans}
        return compiled(source)(context)
    except TemplateSyntaxError as error:
        raise CompanyError(f"{error.message}", line=error.lineno) from None
    except CompanyError as error:
        raise error.at("", line_of(error)) from None
    except (TemplateError, AttributeError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise CompanyError(f"{error}", line=line_of(error)) from None


@lru_cache(maxsize=20_000)
def compiled(source: str) -> Callable[[Mapping[str, Any]], str]:
    """Control tags alone on a line leave no empty line behind, but spans leave the text around them as it is."""
    parts = SIMPLE.split(source)
    if not any("{" in text for text in parts[:: SIMPLE.groups + 1]):
        return lambda values: filled(parts, values)
    marked = END_TAG.sub("{%+ endspan +%}", SPAN_TAG.sub(r'{%+ span "\1" +%}', source))
    return ENVIRONMENT.from_string(marked).render


SIMPLE = re.compile(rf"\{{\{{ *(\w+)\.([a-z]\w*)(?:\[(\d+)\])? *(?:\| *({'|'.join(FILTERS)})(?:\('(\w+)'\))? *)?\}}\}}")


def filled(parts: Sequence[str], values: Mapping[str, Any]) -> str:
    """What Jinja makes of a text that only prints facts, such as most of the thousands of short ones, without compiling it."""
    found = [parts[0]]
    for at in range(1, len(parts), SIMPLE.groups + 1):
        area, name, index, filter_name, argument, text = parts[at : at + SIMPLE.groups + 1]
        if area not in values:
            raise CompanyError(f"{area!r} is undefined")
        holder = values[area]
        value = holder[name] if isinstance(holder, Mapping) else getattr(holder, name)
        if index is not None:
            value = value[int(index)]
        if filter_name:
            value = FILTERS[filter_name](value, *([argument] if argument else []))
        found += [str(printed(value)), text]
    return "".join(found)


def line_of(error: BaseException) -> int:
    """The template's line in which a rendering error arose, or 0."""
    line, step = 0, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == "<template>":
            line = step.tb_lineno
        step = step.tb_next
    return line
