"""Small charts as inline SVG: no script, no font, no network; colours come from the page's CSS variables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 16, 14, 40


@dataclass(frozen=True, slots=True)
class Point:
    """One earlier run: when (ISO 8601), its share of the maximal score (0 to 1), and what to say about it."""

    when: str
    share: float
    label: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    point: Point


@cache
def environment() -> Environment:
    """One for all reports, so that a template is compiled once."""
    return Environment(
        loader=PackageLoader("autograder.reports", "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def dial(share: float, pass_mark: float) -> Markup:
    """A ring filled to `share` (0 to 1) with a tick at the pass mark."""
    radius = 52.0
    around = 2 * math.pi * radius
    angle = 2 * math.pi * pass_mark - math.pi / 2
    tick = [60 + math.cos(angle) * r if axis == "x" else 60 + math.sin(angle) * r for r in (45.0, 59.0) for axis in "xy"]
    filled = around * min(1.0, max(0.0, share))
    return Markup(
        environment()
        .get_template("dial.svg.j2")
        .render(radius=radius, around=around, filled=filled, tick=tick, share=share, pass_mark=pass_mark)
    )


def history(points: Sequence[Point], pass_mark: float) -> Markup:
    """Past scores as a line over runs, with the pass mark; empty for fewer than two runs."""
    if len(points) < 2:
        return Markup("")
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    step = wide / (len(points) - 1)
    dots = [Dot(LEFT + i * step, TOP + (1 - p.share) * high, p) for i, p in enumerate(points)]
    every = max(1, math.ceil(len(points) / 8))
    return Markup(
        environment()
        .get_template("history.svg.j2")
        .render(
            dots=dots,
            path=" ".join(f"{'M' if i == 0 else 'L'}{d.x:.1f} {d.y:.1f}" for i, d in enumerate(dots)),
            labelled=[d for i, d in enumerate(dots) if i % every == 0 or i == len(dots) - 1],
            grid=[(share, TOP + (1 - share) * high) for share in (0.0, 0.25, 0.5, 0.75, 1.0)],
            pass_y=TOP + (1 - pass_mark) * high,
            pass_mark=pass_mark,
            width=WIDTH,
            height=HEIGHT,
            left=LEFT,
            right=WIDTH - RIGHT,
            bottom=HEIGHT - BOTTOM,
        )
    )
