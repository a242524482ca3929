"""What the sandbox promises, and a check that tries to break each promise on this machine.

`PROMISES` is the one list: the table of `sandbox self-check`, its JSON and the tests all go through it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from . import attempts
from .attempts import Bench, Broken
from .isolation import Isolation, available
from .kernel_server import KernelServer


class State(StrEnum):
    HELD = "held"
    BROKEN = "BROKEN"  # tried, and it did not hold
    ABSENT = "not enforced"  # nothing here enforces it; not tried


@dataclass(frozen=True, slots=True)
class Promise:
    """`attempt` tries to break it. One that `isolates` is kept by namespaces, and by nothing where there are none."""

    id: str
    title: str
    attempt: Callable[[Bench], str]
    isolates: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    promise: Promise
    state: State
    seen: str


PROMISES = (
    Promise("network-out", "Nothing on any network can be reached", attempts.network_out),
    Promise("network-gateway", "but the model server's one socket", attempts.network_gateway, isolates=False),
    Promise("network-in", "A listening port cannot be reached from outside", attempts.network_in),
    Promise("network-families", "No other kind of socket opens (vsock, packet, crypto)", attempts.network_vsock),
    Promise("kernel-sockets", "The kernel's sockets of another run cannot be reached", attempts.kernel_sockets),
    Promise("files-read", "No other submission, solution, gradebook, journal or home can be read", attempts.files_read),
    Promise("files-write", "Nothing can be written but the work folder, /tmp and /dev/shm", attempts.files_write),
    Promise("files-course", "Of the grader's own code only the probe and the comparison of wordings are there", attempts.course_parts),
    Promise("processes-seen", "Only the run's own processes can be seen", attempts.processes_seen),
    Promise("environment", "Nothing of the grader's environment is passed on", attempts.environment_scrubbed, isolates=False),
    Promise("privileges", "No privileges, and none to be gained", attempts.privileges),
    Promise("user-namespaces", "No user namespaces inside", attempts.user_namespaces),
    Promise("system-calls", "No tracing, mounting, keys, bpf, or memory that nobody counts", attempts.system_calls),
    Promise("core-dumps", "No core dumps", attempts.core_dumps, isolates=False),
    Promise("processes", "Processes and threads are limited", attempts.process_limit, isolates=False),
    Promise("memory", "Memory of all processes together is limited", attempts.memory_limit, isolates=False),
    Promise("allocation", "One absurd allocation is refused", attempts.one_allocation, isolates=False),
    Promise("file-size", "The size of a file is limited", attempts.file_limit, isolates=False),
    Promise("disk", "The work folder is limited", attempts.disk_limit, isolates=False),
    Promise("tmp", "/tmp and /dev/shm are limited", attempts.tmp_limit),
    Promise("output", "What a cell prints is limited", attempts.output_limit, isolates=False),
    Promise("cell-time", "The time of a cell is limited", attempts.cell_limit, isolates=False),
    Promise("run-time", "The time of a run is limited", attempts.run_limit, isolates=False),
    Promise("timeout-kills", "A timeout kills the children", attempts.timeout_kills_children, isolates=False),
    Promise("detached", "A detached grandchild dies with the run", attempts.detached_dies, isolates=False),
    Promise("stopped", "A kernel that stops itself dies with the run", attempts.stopped_dies, isolates=False),
)


def self_check(
    isolation: Isolation | None = None, promises: Sequence[Promise] = PROMISES, kernels: KernelServer | None = None
) -> Iterator[Checked]:
    """Tries each promise, one after the other, with kernels of their own or of `kernels`; where nothing isolates, those that isolation
    keeps are marked and not tried.
    """
    found = available() if isolation is None else isolation
    bench = Bench(found, kernels)
    try:
        for promise in promises:
            yield checked(promise, bench)
    finally:
        bench.close()


def checked(promise: Promise, bench: Bench) -> Checked:
    if promise.isolates and not bench.isolation:
        return Checked(promise, State.ABSENT, bench.isolation.why)
    try:
        return Checked(promise, State.HELD, promise.attempt(bench))
    except Broken as broken:
        return Checked(promise, State.BROKEN, str(broken))
