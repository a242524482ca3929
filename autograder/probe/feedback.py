"""What a check or a hint shows: in a notebook a small panel that follows the theme, elsewhere the same as text. Learner text is escaped."""

from __future__ import annotations

import contextlib
import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

STYLE = (
    "border-left:4px solid {edge};background:var(--jp-layout-color1,transparent);color:var(--jp-content-font-color1,inherit);"
    "padding:.6em .9em;margin:.2em 0;font-size:var(--jp-content-font-size1,14px);line-height:1.5;max-width:56em"
)
LINE = 90
"""Characters that fit into the panel."""
GOOD, BAD, QUIET, HELP = "var(--jp-success-color1,#2e7d4f)", "#b3541e", "#8a8a8a", "#2f5d8c"


def pretty(inputs: Any, limit: int = 700) -> str:
    """A case's inputs, one per line, a long list with one item per line, cut where it gets long."""
    if isinstance(inputs, dict):
        text = "\n".join(f"{name} = {spread(value, LINE - len(name) - 3)}" for name, value in inputs.items())
    else:
        text = spread(inputs)
    return text if len(text) <= limit else text[:limit] + " …"


def spread(value: Any, width: int = LINE) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= width or not isinstance(value, list | dict):
        return text
    if isinstance(value, list):
        return "[\n" + "".join(f"  {json.dumps(item, ensure_ascii=False)},\n" for item in value) + "]"
    return "{\n" + "".join(f"  {json.dumps(key, ensure_ascii=False)}: {json.dumps(item, ensure_ascii=False)},\n" for key, item in value.items()) + "}"


def show(result: Any) -> None:
    """Display once: rich in a notebook, as text elsewhere."""
    with contextlib.suppress(ImportError):
        from IPython.core.getipython import get_ipython

        if get_ipython() is not None:
            from IPython.display import display

            display(result)  # type: ignore[no-untyped-call]
            return
    print(result)


@dataclass(frozen=True)
class Line:
    """One criterion, and the failure that was shrunk for it if it is the first that failed."""

    title: str
    passed: bool
    reached: bool = True
    failure: dict[str, Any] | None = None

    @property
    def failed(self) -> bool:
        return self.reached and not self.passed

    @property
    def mark(self) -> str:
        return "✓" if self.passed else "✗" if self.reached else "·"


@dataclass(frozen=True, repr=False)
class CheckResult:
    """The outcome of one `check()`."""

    id: str
    title: str = ""
    lines: tuple[Line, ...] = field(default=())
    note: str = ""
    tally: str = ""
    """How many exercises of the notebook are passed."""

    @property
    def passed(self) -> bool:
        return bool(self.lines) and all(line.passed for line in self.lines)

    @property
    def failure(self) -> dict[str, Any] | None:
        return next((line.failure for line in self.lines if line.failure), None)

    @property
    def next_step(self) -> str:
        if self.passed:
            return self.tally
        return "" if not self.title else f'Stuck? Run hint("{self.id}") in a new cell of the notebook.'

    def __repr__(self) -> str:
        rows = [f"{self.id}: {self.title}".removesuffix(": "), *([self.note] if self.note else [])]
        rows += [f"  {line.mark} {line.title}" + ("" if line.reached else " (not tried yet)") for line in self.lines]
        if found := self.failure:
            rows += ["", "Smallest example found:", indent(pretty(found["inputs"])), f"  expected: {found['expected']}", f"  got:      {found['got']}"]
            if found["printed"]:
                rows += ["  your code printed:", indent(found["printed"])]
        return "\n".join([*rows, *([self.next_step] if self.next_step else [])])

    def _repr_html_(self) -> str:
        edge = GOOD if self.passed else QUIET if self.note else BAD
        say = html.escape
        parts = [f'<div style="{STYLE.format(edge=edge)}"><b>{say(self.id)}</b> {say(self.title)}']
        if self.note:
            parts.append(f'<div style="margin-top:.3em">{say(self.note)}</div>')
        for line in self.lines:
            colour = GOOD if line.passed else BAD if line.reached else QUIET
            later = "" if line.reached else ' <span style="opacity:.6">(not tried yet)</span>'
            parts.append(f'<div><span style="color:{colour};font-weight:700">{line.mark}</span> {say(line.title)}{later}</div>')
        if found := self.failure:
            parts.append('<div style="margin-top:.5em;opacity:.75">Smallest example found</div>' + block(pretty(found["inputs"])))
            parts.append(f"<div><b>expected</b> {say(found['expected'])}</div><div><b>got</b> {say(found['got'])}</div>")
            if found["printed"]:
                parts.append('<div style="opacity:.75">Your code printed</div>' + block(found["printed"]))
        if self.next_step:
            parts.append(f'<div style="margin-top:.5em;opacity:.75">{say(self.next_step)}</div>')
        return "".join([*parts, "</div>"])


@dataclass(frozen=True, repr=False)
class Hint:
    """One of an exercise's hints; words in backticks are code. `after` says what there is beyond the last one."""

    head: str
    text: str
    after: str = ""

    def __repr__(self) -> str:
        return f"{self.head}: {self.text}" + (f"\n{self.after}" if self.after else "")

    def _repr_html_(self) -> str:
        text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(self.text))
        after = f'<div style="margin-top:.5em;opacity:.75">{html.escape(self.after)}</div>' if self.after else ""
        return f'<div style="{STYLE.format(edge=HELP)}"><b>{html.escape(self.head)}</b> {text}{after}</div>'


def block(text: str) -> str:
    style = "white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere;margin:.2em 0 .5em;padding:.4em .6em;background:var(--jp-layout-color2,#8881);font-size:.92em"
    return f'<pre style="{style}">{html.escape(text)}</pre>'


def indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
