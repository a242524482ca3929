"""The flake detector: a correct solution must get the same verdict whenever, in whatever order and beside whatever else it is graded."""

from __future__ import annotations

import multiprocessing
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from . import find
from .audit import alternatives, findings
from .exercise import Exercise

Verdict = tuple[tuple[str, str], ...]
"""(criterion, status) of every criterion."""


@dataclass(frozen=True, slots=True)
class Job:
    """One solution of an exercise, graded once."""

    exercise: str
    name: str
    code: str
    seed: int


@dataclass(frozen=True, slots=True)
class Flake:
    """A solution whose verdict on one seed was not always the same."""

    exercise: str
    name: str
    seed: int
    verdicts: tuple[Verdict, ...]

    def __str__(self) -> str:
        statuses: dict[str, set[str]] = defaultdict(set)
        for verdict in self.verdicts:
            for criterion, status in verdict:
                statuses[criterion].add(status)
        varying = "; ".join(f"{criterion}: {' or '.join(sorted(found))}" for criterion, found in statuses.items() if len(found) > 1)
        return f"{self.exercise}, {self.name}, seed {self.seed}: {varying or 'another set of criteria each time'}"


@dataclass(frozen=True)
class Outcome:
    """`gradings` is how many verdicts were formed."""

    gradings: int
    flakes: tuple[Flake, ...]


def detect(exercises: Sequence[Exercise], seeds: Sequence[int], repeat: int, workers: Sequence[int] = (1, 4)) -> Outcome:
    """Grade reference and alternatives `repeat` times per seed and number of workers, each time in another order."""
    jobs = [Job(e.id, name, code, seed) for e in exercises for name, code in alternatives(e) for seed in seeds]
    seen: dict[Job, list[Verdict]] = defaultdict(list)
    for count in workers:
        for job, verdict in graded(jobs * repeat, count, random.Random(count)):
            seen[job].append(verdict)
    flakes = (Flake(j.exercise, j.name, j.seed, tuple(sorted(set(found)))) for j, found in seen.items() if len(set(found)) > 1)
    return Outcome(sum(map(len, seen.values())), tuple(flakes))


def graded(jobs: Sequence[Job], workers: int, dice: random.Random) -> Iterator[tuple[Job, Verdict]]:
    """Every job's verdict, formed in `workers` processes that have imported nothing of this one's state."""
    order = list(jobs)
    dice.shuffle(order)
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from zip(order, pool.map(verdict, order, chunksize=4), strict=True)


def verdict(job: Job) -> Verdict:
    return tuple((found.id, found.status.value) for found in findings(find(job.exercise), job.code, job.seed))
