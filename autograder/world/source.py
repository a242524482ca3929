"""YAML that knows its lines, and says where a key stands twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from .errors import CompanyError

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path = tuple[str | int, ...]


class Source:
    """Parsed YAML: `data`, and the line of every key and list entry."""

    def __init__(self, text: str, file: str, first_line: int = 1) -> None:
        self.file = file
        self._first = first_line
        try:
            loader = Loader(text)
            node = loader.get_single_node()
            self._lines = {path: line + first_line for path, line in places(node)} if node else {}
            self.data: Any = loader.construct_document(node) if node else None
        except CompanyError as error:
            raise CompanyError(error.message, file=file, line=error.line + first_line) from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error)
            raise CompanyError(f"this is not YAML: {problem}.", file=file, line=first_line + (mark.line if mark else 0)) from None
        except ValueError as error:
            raise CompanyError(f"a value cannot be read: {error}.", file=file, line=first_line) from None

    def line(self, *path: str | int) -> int:
        """The line of a key, or of the nearest one above it that exists."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, self._first)


def places(node: yaml.Node, path: Path = ()) -> Iterator[tuple[Path, int]]:
    """Every path below `node` with its line, counted from 0. Raises CompanyError at a key that stands twice."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line
            if key.value in seen:
                raise CompanyError(f'"{key.value}" stands here twice.', line=line)
            seen.add(key.value)
            yield (*path, key.value), line
            yield from places(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*path, number), value.start_mark.line
            yield from places(value, (*path, number))
