"""What can go wrong with the sandbox itself. What becomes of a learner's code is no error but an `Outcome`."""

from __future__ import annotations

from ..errors import CourseError


class SandboxError(CourseError):
    """A sandbox could not be started or read."""


class SandboxUnavailable(SandboxError):
    """This machine cannot isolate a kernel."""
