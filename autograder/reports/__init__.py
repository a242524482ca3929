"""Reports on graded submissions, one small module per format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from . import html
from .junit import render as junit
from .markdown import render as markdown
from .report import Report

__all__ = ["FORMATS", "Report", "file_names", "write"]

Render = Callable[[Report, Sequence[Report]], str]

FORMATS: Mapping[str, tuple[str, Render]] = {
    "html": ("report.html", html.render),
    "json": ("report.json", lambda report, history: report.as_json()),
    "md": ("report.md", lambda report, history: markdown(report)),
    "junit": ("junit.xml", lambda report, history: junit(report)),
}
"""Format -> file name and how to write it from a report and the earlier reports on the same submission."""


def file_names(formats: Sequence[str]) -> list[str]:
    return [FORMATS[name][0] for name in formats]


def write(report: Report, folder: Path, formats: Sequence[str], history: Sequence[Report] = ()) -> list[Path]:
    """Write the report in each format; a file is either the whole new report or what was there before. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in formats:
        file, render = FORMATS[name]
        path = folder / file
        part = path.with_suffix(path.suffix + ".part")
        part.write_text(render(report, history), encoding="utf-8", newline="\n")
        part.replace(path)
        written.append(path)
    return written
