"""A milestone's reference as a package: its modules imported from wherever its folder lies, beside others of the same name."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from ..paths import course_root


def folder(assignment: str) -> Path:
    return course_root() / "solutions" / "milestones" / assignment


def package(home: Path, name: str = "qa") -> ModuleType:
    """The package `name` of the solution in `home`, with its modules as attributes.

    Known to Python under a name that holds the folder, so that two designs of one milestone can be compared in one process.
    """
    alias = f"{name}_{abs(hash(str(home.resolve()))):x}"
    if alias not in sys.modules:
        where = home / name
        spec = importlib.util.spec_from_file_location(alias, where / "__init__.py", submodule_search_locations=[str(where)])
        if spec is None or spec.loader is None:
            raise ImportError(f"{where} is not a package")
        found = importlib.util.module_from_spec(spec)
        sys.modules[alias] = found
        spec.loader.exec_module(found)
        for path in sorted(where.glob("*.py")):
            if path.stem != "__init__":
                importlib.import_module(f"{alias}.{path.stem}")
    return sys.modules[alias]
