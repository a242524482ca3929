"""What can go wrong before a learner's kernel runs."""

from __future__ import annotations

from ..errors import CourseError


class SandboxError(CourseError):
    """The sandbox could not be started."""
