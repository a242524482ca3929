"""What is wrong with a notebook, so that its author can mend it."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import CourseError


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` is a file of the course and, if it helps, a cell; `what` is one sentence, `mend` what to do."""

    where: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.mend}".rstrip()


class SourceError(CourseError):
    """A MyST source that cannot be built."""

    exit_code = 2
