"""Grading many submissions: W worker processes, each with one learner at a time; whatever becomes of one is that one's alone.

Resumable: every finished run is in the journal under a key that holds the seed, so the same batch started again takes what is there
and grades the rest. A worker dies with the process that started it, and takes its sandbox along.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from ..errors import CourseError, UsageError
from ..reports import charts
from ..reports.html import TEMPLATE
from ..sandbox.kernel_server import KernelServer, can_serve
from ..sandbox.provisioner import register
from ..sandbox.removal import sweep
from .assignments import REGISTERED, Assignment
from .delivery import Graded
from .journal import environment_digest, grader_digest
from .judge_server import JudgeServer, can_fork
from .options import Options
from .progress import Progress
from .run import fresh_seed, grade

TRIES = 2
"""A submission whose worker died is given to one more."""


@dataclass(frozen=True)
class Result:
    """What became of one submission: `graded`, or one sentence on why it could not be."""

    name: str
    graded: Graded | None = None
    error: str = ""


def grade_batch(
    submissions: Mapping[str, Path], options: Options = Options(), *, workers: int = 2, done: Callable[[Result], None] = lambda result: None
) -> dict[str, Result]:
    """Grades each of `submissions` (name -> folder or notebook) with the same `options`, in its own order; reports go to `<out>/<name>`.

    `done` hears of each result as it comes. Raises `UsageError` for a name that cannot be a folder's.
    """
    for name in submissions:
        if not name or name in (".", "..") or any(letter in name for letter in "/\\\0"):
            raise UsageError(f"{name!r} cannot be the name of a folder.", "Name each submission by its learner.")
    sweep()
    seed = fresh_seed() if options.seed is None else options.seed
    results: dict[str, Result] = {}
    with KernelServer() if can_serve() else nullcontext() as kernels:
        shared = replace(options, seed=seed, progress=Progress(), judge=None, kernels=kernels)
        if how_to_start() == "fork":
            prepare(shared)
        for result in Pool(submissions, shared, max(1, workers)).results():
            results[result.name] = result
            done(result)
    return {name: results[name] for name in submissions}


def prepare(options: Options) -> None:
    """Does what every worker would have to do for itself, before they are forked."""
    grader_digest()
    environment_digest()
    register()
    if "html" in options.formats:
        charts.environment().get_template(TEMPLATE)


@dataclass
class Worker:
    """A process, the line to it, and the submission it has now."""

    process: multiprocessing.process.BaseProcess
    line: Connection
    busy: str = ""


class Pool:
    """Hands out submissions to workers and replaces those that die."""

    def __init__(self, submissions: Mapping[str, Path], options: Options, workers: int) -> None:
        self.submissions, self.options = submissions, options
        self.waiting = deque(submissions)
        self.tries = dict.fromkeys(submissions, 0)
        self.size = min(workers, len(submissions))
        self.workers: list[Worker] = []
        self.context: Any = multiprocessing.get_context(how_to_start())

    def results(self) -> Iterator[Result]:
        left = len(self.submissions)
        try:
            while left:
                self._hand_out()
                for result in self._heard():
                    left -= 1
                    yield result
        finally:
            for worker in self.workers:
                worker.process.kill()
                worker.process.join()

    def _hand_out(self) -> None:
        while len(self.workers) < self.size and len(self.waiting) > sum(not worker.busy for worker in self.workers):
            here, there = self.context.Pipe()
            process = self.context.Process(target=work, args=(there, self.options, dict(REGISTERED)), daemon=True)
            process.start()
            there.close()
            self.workers.append(Worker(process, here))
        for worker in self.workers:
            if self.waiting and not worker.busy:
                worker.busy = self.waiting.popleft()
                self.tries[worker.busy] += 1
                worker.line.send((worker.busy, self.submissions[worker.busy]))

    def _heard(self) -> Iterator[Result]:
        ready = set(wait([worker.line for worker in self.workers]))
        for worker in [worker for worker in self.workers if worker.line in ready]:
            try:
                result = worker.line.recv()
            except (EOFError, OSError):
                yield from self._lost(worker)
                continue
            worker.busy = ""
            yield result

    def _lost(self, worker: Worker) -> Iterator[Result]:
        worker.process.join()
        self.workers.remove(worker)
        if worker.busy and self.tries[worker.busy] < TRIES:
            self.waiting.appendleft(worker.busy)
        elif worker.busy:
            yield Result(worker.busy, error=f"The process that graded it died {TRIES} times (exit code {worker.process.exitcode}).")


def how_to_start() -> str:
    """Forking saves each worker the imports, and is safe while this process has one thread; else a process is started afresh."""
    if can_fork() and threading.active_count() == 1:
        return "fork"
    return "forkserver" if os.name == "posix" else "spawn"


def work(line: Connection, options: Options, registered: Mapping[str, Assignment]) -> None:
    """What a worker does until nobody is at the other end."""
    REGISTERED.update(registered)
    threading.Thread(target=die_with_the_batch, daemon=True).start()
    with ExitStack() as stack:
        mine = replace(options, judge=stack.enter_context(JudgeServer())) if can_fork() else options
        while True:
            try:
                name, submission = line.recv()
            except EOFError:
                return
            line.send(one(name, submission, mine))


def one(name: str, submission: Path, options: Options) -> Result:
    out = (options.out or Path("reports")) / name
    try:
        return Result(name, grade(submission, replace(options, out=out)))
    except CourseError as error:
        return Result(name, error=str(error))
    except Exception as error:  # a fault of ours must not cost the learners after this one their grade
        return Result(name, error=f"The grader failed: {''.join(traceback.format_exception_only(error)).strip()}")


def die_with_the_batch() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
