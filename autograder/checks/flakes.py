"""The flake detector: a correct solution must get the same verdict whenever, in whatever order and beside whatever else it is graded."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass

from ..verdict import Case
from . import find
from .audit import alternatives, findings_on
from .draw import draw
from .exercise import Exercise

Verdict = tuple[tuple[str, str], ...]
"""(criterion, status) of every criterion; of drawn cases, (criterion, their digest)."""
Key = tuple[str, int]
"""An exercise and a seed."""
THE_CASES = "the drawn cases"


@dataclass(frozen=True, slots=True)
class Job:
    """One solution of an exercise, graded once."""

    exercise: str
    name: str
    code: str
    seed: int


@dataclass(frozen=True, slots=True)
class Flake:
    """A solution whose verdict on one seed was not always the same, or `THE_CASES` that were not."""

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
    """Grade reference and alternatives `repeat` times per seed and number of workers, each time in another order.

    For each number of workers the cases are drawn once: that takes ten times as long as grading a solution on them.
    """
    jobs = [Job(e.id, name, code, seed) for e in exercises for name, code in alternatives(e) for seed in seeds]
    seen: dict[Job, list[Verdict]] = defaultdict(list)
    asked: dict[Key, list[Verdict]] = defaultdict(list)
    for count in workers:
        dice = random.Random(count)
        with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
            cases = drawn(pool, jobs, dice)
            for key, given in cases.items():
                asked[key].append(digests(given))
            for job, verdict in graded(pool, jobs * repeat, cases, dice):
                seen[job].append(verdict)
    flakes = [Flake(exercise, THE_CASES, seed, varied(found)) for (exercise, seed), found in asked.items() if len(set(found)) > 1]
    flakes += [Flake(j.exercise, j.name, j.seed, varied(found)) for j, found in seen.items() if len(set(found)) > 1]
    return Outcome(sum(map(len, seen.values())), tuple(flakes))


def varied(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    return tuple(sorted(set(verdicts)))


def drawn(pool: Executor, jobs: Iterable[Job], dice: random.Random) -> dict[Key, tuple[Case, ...]]:
    order = sorted({(job.exercise, job.seed) for job in jobs})
    dice.shuffle(order)
    return dict(zip(order, pool.map(cases_of, order), strict=True))


def cases_of(key: Key) -> tuple[Case, ...]:
    exercise, seed = key
    return tuple(draw(find(exercise), seed))


def digests(cases: Sequence[Case]) -> Verdict:
    texts: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        texts[case.criterion].append(json.dumps([case.number, case.inputs], sort_keys=True))
    return tuple((criterion, hashlib.sha256("\n".join(found).encode()).hexdigest()[:8]) for criterion, found in texts.items())


def graded(pool: Executor, jobs: Sequence[Job], cases: Mapping[Key, tuple[Case, ...]], dice: random.Random) -> Iterator[tuple[Job, Verdict]]:
    """Every job's verdict, formed in processes that have imported nothing of this one's state."""
    order = list(jobs)
    dice.shuffle(order)
    given = [cases[job.exercise, job.seed] for job in order]
    yield from zip(order, pool.map(verdict_on, order, given, chunksize=4), strict=True)


def verdict_on(job: Job, cases: tuple[Case, ...]) -> Verdict:
    return tuple((found.id, found.status.value) for found in findings_on(find(job.exercise), job.code, cases))
