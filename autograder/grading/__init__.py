"""Grading one submission: intake, rebuild, execute, judge, journal, report.

`grade(path, Options(...))` does it all. Loaded on first use: the clean judge process must not pay for the machinery around it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .progress import Progress
    from .run import Graded, Options, grade

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
"""Where it can be had, jsonschema has it compile a grammar for addresses, for longer than everything else takes; notebooks hold no addresses to check."""

__all__ = ["Graded", "Options", "Progress", "grade"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import progress, run

        return getattr(progress if name == "Progress" else run, name)
    raise AttributeError(f"module 'autograder.grading' has no attribute {name!r}")
