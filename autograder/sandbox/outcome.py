"""How a run ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ended = Literal["ok", "timeout", "memory", "processes", "disk", "dead_kernel"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`ended` names what stopped the run; `detail` says it in a sentence."""

    ended: Ended = "ok"
    detail: str = ""
