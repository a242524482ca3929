"""A test-only assignment, small enough to grade in a second: three functions, three criteria, one of them needs the model."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.evidence import Evidence, EvidenceError
from autograder.gateway.budget import Budget
from autograder.grading import assignments
from autograder.sandbox.limits import Limits
from autograder.verdict import Criterion, Finding, Json, Status

ADD = Criterion("add", "Adds two numbers", 2, "Use +.")
SHOUT = Criterion("shout", "Shouts a word", 2, "str.upper")
ASK = Criterion("ask", "Answers come from the model", 1, "Call ollama.chat once per question.")

SETUP = """import json, os
from pathlib import Path
inputs = json.loads((Path(os.environ["AUTOGRADER_INPUTS"]) / "cases.json").read_text(encoding="utf-8"))
def hand_in(name, record):
    with open(Path(os.environ["AUTOGRADER_EVIDENCE"]) / f"{name}.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\\n")"""

STUB = "def {0}({1}):\n    raise NotImplementedError"
SOLUTIONS = {
    "add": "def add(a, b):\n    return a + b",
    "shout": "def shout(word):\n    return word.upper()",
    "ask": "import ollama\n\ndef ask(question):\n"
    '    reply = ollama.chat(model=MODEL, messages=[{"role": "user", "content": question}], options={"num_predict": 3})\n'
    '    return reply["message"]["content"]',
}


class Tiny:
    assignment = "tiny"
    title = "A tiny assignment"
    pass_mark = 0.75
    criteria = (ADD, SHOUT, ASK)
    budget = Budget(calls=5)
    limits = Limits(wall_seconds=60, cell_seconds=15, memory_bytes=1 << 30)
    model = "smollm2:135m"

    def prepare(self, seed: int, inputs: Path, *, model: str) -> Json:
        rng = random.Random(seed)
        pairs = [[rng.randrange(1000), rng.randrange(1000)] for _ in range(5)]
        words = ["".join(rng.choices("abcdefgh", k=6)) for _ in range(5)]
        cases = {"pairs": pairs, "words": words, "questions": ["Say yes.", "Say no."]}
        (inputs / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
        return cases

    def judge(self, expected: Json, evidence: Path, ledger: Json) -> list[Finding]:
        if expected.get("crash"):
            raise RuntimeError("the rubric itself is broken")
        found = Evidence(evidence)
        calls = sum(call["status"] == 200 and call["endpoint"].endswith("chat") for call in ledger["calls"])
        questions: list[tuple[Criterion, Callable[[], Finding | None]]] = [
            (ADD, lambda: compare(ADD, found.lines("add"), [a + b for a, b in expected["pairs"]])),
            (SHOUT, lambda: compare(SHOUT, found.lines("shout"), [w.upper() for w in expected["words"]])),
            (ASK, lambda: answered(found.lines("ask"), calls, len(expected["questions"]))),
        ]
        findings = []
        for criterion, question in questions:
            try:
                finding = question()
            except EvidenceError as error:
                finding = Finding.missing(criterion, error.status, str(error))
            findings += [finding] if finding else []
        return findings


def compare(criterion: Criterion, seen: list[Json], wanted: list[Json]) -> Finding | None:
    """Exact values of exact types; none of the evidence, no finding."""
    if not seen:
        return None
    right = [type(a) is type(b) and a == b for a, b in zip(seen, wanted, strict=False)]
    return Finding.of(criterion, sum(right) / len(wanted), expected=str(wanted), observed=str(seen)[:500])


def answered(answers: list[Json], calls: int, wanted: int) -> Finding | None:
    if not answers:
        return None
    return Finding.of(ASK, float(len(answers) == wanted and calls >= wanted), observed=f"{len(answers)} answers, {calls} calls: {answers}")


class Broken(Tiny):
    """Its judge crashes."""

    def prepare(self, seed: int, inputs: Path, *, model: str) -> Json:
        return {**super().prepare(seed, inputs, model=model), "crash": True}


def locked(grade_id: str, source: str) -> NotebookNode:
    data = {"grade_id": grade_id, "solution": False, "grade": True, "locked": True, "points": 1, "schema_version": 3}
    return new_code_cell(source, metadata={"nbgrader": data, "deletable": False, "editable": False}, id=grade_id)


def solution(grade_id: str, source: str) -> NotebookNode:
    data = {"grade_id": grade_id, "solution": True, "grade": False, "locked": False, "schema_version": 3}
    return new_code_cell(source, metadata={"nbgrader": data}, id=grade_id)


def release() -> NotebookNode:
    """The notebook as a learner receives it."""
    return new_notebook(
        cells=[
            new_markdown_cell("# A tiny assignment", id="title"),
            new_code_cell('MODEL = "smollm2:135m"', metadata={"tags": ["parameters"]}, id="parameters"),
            locked("setup", SETUP),
            solution("add", STUB.format("add", "a, b")),
            locked("hand-in-add", 'for pair in inputs["pairs"]:\n    hand_in("add", add(*pair))'),
            solution("shout", STUB.format("shout", "word")),
            locked("hand-in-shout", 'for word in inputs["words"]:\n    hand_in("shout", shout(word))'),
            solution("ask", STUB.format("ask", "question")),
            locked("hand-in-ask", 'for question in inputs["questions"]:\n    hand_in("ask", ask(question))'),
        ],
        metadata={"autograder": {"assignment": "tiny"}, "kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


def solved(**changes: str) -> NotebookNode:
    """The release with the solutions filled in, or with `changes` (grade_id -> source) instead. `ask` is left as the stub
    unless it is given, so that a test that is not about the model needs none."""
    notebook = release()
    sources: dict[str, str] = {"add": SOLUTIONS["add"], "shout": SOLUTIONS["shout"], **changes}
    for cell in notebook.cells:
        cell.source = sources.get(cell.id, cell.source)
    return notebook


def cell(notebook: NotebookNode, name: str) -> Any:
    return next(c for c in notebook.cells if c.get("id") == name)


def register(folder: Path) -> None:
    """Write the release into `folder` and make `tiny` and `broken` known to the grader."""
    path = folder / "tiny.ipynb"
    nbformat.write(release(), path)
    assignments.register(assignments.Assignment("tiny", path, "tests.grading.tiny:Tiny"))
    assignments.register(assignments.Assignment("broken", path, "tests.grading.tiny:Broken"))


MISSING = (Status.PASS, Status.PASS, Status.ERROR)
"""What `solved()` comes to: the stub of `ask` raises, so there is no evidence for it."""
