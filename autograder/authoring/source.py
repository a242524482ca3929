"""One MyST source: its front matter, its cells, and where its two notebooks go."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import jupytext
from nbformat import NotebookNode
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import UsageError
from ..paths import course_root
from .problem import SourceError


class Front(BaseModel):
    """The front matter. A page that only explains names no `assignment`. `constants` are figures of the prose that come from no
    measurement, such as "100 ms"."""

    model_config = ConfigDict(extra="forbid")
    title: str
    assignment: str = ""
    minutes: int = Field(gt=0)
    needs: list[str]
    constants: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """A file below `solutions/` of the clone at `root`."""

    path: Path
    root: Path

    @property
    def name(self) -> str:
        """Its path in the clone, with forward slashes."""
        return self.path.relative_to(self.root).as_posix()

    @property
    def solution(self) -> Path:
        """The executed notebook, beside the source."""
        return self.path.with_suffix(".ipynb")

    @property
    def release(self) -> Path:
        """The notebook the learner works in."""
        return self.root / self.path.relative_to(self.root / "solutions").with_suffix(".ipynb")

    @property
    def milestone(self) -> bool:
        return self.path.relative_to(self.root / "solutions").parts[0] == "milestones"

    @property
    def guide(self) -> bool:
        """Whether it only explains: no exercises, nothing to grade, and no executed copy, since it shows where its reader is."""
        return not self.front.assignment

    @property
    def id(self) -> str:
        """What `--only` and messages call it: its assignment, or a guide's file name."""
        return self.front.assignment or self.path.stem

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def digest(self) -> str:
        """SHA-256 of the text: a notebook that carries it was built from exactly this."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def front(self) -> Front:
        """Raises `SourceError`."""
        given = {name: value for name, value in self.parsed().metadata.items() if name not in ("jupytext", "kernelspec")}
        try:
            return Front.model_validate(given)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = ".".join(map(str, first["loc"]))
            raise SourceError(f"{self.name}: the front matter's {field!r} is wrong ({first['msg'].lower()}).") from None

    def parsed(self) -> NotebookNode:
        """The cells as jupytext reads them, short tags and all; a fresh copy at each call. Raises `SourceError`."""
        try:
            return cast(NotebookNode, jupytext.reads(self.text, fmt="md:myst"))
        except Exception as error:  # jupytext raises whatever its input provokes
            raise SourceError(f"{self.name} is not MyST Markdown that jupytext can read: {error}") from None


def every(root: Path | None = None) -> Iterator[Source]:
    """All sources, phases before milestones."""
    home = root or course_root()
    for path in sorted((home / "solutions" / "phases").rglob("*.md")):
        if path.name != "README.md":
            yield Source(path, home)
    for folder in sorted(path for path in (home / "solutions" / "milestones").glob("*") if path.is_dir()):
        if (path := folder / f"{folder.name}.md").is_file():
            yield Source(path, home)


def chosen(pattern: str | None, root: Path | None = None) -> list[Source]:
    """The sources that `pattern` names: a number such as "1.1", a milestone, or a file pattern. Raises `UsageError`."""
    sources = list(every(root))
    if pattern is None:
        return sources
    found = [one for one in sources if matches(one, pattern)]
    if not found:
        raise UsageError(f"No notebook fits {pattern!r}.", f"There are: {', '.join(one.id for one in sources)}.")
    return found


def matches(source: Source, pattern: str) -> bool:
    names: tuple[Any, ...] = (source.id, source.path.stem, source.name)
    return any(fnmatch.fnmatch(name, pattern) for name in names)
