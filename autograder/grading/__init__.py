"""Grading one submission: intake, rebuild, execute, judge, journal, report.

`grade(path, Options(...))` does it all. Loaded on first use: the clean judge process must not pay for the machinery around it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .delivery import Graded
    from .options import Options
    from .progress import Progress
    from .run import grade

for _name in ("rfc3987_syntax", "isoduration", "httpx._main"):
    sys.modules.setdefault(_name, None)  # type: ignore[arg-type]
"""Loaded if they are there, and for longer than all the rest: formats that jsonschema checks and no notebook's schema names (for one of
them it compiles a grammar), and httpx's command line."""

__all__ = ["Graded", "Options", "Progress", "grade"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import progress, run

        return getattr(progress if name == "Progress" else run, name)
    raise AttributeError(f"module 'autograder.grading' has no attribute {name!r}")
