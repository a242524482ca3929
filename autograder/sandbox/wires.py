"""The pipes between a grader, bwrap and the first process inside."""

from __future__ import annotations

import os
from typing import BinaryIO


class Wires:
    """One run's file descriptors. `inherited` are bwrap's as well; whatever has not been taken is closed by `close`.

    bwrap writes to `info` and would die of a broken pipe if the grader were gone by then, leaving a child behind that waits for it for
    ever: so it holds the reading end, `info_end`, as well. `lifeline` is read inside; the other end, `lifeline_end`, is only the grader's.
    For a kernel that moves in from a `KernelServer`, `guest` is where the first process says that it is ready and where it hears of the
    end; the server has the other ends. `seccomp` is an open file with the system-call filter.
    """

    def __init__(self, *, seccomp: int | None = None, guest: bool = False) -> None:
        self._open: set[int] = set() if seccomp is None else {seccomp}
        self.seccomp = seccomp
        self.info_end, self.info = self._pipe()
        self.lifeline, self.lifeline_end = self._pipe()
        self.stderr_end, self.stderr = self._pipe()
        self.guest: tuple[int, int] | None = None
        if guest:
            self.ready_end, ready = self._pipe()
            ended, self.ended_end = self._pipe()
            self.guest = (ready, ended)

    def _pipe(self) -> tuple[int, int]:
        made = os.pipe()
        self._open.update(made)
        return made

    @property
    def inherited(self) -> list[int]:
        given = (self.info, self.info_end, self.lifeline, self.seccomp, *(self.guest or ()))
        return [descriptor for descriptor in given if descriptor is not None]

    def hand_over(self) -> None:
        """Closes what only bwrap is to have from now on."""
        for descriptor in set(self.inherited) - {self.info_end}:
            self._open.discard(descriptor)
            os.close(descriptor)

    def taken(self, descriptor: int) -> int:
        """`descriptor`, which the caller closes."""
        self._open.discard(descriptor)
        return descriptor

    def reader(self, descriptor: int) -> BinaryIO:
        return os.fdopen(self.taken(descriptor), "rb")

    def close(self) -> None:
        while self._open:
            os.close(self._open.pop())
