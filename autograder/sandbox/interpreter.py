"""The Python that the kernel runs on, and where its files lie inside the sandbox."""

from __future__ import annotations

import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from .errors import SandboxUnavailable
from .spec import ENVIRONMENT

SYSTEM_PREFIXES = (Path("/usr"), Path("/usr/local"), Path("/"))
TAKEN = tuple(Path(place) for place in ("/work", "/inputs", "/models", "/course", "/run", "/dev", "/proc", "/sys", "/etc"))


@dataclass(frozen=True)
class Interpreter:
    """`binds` are (here, inside); `roots` the folders inside that imports may come from; `masks` folders inside to empty."""

    executable: str
    binds: tuple[tuple[Path, Path], ...]
    roots: tuple[str, ...]
    masks: tuple[Path, ...]


def interpreter() -> Interpreter:
    """This process's own interpreter and packages. A virtual environment is shown as /env, wherever it lies here, so that the
    clone around it is not there; the Python it was made from keeps its place. Of a system Python only `bin` and `lib` are shown.
    """
    prefix, base = Path(sys.prefix), Path(sys.base_prefix)
    places: dict[Path, Path] = {}
    if prefix not in SYSTEM_PREFIXES:
        places[prefix] = Path(ENVIRONMENT)
    if base != prefix and base not in SYSTEM_PREFIXES:
        for place in {base, base.resolve(), *_links_on_the_way(prefix)}:
            places[place] = place
            if any(place == taken or taken in place.parents for taken in TAKEN):
                raise SandboxUnavailable(
                    f"Python is installed in {place}, a place the sandbox needs for itself.", "Use a Python installed elsewhere."
                )
    binds = tuple((here, inside) for here, inside in places.items() if here.exists())
    shown = [(here, inside) for here, inside in binds] + [(Path("/usr"), Path("/usr"))]

    def inside(path: Path) -> Path:
        for here, there in shown:
            if path == here or here in path.parents:
                return there / path.relative_to(here)
        return path

    packages = sorted({Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")})
    masks = tuple(inside(folder / "autograder") for folder in packages if (folder / "autograder").is_dir())
    roots = tuple(dict.fromkeys([*(str(there) + "/" for _, there in shown), "/course"]))
    return Interpreter(str(inside(Path(sys.executable))), binds, roots, masks)


def _links_on_the_way(prefix: Path) -> list[Path]:
    """Folders of interpreters that `prefix`'s own is linked through (uv and pyenv link more than once)."""
    found = []
    at = Path(sys.executable)
    for _ in range(16):
        if not at.is_symlink():
            break
        at = Path(os.path.normpath(at.parent / os.readlink(at)))
        home = at.parent.parent
        if home != prefix and home not in SYSTEM_PREFIXES and (home / "lib").is_dir():
            found.append(home)
    return found
