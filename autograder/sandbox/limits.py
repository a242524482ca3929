"""Every cap of the sandbox in one place."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20
GIB = 1 << 30

TMP_BYTES = 256 * MIB
"""Size of the sandbox's /tmp, and of its /dev/shm; both lie in memory."""
OPEN_FILES = 4096
"""File descriptors per process."""
WORK_FILES = 100_000
"""Files and folders in the work directory."""
FREE_DISK_BYTES = 512 * MIB
"""The run is stopped when it leaves less than this free on the disk of the work directory."""
MAPPING_ROOM_BYTES = GIB
"""What one process may reserve beyond `memory_bytes` without touching it (thread stacks, allocator arenas)."""
WORK_DEPTH = 64
"""Folders in each other below the work directory; what lies deeper could not be counted by its path."""
DESCRIPTORS = 16_384
"""Open file descriptors of the whole process tree; sockets and pipes hold memory that is nobody's."""
MESSAGE_BYTES = 4 * MIB
"""Largest kernel message that is decoded at all, pictures included."""
HEADER_BYTES = 64 << 10
"""Largest header of a kernel message whose content is left out."""
MESSAGE_HARD_BYTES = 256 * MIB
"""A larger part of a message closes the connection that sent it."""
MESSAGES_WAITING = 32
"""Messages that wait on this side of one of the kernel's sockets; a kernel that sends more has to wait itself."""
GRADER_BYTES = 4 * GIB
"""What the grader's own memory may grow by during a run before the run is stopped: its messages and requests end up there."""
WATCH_SECONDS = 0.2
"""How often the process tree is looked at from outside; the work directory every fifth time."""
START_SECONDS = 60.0
"""How long a kernel may take to come up."""
THREADS = 4
"""Threads a numeric library starts by itself, at most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use. Sizes in bytes, times in seconds of wall clock."""

    wall_seconds: float = 600.0
    cell_seconds: float = 120.0
    memory_bytes: int = 4 * GIB
    """Resident memory of the whole process tree; one process may also not map more than this and 1 GiB beyond."""
    processes: int = 256
    """Processes and threads."""
    file_bytes: int = 256 * MIB
    """Largest single file."""
    work_bytes: int = GIB
    """Everything in the work directory together, deleted files that are still open included."""
    output_bytes: int = MIB
    """What one cell may print or display and have kept."""
