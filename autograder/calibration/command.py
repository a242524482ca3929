"""`audit --calibrate MILESTONE`: where the gates of a milestone lie, and where other designs land under them."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..metrics import mean
from ..verdict import Finding, Json
from . import answers, report
from .companies import Companies
from .designs import REFERENCE, Design, designs, patched
from .distribution import Distribution, gates
from .landing import ANSWERS, SEARCH, Landing, figure, judged
from .report import Calibration, Gates
from .search import searched

LEAST = {"abstention": 0.52}
"""No gate of abstention lies where answering everything lands (.5), wherever the reference does."""
Told = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """Seeds of the reference's search, of the other designs' search, and how many further seeds are answered live."""

    milestone: str
    seeds: tuple[int, ...]
    design_seeds: tuple[int, ...]
    answers: int

    @property
    def command(self) -> str:
        chosen = f" --answers {self.answers}" if self.answers else ""
        return f"python3 -m autograder audit --calibrate {self.milestone} --seeds {len(self.seeds)} --design-seeds {len(self.design_seeds)}{chosen}"


def run(plan: Plan, *, write: bool) -> int:
    """Exit code: 0 when every design lands where its file says; else 1."""
    found = calibrate(plan, lambda text: print(text, file=sys.stderr))
    print(report.as_text(found))
    if write:
        report.write(found)
    return 1 if found.problems else 0


def calibrate(plan: Plan, told: Told) -> Calibration:
    """Distributions of the reference first, since the designs are judged under the gates that follow from them."""
    before = json.loads(report.gates_file(plan.milestone).read_text(encoding="utf-8"))["gates"]
    floors = {name: gate["floor"] for name, gate in before.items()}
    with Companies(plan.milestone) as companies, tempfile.TemporaryDirectory(prefix="autograder-designs-") as folder:
        bench = Bench(plan.milestone, companies, Path(folder), told)
        with answers.gateway(plan.milestone, live=plan.answers > 0) as gateway:
            found = [*searches(bench, plan.seeds, before), *replies(bench, plan.answers, gateway.url, before)]
            chosen = before | gates(found, floors, LEAST)
            searched = [bench.searched(design, plan.design_seeds, chosen) for design in (REFERENCE, *designs(plan.milestone, "search"))]
            recorded = answers.recorded_seeds(plan.milestone)
            answered = [bench.answered(design, recorded, gateway.url, chosen) for design in (REFERENCE, *designs(plan.milestone, "answers"))]
    return Calibration(plan.milestone, plan.command, chosen, found, {"search": searched, "answers": [landing for landing in answered if landing]})


class Bench:
    """Designs tried on companies; each is copied once into `folder`."""

    def __init__(self, milestone: str, companies: Companies, folder: Path, told: Told) -> None:
        self.milestone = milestone
        self.companies = companies
        self.folder = folder
        self.told = told

    def home(self, design: Design) -> Path:
        where = self.folder / design.name
        return where / self.milestone if where.exists() else patched(self.milestone, [design], where)

    def searched(self, design: Design, seeds: Sequence[int], under: Gates) -> Landing:
        rows = []
        for seed in seeds:
            drawn = self.companies.of(seed)
            rows.append(judged(self.milestone, drawn.expected, {"retrieval": searched(self.home(design), drawn)}, under))
            self.tell(design, seed, rows[-1], SEARCH)
        return landing(design, seeds, rows, SEARCH)

    def answered(self, design: Design, seeds: Sequence[int], url: str, under: Gates) -> Landing | None:
        """None when it asks what is not recorded and no model may be asked."""
        rows = []
        for seed in seeds:
            try:
                rows.append(judged(self.milestone, self.companies.of(seed).expected, {"answers": self.answers(design, seed, url)}, under))
            except answers.NotRecorded as problem:
                self.told(f"{problem} Left out; --answers 1 asks the model.")
                return None
            self.tell(design, seed, rows[-1], ANSWERS)
        return landing(design, seeds, rows, ANSWERS)

    def answers(self, design: Design, seed: int, url: str) -> list[Json]:
        return answers.answered(self.milestone, self.home(design), self.companies.of(seed), url)

    def tell(self, design: Design, seed: int, found: Mapping[str, Finding], criteria: Sequence[str]) -> None:
        figures = [f"{name} {value:.3f}" for name in criteria if (value := figure(found[name])) is not None]
        self.told(f"{design.name}, seed {seed}: {', '.join(figures)}")


def landing(design: Design, seeds: Sequence[int], rows: Sequence[Mapping[str, Finding]], criteria: Sequence[str]) -> Landing:
    return Landing(design, tuple(seeds), {name: [row[name] for row in rows] for name in criteria})


def searches(bench: Bench, seeds: Sequence[int], under: Gates) -> list[Distribution]:
    """Of the reference's search, for each of its criteria that has a gate."""
    found = bench.searched(REFERENCE, seeds, under).findings
    sample = f"the search on {len(seeds)} seeds"
    return [
        Distribution(name, tuple(value for value in map(figure, found[name]) if value is not None), mean([one.detail["n"] for one in found[name]]), sample)
        for name in SEARCH
        if name in under
    ]


def replies(bench: Bench, live: int, url: str, under: Gates) -> list[Distribution]:
    """Of the reference's answers: on the recorded seeds, and on `live` seeds beyond."""
    recorded = answers.recorded_seeds(bench.milestone)
    seeds = [*recorded, *range(max(recorded) + 1, max(recorded) + 1 + live)]
    pool: list[answers.Outcome] = []
    for seed in seeds:
        drawn = bench.companies.of(seed)
        pool += answers.outcomes(bench.milestone, drawn, bench.answers(REFERENCE, seed, url), under)
        bench.told(f"answers, seed {seed}: {len(pool)} in the pool")
    return answers.resampled(pool, answers.run_size(bench.companies.of(seeds[0]).expected), len(seeds), live)
