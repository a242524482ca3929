"""What runs beside the learner's code: it asks, records, and in JupyterLab shows. In a graded run it judges nothing.

This package and `autograder/errors.py` are all of the course that a sandboxed kernel can read. Everything that knows
right answers is imported on use, and only outside the sandbox.
"""

from __future__ import annotations

from .check import check
from .fixtures import fixtures
from .hints import hint, solution
from .milestone import milestone

__all__ = ["check", "fixtures", "hint", "milestone", "solution"]
