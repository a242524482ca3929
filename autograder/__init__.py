"""A notebook course from software engineer to AI engineer, and the grader that judges what the notebooks produce.

Inside a notebook three names are all one needs: `check("1.1-retry")`, `hint("1.1-retry")` and `solution("1.1-retry")`;
a milestone's notebook adds `milestone("a_document_qa")`, and one that reads recorded data `fixtures("2.3")`. They are loaded on
first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .probe import check, fixtures, hint, milestone, solution

__all__ = ["__version__", "check", "fixtures", "hint", "milestone", "solution"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in ("check", "fixtures", "hint", "milestone", "solution"):
        from . import probe

        return getattr(probe, name)
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")
