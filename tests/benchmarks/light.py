"""The light assignment of the benchmark: six functions, one criterion each. The judge's process imports this and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.evidence import Evidence
from autograder.gateway.budget import Budget
from autograder.sandbox.limits import Limits
from autograder.verdict import Criterion, Finding, Json

FUNCTIONS = {
    "double": ("x", "return 2 * x"),
    "square": ("x", "return x * x"),
    "is_even": ("x", "return x % 2 == 0"),
    "digits": ("x", "return [int(d) for d in str(x)]"),
    "word": ("x", "return 'n' * x"),
    "table": ("x", "return {str(n): n * x for n in range(3)}"),
}


class Light:
    """Six criteria, one per function."""

    assignment = "light"
    title = "Six small functions"
    pass_mark = 1.0
    criteria = tuple(Criterion(name, name, 1) for name in FUNCTIONS)
    budget = Budget(calls=0)
    limits = Limits(wall_seconds=120, cell_seconds=60)
    model = "double:flaky"

    def prepare(self, seed: int, inputs: Path, *, model: str) -> Json:
        cases = [(seed * factor) % 97 for factor in (3, 5, 7)]
        (inputs / "cases.json").write_text(str(cases), encoding="utf-8")
        return {name: [answer(name, case) for case in cases] for name in FUNCTIONS}

    def judge(self, expected: Json, evidence: Path, ledger: Json) -> list[Finding]:
        found = Evidence(evidence)
        return [Finding.of(criterion, float(found.lines(criterion.id) == expected[criterion.id])) for criterion in self.criteria]


def source(name: str) -> str:
    argument, body = FUNCTIONS[name]
    return f"def {name}({argument}):\n    {body}"


def answer(name: str, case: int) -> Any:
    space: dict[str, Any] = {}
    exec(source(name), space)
    return space[name](case)
