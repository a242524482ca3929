"""The files beside a milestone's notebook: the learner's modules and pages, released with their solutions taken out.

Code (`.py`, `.html`, `.css`, `.js`) is released as it is, but for the solution regions. Everything else, and what stands in `documents/`,
belongs to the reference alone; what stands in `starter/` is released in its place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from .problem import SourceError
from .release import BEGIN, END
from .source import Source

CODE = frozenset({".py", ".html", ".css", ".js"})
STARTER, DOCUMENTS = "starter", "documents"
PASSED_OVER = frozenset({"__pycache__", ".ipynb_checkpoints", "reports"})


def own(source: Source) -> dict[str, Path]:
    """Relative path -> file of the reference, its notebooks aside."""
    if not source.milestone:
        return {}
    notebooks = {source.path, source.solution}
    return {name: path for name, path in below(source.path.parent) if path not in notebooks and not name.startswith(f"{STARTER}/")}


def released(source: Source) -> Mapping[str, bytes]:
    """Relative path -> content of what the learner receives beside the notebook. Raises `SourceError`."""
    if not source.milestone:
        return {}
    code = {name: path for name, path in own(source).items() if path.suffix in CODE and not name.startswith(f"{DOCUMENTS}/")}
    found = {name: path.read_bytes() for name, path in code.items()}
    for name in [n for n in found if n.endswith(".py")]:
        found[name] = cleared(found[name].decode("utf-8"), f"{source.path.parent.name}/{name}").encode()
    return found | {name: path.read_bytes() for name, path in below(source.path.parent / STARTER)}


def below(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not PASSED_OVER & set(name.parts) and path.suffix != ".pyc":
            yield name.as_posix(), path


def digest(source: Source) -> str:
    """SHA-256 over what the executed notebook depends on beside its own source; empty for a notebook that stands alone."""
    files = own(source)
    if not files:
        return ""
    total = hashlib.sha256()
    for name, path in files.items():
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def cleared(code: str, name: str) -> str:
    """A module with an error in place of each solution region. Raises `SourceError` for a region without a beginning or an end."""
    lines: list[str] = []
    inside = False
    function = ""
    for number, line in enumerate(code.splitlines(), start=1):
        function = found[1] if not inside and (found := re.match(r"\s*(?:async )?def (\w+)", line)) else function
        if (BEGIN in line and inside) or (END in line and not inside):
            raise SourceError(f"{name}, line {number}: {line.strip()!r} has no counterpart.")
        if BEGIN in line:
            blank = line[: len(line) - len(line.lstrip())]
            lines += [f"{blank}# YOUR CODE HERE", f'{blank}raise NotImplementedError("{name.partition("/")[2]}: write {function}")']
        if not inside and BEGIN not in line:
            lines.append(line)
        inside = BEGIN in line or (inside and END not in line)
    if inside:
        raise SourceError(f"{name}: a solution region is not closed.")
    return "\n".join(lines) + "\n"
