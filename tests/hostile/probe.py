"""Attacks on the probe, which drives a learner's code inside the learner's own kernel: it can be replaced, and that must gain nothing.

The criteria are those of exercise 0.1-rate and 0.1-budget, in order. Only the first is attacked; the second stays unsolved.
"""

from __future__ import annotations

from autograder.checks import of_notebook

from .assignment import RATE, probed
from .case import Case, Make, written

CRITERIA = [(exercise.id, prop.criterion) for exercise in of_notebook("0.1") for prop in exercise]
WORTH = sum(criterion.max_score for exercise, criterion in CRITERIA if exercise == "0.1-rate")


def notebook(rate: str) -> Make:
    def made() -> object:
        found = probed()
        found.cells[1].source = rate
        return found

    return written(made)  # type: ignore[arg-type]


def probe(says: str, status: str, rate: str, other: str = "fail") -> Case:
    """Every criterion of the attacked exercise has `status`; those of the unsolved one fail, as its stub raises, unless `other` says more."""
    criteria = tuple(status if exercise == "0.1-rate" else other for exercise, _ in CRITERIA)
    return Case(says, notebook(rate), "fail", criteria, WORTH if status == "pass" else 0.0)


WRONG = "def tokens_per_second(reply):\n    return {'prompt': 1.0, 'generation': 1.0}\n"
FORGED = """
import json, os
job = json.load(open("/inputs/cases/0.1-rate.json"))
with open(os.environ["AUTOGRADER_EVIDENCE"] + "/0.1-rate.jsonl", "w") as file:
    for case in job["cases"]:
        file.write(json.dumps({"criterion": case["criterion"], "number": case["number"], "observation": OBSERVATION}) + "\\n")
"""

CASES: tuple[Case, ...] = (
    probe("An honest solution passes the probe", "pass", RATE),
    probe("A check that does nothing is no evidence", "error", WRONG + "check = lambda *a, **k: print('all met')", "error"),
    probe("A check replaced in its own package is no evidence", "error",
          WRONG + "import sys, autograder.probe\nsys.modules['autograder.probe.check'].record = lambda *a: None", "error"),
    probe("An observer that always sees the same is wrong evidence", "fail",
          WRONG + "import sys\nsys.modules['autograder.probe.check'].observe = lambda *a, **k: {'value': {'prompt': 1.0, 'generation': 1.0}}"),
    probe("Evidence for all criteria written before the check is wrong evidence", "fail", WRONG + "OBSERVATION = {'value': {'prompt': 1.0, 'generation': 1.0}}" + FORGED),
    probe("Observations of no shape are wrong evidence", "fail", WRONG + "OBSERVATION = [1, {'value': None}]" + FORGED),
    probe("An observation that claims to have passed is wrong evidence", "fail",
          WRONG + "OBSERVATION = {'value': {'status': 'pass', 'score': 2}, 'status': 'pass', 'score': 2}" + FORGED),
    probe("Numbers beyond every float are wrong evidence", "fail", WRONG + "OBSERVATION = {'value': {'prompt': 10 ** 4000, 'generation': -10 ** 4000}}" + FORGED),
    probe("Records of unknown criteria are ignored", "error", WRONG + "check = lambda *a: None\n" + FORGED.replace('case["criterion"]', '"everything"').replace("OBSERVATION", "1"),
          "error"),
    probe("A clock that never rings does not make a wrong answer right", "fail", WRONG + "import signal\nsignal.setitimer = lambda *a: None"),
    probe("A value that changes while it is looked at is written out once", "fail",
          "class Mood(dict):\n    def items(self): return [('prompt', 1.0)]\ndef tokens_per_second(reply):\n    return Mood(prompt=1.0)"),
)  # fmt: skip
