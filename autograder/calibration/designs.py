"""Other designs of a milestone: weaker but honest ones, which must land below the reference, and sound ones, which must not lose by it.

`tests/designs/<milestone>/<name>.py` is a docstring and three or four names: CHANGES, a list of (module, old, new), each `old` exactly once in the
reference's module; HALF, the half of the milestone that the change shows in; LOSES, the criteria that lose points by it; and LOWERS, those whose
figure falls without reaching the gate, since a run of the reference can be as low. A sound design has neither.
"""

from __future__ import annotations

import runpy
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..authoring import reference
from ..errors import CourseError
from ..paths import course_root

Half = Literal["search", "answers", "run"]
SUBMITTED = shutil.ignore_patterns("__pycache__", "starter", ".ipynb_checkpoints")


class DesignError(CourseError):
    """A design that no longer fits the reference, or that says too little about itself."""


@dataclass(frozen=True)
class Design:
    """`changes`: (module, old, new). `half` "run": it shows in a whole run only."""

    name: str
    told: str
    changes: tuple[tuple[str, str, str], ...]
    half: Half
    loses: frozenset[str] = frozenset()
    lowers: frozenset[str] = frozenset()

    @property
    def sound(self) -> bool:
        return not self.loses | self.lowers


REFERENCE = Design("reference", "The reference as it is.", (), "search")


def home(milestone: str) -> Path:
    return course_root() / "tests" / "designs" / milestone


def designs(milestone: str, *halves: Half) -> list[Design]:
    """Those whose half is among `halves`, or all: the weaker ones first, then the sound ones, each by name."""
    found = [read(path) for path in sorted(home(milestone).glob("*.py"))]
    return sorted((one for one in found if one.half in halves or not halves), key=lambda one: (one.sound, one.name))


def find(milestone: str, name: str) -> Design:
    return read(home(milestone) / f"{name}.py")


def read(path: Path) -> Design:
    if not path.is_file():
        raise DesignError(f"There is no design {path.stem} in {path.parent.name}.")
    told = runpy.run_path(str(path))
    if not told.get("__doc__") or not {"CHANGES", "HALF", "LOSES"} <= set(told):
        raise DesignError(f"The design {path.stem} lacks its docstring, CHANGES, HALF or LOSES.")
    first = told["__doc__"].strip().split("\n\n")[0]
    loses, lowers = (frozenset(told.get(name, ())) for name in ("LOSES", "LOWERS"))
    return Design(path.stem, " ".join(first.split()), tuple(told["CHANGES"]), told["HALF"], loses, lowers)


def patched(milestone: str, chosen: Iterable[Design], folder: Path) -> Path:
    """A copy of the reference in the empty `folder` with the designs' changes made, in their order. Raises `DesignError` when one does not fit."""
    copy = shutil.copytree(reference.folder(milestone), folder / milestone, ignore=SUBMITTED)
    for design in chosen:
        for module, old, new in design.changes:
            change(copy / "qa" / f"{module}.py", old, new, design.name)
    return copy


def change(path: Path, old: str, new: str, name: str) -> None:
    code = path.read_text(encoding="utf-8")
    if code.count(old) != 1:
        raise DesignError(
            f"The design {name} changes {path.name} where it says {old!r}, which stands there {code.count(old)} times.",
            f"Write its changes anew, after solutions/milestones/{path.parent.parent.name}/qa/{path.name}.",
        )
    path.write_text(code.replace(old, new), encoding="utf-8")
