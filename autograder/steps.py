"""Progress of set-up, one line per step, on the standard error. Standard library only; also read by old Pythons."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TextIO

_SECONDS_BETWEEN_LINES = 30.0


class Steps:
    """On a terminal a step's line is written over as it moves; elsewhere it is printed at the end, and now and then on the way."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.lively = self.stream.isatty()
        self.started = self.step_started = self.told = time.monotonic()
        self.doing = self.seen = ""
        self.open = False

    def say(self, sentence: str) -> None:
        self._line(sentence, ends=True)

    def begin(self, doing: str) -> None:
        """A step named in one or two words, which end its line too."""
        self.doing, self.seen = doing, ""
        self.step_started = self.told = time.monotonic()
        if self.lively:
            self._line(self._text(), ends=False)

    def move(self, seen: str) -> None:
        """How far the step is, in a few words."""
        self.seen = seen
        if self.lively:
            self._line(self._text(), ends=False)
        elif time.monotonic() - self.told > _SECONDS_BETWEEN_LINES:
            self.told = time.monotonic()
            self._line(self._text(), ends=True)

    def end(self, seen: str) -> None:
        self.seen = seen
        self._line(self._text(), ends=True)

    def broken(self) -> None:
        """The step ends with an error: what is said next begins on a line of its own."""
        if self.lively and self.open:
            self._line("", ends=True)

    def total(self) -> str:
        return clock(time.monotonic() - self.started)

    def _text(self) -> str:
        return "  " + self.doing.ljust(12) + " " + self.seen.ljust(34) + " " + clock(time.monotonic() - self.step_started)

    def _line(self, text: str, ends: bool) -> None:
        if self.lively:
            width = shutil.get_terminal_size().columns - 1
            self.open = not ends
            text = "\r\x1b[2K" + (text if ends else text[:width])
        self.stream.write(text + ("\n" if ends else ""))
        self.stream.flush()


def clock(seconds: float) -> str:
    """Minutes and seconds: 1:07."""
    return str(int(seconds) // 60) + ":" + str(int(seconds) % 60).zfill(2)
