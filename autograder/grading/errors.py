"""What can go wrong while grading, in words for the person who started it."""

from __future__ import annotations

from ..errors import CourseError, UsageError
from ..verdict import Status


class SubmissionError(UsageError):
    """The submission itself cannot be taken in: a named status, the file, the line and how to mend it."""

    status = Status.MALFORMED

    def __init__(self, message: str, mend: str = "", *, file: str = "", line: int = 0) -> None:
        where = f"{file}, line {line}: " if file and line else f"{file}: " if file else ""
        super().__init__(where + message, mend)
        self.file = file
        self.line = line


class AssignmentError(UsageError):
    """It is not clear, or not known, which assignment this is."""


class IsolationError(UsageError):
    """Somebody else's code was to be run where nothing isolates it."""


class JudgeError(CourseError):
    """The judge did not finish: nobody's score, exit code 3."""


class JournalError(CourseError):
    """The journal cannot be read or written."""


class OutputError(UsageError):
    """The folder for the reports cannot be written."""
