"""What goes wrong, said so that a person can mend it. Rooms derive their own errors from `CourseError`."""

from __future__ import annotations


class CourseError(Exception):
    """One clear sentence (what, where), and in `mend` what to do about it. The command line prints both, never a traceback."""

    exit_code = 3

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message, mend)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} {self.mend}".strip()


class UsageError(CourseError):
    """The command, an argument or the submission itself is at fault, not the grader."""

    exit_code = 2
