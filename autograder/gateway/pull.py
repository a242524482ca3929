"""`pull TAG`: fetches a model's weights."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import Self, TextIO

from tqdm import tqdm

from ..errors import UsageError
from . import catalog, weights
from .catalog import Model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    known = ", ".join(model.tag for model in catalog.models())
    parser.add_argument("tags", nargs="*", metavar="TAG", help=f"which models, of {known} (default: all of them)")


def run(args: argparse.Namespace) -> int:
    chosen = [_known(tag) for tag in args.tags] or list(catalog.models())
    fetch_all(chosen)
    for model in chosen:
        print(f"{model.tag}: {catalog.path(model)} (SHA-256 {model.digest[:12]}…)")
    return 0


def _known(tag: str) -> Model:
    model = catalog.find(tag)
    if model is None:
        tags = ", ".join(model.tag for model in catalog.models())
        raise UsageError(f"The course has no model {tag!r}.", f"It has: {tags}. A real Ollama pulls others: ollama pull {tag}")
    return model


def fetch_all(models: Iterable[Model], stream: TextIO | None = None) -> None:
    """Fetches what is missing, with a bar that tells bytes and time left. Raises `WeightsError`."""
    for model in models:
        if not catalog.installed(model):
            with Bar(model, stream or sys.stderr) as bar:
                weights.fetch(model, bar)


class Bar:
    """A tqdm bar over all bytes of one model; where the output is no terminal, a line every tenth of the way."""

    def __init__(self, model: Model, stream: TextIO) -> None:
        self.stream = stream
        self.lively = stream.isatty()
        self.told = -1
        self.noted = ""
        self.bar = tqdm(
            total=model.bytes, desc=model.tag, unit="B", unit_scale=True, file=stream, disable=not self.lively, dynamic_ncols=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.bar.close()

    def __call__(self, done: int, total: int, note: str) -> None:
        if self.lively:
            self._move(done, note)
        elif (tenth := done * 10 // total) > self.told or note != self.noted:
            self.told, self.noted = tenth, note
            print(f"{note}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB", file=self.stream, flush=True)

    def _move(self, done: int, note: str) -> None:
        """What an earlier try had fetched counts as there from the start, so that the time left is not too rosy."""
        if self.told < 0:
            self.told = 0
            self.bar.initial = done
        self.bar.set_description_str(note, refresh=False)
        self.bar.n = done
        self.bar.refresh()
