"""A figure over many runs of the reference, and the gate that lies below it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from ..verdict import Json

STEP, COARSE = 0.01, 0.05
"""Gates are multiples of the first; of the second where runs are resampled from a small pool, whose percentiles are rough."""


@dataclass(frozen=True)
class Distribution:
    """`values`: the figure in each run; `cases`: how many questions or citations a run has, on average; `sample`: what the runs were, in words."""

    criterion: str
    values: tuple[float, ...]
    cases: float
    sample: str
    resampled: bool = False

    @property
    def mean(self) -> float:
        return float(np.mean(self.values))

    @property
    def sd(self) -> float:
        """Of single runs; 0 when there is only one."""
        return float(np.std(self.values, ddof=1)) if len(self.values) > 1 else 0.0

    @property
    def p5(self) -> float:
        return float(np.quantile(self.values, 0.05))

    @property
    def step(self) -> float:
        return COARSE if self.resampled else STEP

    @property
    def gate(self) -> float:
        """The highest multiple of `step` that is lower than the 5th percentile."""
        return round(max(0, math.ceil(round(self.p5 / self.step, 4)) - 1) * self.step, 2)

    @property
    def least(self) -> float:
        return min(self.values)

    def below(self, gate: float) -> float:
        """The probability that a run of the reference lies below `gate`: counted in resampled runs, of a normal distribution in a few real ones."""
        if self.resampled or self.sd == 0:
            return float(np.mean([value < gate for value in self.values]))
        return NormalDist(self.mean, self.sd).cdf(gate)

    def as_json(self, gate: float) -> Json:
        figures = {"mean": self.mean, "sd": self.sd, "p5": self.p5, "min": self.least, "below_gate": self.below(gate)}
        told = {"runs": len(self.values), "cases": round(self.cases, 1), "step": self.step, "sample": self.sample}
        return told | {name: round(value, 4) for name, value in figures.items()}


def gates(found: Sequence[Distribution], floors: dict[str, float], least: dict[str, float]) -> dict[str, dict[str, float]]:
    """Gate and floor by criterion; a criterion in `least` gets no gate below that."""
    return {one.criterion: {"gate": max(one.gate, least.get(one.criterion, 0.0)), "floor": floors[one.criterion]} for one in found}
