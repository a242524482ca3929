"""Execute: papermill runs the rebuilt notebook in a kernel inside the sandbox.

A cell that raises does not stop the ones after it: each criterion keeps its own evidence. A dead kernel, a timeout, a full
memory or a spent budget ends the run with that status. That papermill came back is never read as success.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import papermill
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from ..reports.report import Raised
from ..reports.text import clean
from ..sandbox import Limits, SandboxError, SandboxKernelManager
from ..verdict import Status

ENGINE = "autograder"
STARTING = "the start of the kernel"
GRACE_SECONDS = 3.0
RAISED_SHOWN = 20
LINES_READ = 200
"""Entries of a traceback, each of which may hold several lines."""
ENDED = {
    "timeout": Status.TIMEOUT,
    "memory": Status.MEMORY,
    "processes": Status.MEMORY,
    "disk": Status.MEMORY,
    "dead_kernel": Status.DEAD_KERNEL,
}
"""What the sandbox calls the end of a run -> status. Too many processes and too much disk count as `memory`: resources ran out."""
WHY = {
    Status.TIMEOUT: "Time ran out",
    Status.MEMORY: "A resource limit was passed",
    Status.DEAD_KERNEL: "The Python process ended",
    Status.BUDGET: "The model budget was used up",
}


@dataclass
class Session:
    """One run: its sandboxed kernel and limits on the way in; how it ended and what raised on the way out."""

    manager: SandboxKernelManager
    limits: Limits
    spent: Callable[[], str] = lambda: ""
    """Says which budget is used up, or nothing."""
    on_tick: Callable[[int, int], None] = lambda done, total: None
    """(cells done, cells in all), at least once a second."""
    status: Status = Status.PASS
    why: str = ""
    done: int = 0
    total: int = 0
    kernel_seconds: float = 0.0
    """Until the kernel answered."""
    raised: list[Raised] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def end(self, status: Status, where: str, detail: str) -> None:
        """The run is over; the first reason stands."""
        if self.status is Status.PASS:
            self.status = status
            said = f" ({detail})" if detail else ""
            self.why = f"{WHY[status]} in {where}{said}. What had been handed in before was judged."

    def remaining(self) -> float:
        """Seconds after which the next cell is given up here; the sandbox itself stops it a little earlier."""
        left = self.limits.wall_seconds - (time.monotonic() - self.started)
        return max(1.0, min(float(self.limits.cell_seconds), left)) + GRACE_SECONDS


def execute(notebook: NotebookNode, session: Session, parameters: Mapping[str, Any]) -> None:
    """Run `notebook` in the session's kernel, with `parameters` injected. The outcome is in `session`."""
    session.total = sum(runs(cell) for cell in notebook.cells)
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    with suppress(PapermillExecutionError):  # a cell raised: it is in session.raised, and the cells after it did run
        papermill.execute_notebook(
            notebook, None, parameters=dict(parameters), engine_name=ENGINE, progress_bar=False, session=session
        )


def runs(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "code" and cell.source.strip())


class Client(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client with a kernel of ours, that goes on after errors and believes nothing the kernel sends."""

    def __init__(self, nb_man: Any, session: Session) -> None:
        super().__init__(
            nb_man,
            km=session.manager,
            raise_on_iopub_timeout=False,
            timeout_func=lambda cell: session.remaining(),
            startup_timeout=60,
            shutdown_kernel="immediate",
            skip_cells_with_tag="",
        )
        self.log.setLevel(logging.CRITICAL)
        self.owns_km = True
        self.session = session
        self.where = STARTING

    def execute(self, **kwargs: Any) -> NotebookNode:
        self.reset_execution_trackers()
        began = time.monotonic()
        try:
            with self.setup_kernel(**kwargs):
                self.session.kernel_seconds = time.monotonic() - began
                self.papermill_execute_cells()
        except (DeadKernelError, RuntimeError) as error:
            said = next(iter(str(error).splitlines()), "")[:200]
            if self.where == STARTING:
                raise SandboxError(
                    f"A kernel could not be started ({said.rstrip('.')}).",
                    "That is no fault of the submission: `python3 -m autograder sandbox self-check` says how it stands with this machine.",
                ) from None
            self.session.end(Status.DEAD_KERNEL, self.where, said)
        executed: NotebookNode = self.nb
        return executed

    def papermill_execute_cells(self) -> None:
        for index, cell in enumerate(self.nb.cells):
            self.where = label(cell, index)
            self.nb_man.cell_start(cell, index)
            try:
                self.execute_cell(cell, index)
            except CellTimeoutError:
                limits = self.session.limits
                self.session.end(
                    Status.TIMEOUT, self.where, f"a cell may take {limits.cell_seconds:g} s, the run {limits.wall_seconds:g} s"
                )
            except DeadKernelError:
                self.session.end(*self.cause())
            except CellExecutionError as error:
                self.note(cell, index, error)
            finally:
                self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)
            if self.session.status is not Status.PASS:
                return
            self.session.done += runs(cell)
            self.session.on_tick(self.session.done, self.session.total)

    def cause(self) -> tuple[Status, str, str]:
        outcome = self.session.manager.outcome
        return ENDED.get(outcome.ended, Status.DEAD_KERNEL), self.where, outcome.detail

    def note(self, cell: NotebookNode, index: int, error: CellExecutionError) -> None:
        self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=error)
        if len(self.session.raised) < RAISED_SHOWN:
            self.session.raised.append(
                Raised(
                    cell=self.where, kind=clean(error.ename, 100), message=clean(error.evalue, 500), line=own_line(error.traceback)
                )
            )

    async def _async_check_alive(self) -> None:
        self.session.on_tick(self.session.done, self.session.total)
        if spent := self.session.spent():
            self.session.end(Status.BUDGET, self.where, spent)
            raise DeadKernelError(spent)
        await super()._async_check_alive()

    async def _async_poll_output_msg(self, parent_msg_id: str, cell: NotebookNode, cell_index: int) -> None:
        """Nothing a notebook shows takes part in a verdict: outputs are not asked for, and none are waited for."""

    async def _check_raise_for_error(self, cell: NotebookNode, cell_index: int, exec_reply: dict[str, Any] | None) -> None:
        """Raises `CellExecutionError` for a reply that tells of an exception, whatever the types of its parts."""
        said = exec_reply["content"] if exec_reply else {}
        if said.get("status") == "error":
            lines = said.get("traceback")
            told = {
                "ename": text(said.get("ename")),
                "evalue": text(said.get("evalue")),
                "traceback": [text(line) for line in lines[:LINES_READ]] if isinstance(lines, list) else [],
            }
            raise CellExecutionError.from_cell_and_msg(cell, told)


def text(value: Any, limit: int = 10_000) -> str:
    return value[:limit] if isinstance(value, str) else ""


class Engine(NBClientEngine):  # type: ignore[misc]
    """Lets papermill run a notebook with our client."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, session: Session, **kwargs: Any) -> None:
        Client(nb_man, session).execute()


papermill_engines.register(ENGINE, Engine)


def label(cell: NotebookNode, index: int) -> str:
    """What a learner calls a cell: its grade_id, or its first line."""
    name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    first = next(iter(cell.source.strip().splitlines()), "")[:60]
    return f"the cell {name!r}" if name else f"cell {index + 1} ({first!r})"


def own_line(traceback: str) -> str:
    """The learner's own line in an IPython traceback: the last one that stands in a cell or in a file of theirs."""
    found, own = "", False
    for line in clean(traceback, 100_000).splitlines():
        if re.match(r"(Cell In|File )", line):
            own = line.startswith(("Cell In", "File /work/"))
        elif own and (arrow := re.match(r"-+> ?(\d+) (.*)", line)):
            found = f"line {arrow[1]}: {arrow[2].strip()}"[:300]
    return found
