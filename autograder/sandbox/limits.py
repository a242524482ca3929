"""Every cap on a learner's run, in one place."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use. Sizes in bytes, times in seconds."""

    wall_seconds: float = 600.0
    cell_seconds: float = 120.0
    memory_bytes: int = 4 << 30
    processes: int = 256  # processes and threads, as the kernel counts them
    file_bytes: int = 256 << 20
    work_bytes: int = 1 << 30
    output_bytes: int = 1 << 20  # per cell; what is beyond is dropped as it is read

    def as_json(self) -> dict[str, float | int]:
        return asdict(self)
