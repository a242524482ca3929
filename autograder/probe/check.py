"""`check("1.1-retry")`: in JupyterLab it finds the smallest failing example and shows it; in a graded run it records."""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any

from . import evidence
from .feedback import show
from .hints import hint, solution
from .observation import observe
from .observers import find as find_observer


def check(exercise: str) -> None:
    """Check your solution of an exercise. Shows what is met, and for the first thing that is not, the smallest example found."""
    learner = namespace(sys._getframe(1).f_globals)
    if evidence.graded():
        record(exercise, learner)
        return
    from .interactive import examine

    offer_help(learner)
    show(examine(exercise, learner))


def namespace(caller: dict[str, Any]) -> dict[str, Any]:
    """Where the learner's names live: IPython's user namespace, or the caller's globals outside of it."""
    with contextlib.suppress(ImportError):
        from IPython.core.getipython import get_ipython

        shell = get_ipython()
        if shell is not None:
            found: dict[str, Any] = shell.user_ns
            return found
    return caller


def offer_help(learner: dict[str, Any]) -> None:
    """`hint` and `solution` are there once a check names them, whatever the notebook imports; a name of the learner's own stays."""
    learner.setdefault("hint", hint)
    learner.setdefault("solution", solution)


def record(exercise: str, learner: dict[str, Any]) -> None:
    """Run every case of the graded run and write what was seen; a case is {"criterion", "number", "inputs"}."""
    job = json.loads((evidence.inputs() / "cases" / f"{exercise}.json").read_text(encoding="utf-8"))
    names = tuple(job["names"])
    absent = [name for name in names if name not in learner]
    for case in job["cases"]:
        if absent:
            seen: dict[str, Any] = {"raised": {"type": "NameError", "message": f"{absent[0]} is not defined", "lines": []}}
        else:
            seen = observe(find_observer(exercise, job["observe"]), learner, names, case["inputs"])
        evidence.hand_in(exercise, {"criterion": case["criterion"], "number": case["number"], "observation": seen})
    print(f"{exercise}: {len(job['cases'])} observations handed in")
