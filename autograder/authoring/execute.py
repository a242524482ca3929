"""Running a solution notebook: in a kernel of its own, in a folder that holds its files only, the model behind it answering from recordings."""

from __future__ import annotations

import copy
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from ..gateway import Gateway
from . import companions
from .problem import SourceError
from .source import Source

CELL_SECONDS = 600
ADDRESS = re.compile(r"\b0x[0-9a-f]{8,16}\b")
WIDGET = "application/vnd.jupyter.widget-view+json"
"""A widget lives as long as its kernel; without it, a reader of the notebook would be shown an error in its place."""


def cassette(source: Source) -> Path:
    """Where the answers of a notebook are recorded."""
    return source.root / "datasets" / "cassettes" / f"{source.front.assignment}.jsonl"


def execute(source: Source, notebook: NotebookNode, *, record: bool, on_cell: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Run `notebook` in place. What is not recorded yet is asked and recorded; with `record` everything is asked anew.

    Raises `SourceError` with the cell and the error when a cell fails.
    """
    tape = cassette(source)
    about = copy.deepcopy(notebook.metadata)  # the kernel adds which Python it is
    with tempfile.TemporaryDirectory(prefix="build-") as scratch:
        fresh = Path(scratch) / "cassette.jsonl"
        if tape.is_file() and not record:
            fresh.write_bytes(tape.read_bytes())
        with Gateway(backend="llama", cassettes=[fresh], record_to=fresh) as gateway:
            run(source, notebook, Path(scratch), gateway.url, on_cell)
        if fresh.is_file() and fresh.stat().st_size:
            tape.parent.mkdir(parents=True, exist_ok=True)
            tape.write_bytes(fresh.read_bytes())
    notebook.metadata = about
    for cell in notebook.cells:
        settle(cell)


def run(source: Source, notebook: NotebookNode, scratch: Path, host: str, on_cell: Callable[[int, int], None]) -> None:
    work = scratch / "work"
    work.mkdir()
    for name, path in companions.own(source).items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_bytes(path.read_bytes())
    total = sum(cell.cell_type == "code" for cell in notebook.cells)
    done = 0

    def count(cell: NotebookNode, cell_index: int, execute_reply: object) -> None:
        nonlocal done
        done += 1
        on_cell(done, total)

    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(work)}},
        extra_arguments=["--Application.log_level=ERROR"],
        record_timing=False,
        coalesce_streams=True,
        on_cell_executed=count,
    )
    try:
        client.execute(env=environment(source, scratch, host))
    except CellExecutionError as error:
        raise SourceError(f"{source.name}: a cell of the solution fails: {error.ename}: {error.evalue}\n{error.traceback}") from None


def environment(source: Source, scratch: Path, host: str) -> dict[str, str]:
    """A learner's environment with a cache folder of its own, so that building leaves the author's progress alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AUTOGRADER_")}
    path = os.pathsep.join(filter(None, [str(source.root), os.environ.get("PYTHONPATH", "")]))
    return {**kept, "OLLAMA_HOST": host, "AUTOGRADER_HOME": str(scratch / "home"), "PYTHONPATH": path, "PYTHONHASHSEED": "0"}


def settle(cell: NotebookNode) -> None:
    """Take out of a cell's outputs what changes from run to run without meaning anything."""
    cell.metadata.pop("execution", None)
    for output in cell.get("outputs", []):
        output.get("data", {}).pop(WIDGET, None)
        if "text" in output:
            output["text"] = ADDRESS.sub("0x…", output["text"])
        for kind, value in output.get("data", {}).items():
            if kind.startswith("text/") and isinstance(value, str):
                output["data"][kind] = ADDRESS.sub("0x…", value)
