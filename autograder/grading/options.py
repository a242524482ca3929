"""How to grade: everything a caller may choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .judge import Runner
from .progress import Progress

if TYPE_CHECKING:
    from ..sandbox.kernel_server import KernelServer

FORMATS = ("html", "json")


@dataclass(frozen=True)
class Options:
    """How to grade. `seed` None draws a fresh one; `out` None chooses `./reports/<assignment>-seed<seed>`."""

    seed: int | None = None
    model: str | None = None
    mode: str = "replay"
    out: Path | None = None
    formats: Sequence[str] = FORMATS
    assignment: str | None = None
    again: bool = False
    allow_unsandboxed: bool = False
    corpus: Path | None = None
    golden: Path | None = None
    """A folder of documents and a file of questions to grade on, in place of what the seed draws."""
    spot_check: int = 0
    """How many recorded answers to ask again, live."""
    record: bool = False
    """Keep the answers as the recording of this assignment and seed."""
    journal: Path | None = None
    progress: Progress = field(default_factory=Progress)
    judge: Runner | None = None
    """Where verdicts are formed; None starts a clean process for each."""
    kernels: KernelServer | None = None
    """What forks the kernels; None starts a new process for each."""
