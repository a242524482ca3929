"""What is wrong with the company's sources, with the file and the line."""

from __future__ import annotations

from pathlib import Path

from ..errors import CourseError


class CompanyError(CourseError):
    """A fact, a document or a question that cannot be drawn. `file` is relative to the company's folder."""

    def __init__(self, message: str, mend: str = "", *, file: str = "", line: int = 0) -> None:
        super().__init__(message, mend)
        self.file = file
        self.line = line

    def at(self, file: str, line: int) -> CompanyError:
        """The same error with its place, unless it knows a better one."""
        return CompanyError(self.message, self.mend, file=self.file or file, line=self.line or line)

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.place}: {super().__str__()}" if self.file else super().__str__()


class NoCompany(CompanyError):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"There is no company in {folder}.", "It needs the folders facts/ and documents/.")
