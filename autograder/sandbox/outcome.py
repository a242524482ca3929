"""What ended a run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ended(StrEnum):
    OK = "ok"  # nothing but the end of the notebook, or an exception of the learner's that ended it
    TIMEOUT = "timeout"
    MEMORY = "memory"
    PROCESSES = "processes"
    DISK = "disk"
    DEAD_KERNEL = "dead_kernel"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Why the kernel is gone, with one sentence for the learner; `detail` is empty when all is well."""

    ended: Ended
    detail: str = ""

    def __bool__(self) -> bool:
        return self.ended is Ended.OK


def size(count: float) -> str:
    """A number of bytes as people write it: `size(1 << 30)` is "1.0 GiB"."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"
