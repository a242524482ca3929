"""One finding of the lint."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import CompanyError


@dataclass(frozen=True)
class Problem:
    """`check` names what was asked; a place is reported once per check, with the first message any seed gave."""

    file: str
    line: int
    message: str
    check: str = "form"

    @classmethod
    def of(cls, error: CompanyError) -> Problem:
        return cls(error.file, error.line, f"{error.message} {error.mend}".strip())

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"
