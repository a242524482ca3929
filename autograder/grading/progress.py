"""What the grader tells whoever waits for it: bars on a terminal, a line per stage elsewhere, nothing at all by default."""

from __future__ import annotations

import sys
from typing import Any, TextIO

from tqdm import tqdm


class Progress:
    """The silent one; a cohort's dashboard or a terminal overrides what it wants to show."""

    def stage(self, name: str) -> None:
        """A new stage has begun: intake, rebuild, inputs, run, judge, report."""

    def cells(self, done: int, total: int) -> None:
        """`done` of `total` code cells have been run."""

    def calls(self, calls: int, tokens: int) -> None:
        """How many model calls the run has made so far, and the tokens they read and wrote."""

    def download(self, done: int, total: int, note: str = "") -> None:
        """Bytes of the weights that are here, of all."""

    def close(self) -> None:
        """Nothing more will come."""


class Terminal(Progress):
    """tqdm bars on a terminal; one line per stage when the output is a file or a pipe."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.lively = self.stream.isatty()
        self.bar: tqdm[Any] | None = None
        self.kind = ""

    def stage(self, name: str) -> None:
        self.close()
        print(f"  {name}", file=self.stream, flush=True)

    def cells(self, done: int, total: int) -> None:
        self.show("cells", done, total, unit=" cells")

    def calls(self, calls: int, tokens: int) -> None:
        if self.bar is not None and self.kind == "cells":
            self.bar.set_postfix_str(f"{calls:,} model calls, {tokens:,} tokens")

    def download(self, done: int, total: int, note: str = "") -> None:
        self.show(note or "weights", done, total, unit="B", scale=True)

    def show(self, kind: str, done: int, total: int, *, unit: str, scale: bool = False) -> None:
        if not self.lively:
            return
        if self.bar is None or self.kind != kind:
            self.close()
            self.bar = tqdm(
                total=total, desc=f"    {kind}", unit=unit, unit_scale=scale, file=self.stream, leave=False, dynamic_ncols=True
            )
            self.kind = kind
        self.bar.n = done
        self.bar.refresh()

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None
