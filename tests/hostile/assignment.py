"""What hostile submissions are graded against: the tiny assignment with short limits, and one whose evidence the probe writes."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.gateway.budget import Budget
from autograder.grading import assignments
from autograder.sandbox.limits import MIB, Limits
from tests.grading import tiny

MODEL = "double:flaky"
"""A model without weights that answers with what it was last told."""
SEED = 7
RATE = """def tokens_per_second(reply):
    def rate(count, nanoseconds):
        return count / nanoseconds * 1e9 if count and nanoseconds else None
    return {
        "prompt": rate(reply.get("prompt_eval_count"), reply.get("prompt_eval_duration")),
        "generation": rate(reply.get("eval_count"), reply.get("eval_duration")),
    }"""


class Hostile(tiny.Tiny):
    assignment = "hostile"
    budget = Budget(calls=5)
    limits = Limits(
        wall_seconds=60, cell_seconds=15, memory_bytes=1024 * MIB, processes=48, file_bytes=32 * MIB, work_bytes=64 * MIB, output_bytes=MIB
    )
    model = MODEL


def probed() -> NotebookNode:
    """A notebook with one exercise of the course, checked as learners know it: `check("0.1-rate")`."""
    return new_notebook(
        cells=[
            tiny.locked("setup", "from autograder.probe import check"),
            tiny.solution("rate", "def tokens_per_second(reply):\n    raise NotImplementedError"),
            tiny.locked("check-rate", 'check("0.1-rate")'),
            tiny.solution("budget", "def timeout_for(*args, **kwargs):\n    raise NotImplementedError"),
            tiny.locked("check-budget", 'check("0.1-budget")'),
        ],
        metadata={"autograder": {"assignment": "probed"}, "kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


def register(folder: Path) -> None:
    release = tiny.release()
    release.metadata["autograder"]["assignment"] = "hostile"
    release.cells[1].source = f'MODEL = "{MODEL}"'
    for name, notebook, rubric in (("hostile", release, f"{__name__}:Hostile"), ("probed", probed(), "exercises:0.1")):
        nbformat.write(notebook, folder / f"{name}.ipynb")
        assignments.register(assignments.Assignment(name, folder / f"{name}.ipynb", rubric))


def solved(**changes: str) -> NotebookNode:
    """The release with right solutions for `add` and `shout` and an empty stub for `ask`, or `changes` (grade_id -> source) instead."""
    notebook = tiny.solved(**changes)
    notebook.metadata["autograder"]["assignment"] = "hostile"
    return notebook


def extra(source: str, **metadata: object) -> NotebookNode:
    return new_code_cell(source, metadata=metadata)
