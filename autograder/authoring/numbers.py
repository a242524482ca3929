"""A light lint: a measured figure that prose repeats by hand must be one that the run printed.

It looks at percentages, decimals and figures with a unit of measurement, in prose below the first code cell. A figure passes if it stands in
an output or in a code cell, or if the front matter lists it under `constants`. The story of what happened in production is about another run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from . import product
from .problem import Problem
from .source import Source

UNIT = r"%|ms|s|seconds|minutes|tokens/s|tokens per second|MB|MiB|GB|GiB|times"
FIGURE = re.compile(rf"(?<![\w.,§-])(\d[\d,]*(?:\.\d+)?)(?:\s?({UNIT})(?![\w-])|(?<=\.\d)|(?<=\.\d\d)|(?<=\.\d\d\d))(?![\d.]*\d)")
LEFT_OUT = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]+\$|\]\([^)]*\)|[Nn]otebooks? \d\.\d|Exercise \S+", re.S)
STORY = "**What this looked like in production.**"


def problems(source: Source) -> Iterator[Problem]:
    if not source.solution.is_file():
        return
    for figure in unfounded(product.read(source.solution), source.front.constants):
        yield Problem(
            source.name,
            f"the prose says {figure!r}, which the run did not print.",
            "Print it in a cell, or list it under `constants` in the front matter if it is no measurement.",
        )


def unfounded(notebook: NotebookNode, constants: list[str]) -> list[str]:
    """Figures of the prose that neither an output nor the code holds, in order."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    printed = {plain(number) for cell in code for text in [cell.source, *product.texts(cell)] for number in numbers(text)}
    found = []
    measuring = False
    for cell in notebook.cells:
        measuring = measuring or cell.cell_type == "code"
        if cell.cell_type == "markdown" and measuring:
            found += [figure for figure, number in figures(cell.source) if plain(number) not in printed and figure not in constants]
    return list(dict.fromkeys(found))


def figures(prose: str) -> Iterator[tuple[str, str]]:
    """(the figure with its unit, its number)."""
    for paragraph in prose.split("\n\n"):
        if not paragraph.startswith(STORY):
            for match in FIGURE.finditer(LEFT_OUT.sub(" ", paragraph)):
                yield match[0], match[1]


def numbers(text: str) -> list[str]:
    return re.findall(r"\d[\d,]*(?:\.\d+)?", text)


def plain(number: str) -> float:
    return float(number.replace(",", "").rstrip("."))
