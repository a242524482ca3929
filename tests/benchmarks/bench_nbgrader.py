"""Our grading against `nbgrader autograde`: the same light notebooks of the same learners, in turns, in one run.

    python -m tests.benchmarks.bench_nbgrader [--learners 20] [--rounds 2] [--workers 2]

A notebook holds six solution cells and six graded cells and imports nothing heavy. nbgrader runs it with the caller's rights and believes
its asserts; ours runs in the sandbox, on inputs drawn from a seed, and is judged outside. Each round grades every learner with each, both
from a cold start. Prints submissions per minute, their ratio, and where our time goes per submission.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading import Options, assignments
from autograder.grading.batch import grade_batch
from autograder.sandbox import available

from .light import FUNCTIONS, Light, answer, source

SETUP = """import json, os
cases = json.load(open(os.environ["AUTOGRADER_INPUTS"] + "/cases.json")) if "AUTOGRADER_INPUTS" in os.environ else [1, 2, 5]
def hand_in(name, records):
    with open(os.path.join(os.environ.get("AUTOGRADER_EVIDENCE", "."), name + ".jsonl"), "w") as file:
        file.writelines(json.dumps(record) + "\\n" for record in records)"""


def cell(text: str, grade_id: str, *, solution: bool = False, grade: bool = False) -> NotebookNode:
    data = {"grade_id": grade_id, "solution": solution, "grade": grade, "locked": not solution, "schema_version": 3, "task": False}
    if grade:
        data["points"] = 1
    return new_code_cell(text, metadata={"nbgrader": data}, id=grade_id)


def notebook(learner: int | None = None) -> NotebookNode:
    """The release, or what a learner hands in; each learner's is a little different."""
    cells = [cell(SETUP, "setup")]
    for name in FUNCTIONS:
        text = f"def {name}(x):\n    raise NotImplementedError" if learner is None else f"{source(name)}  # learner {learner}"
        check = f'hand_in("{name}", [{name}(case) for case in cases])\nassert {name}(1) == {answer(name, 1)!r}\nassert {name}(3) == {answer(name, 3)!r}'
        cells += [cell(text, name, solution=True), cell(check, f"check-{name}", grade=True)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"autograder": {"assignment": "light"}, "kernelspec": kernel})


def lay_out(root: Path, learners: int) -> dict[str, Path]:
    """nbgrader's folders, which ours reads too: the release and everybody's submission."""
    release = root / "course" / "source" / "light"
    release.mkdir(parents=True)
    nbformat.write(notebook(), release / "light.ipynb")
    assignments.register(assignments.Assignment("light", release / "light.ipynb", f"{Light.__module__}:Light"))
    submissions = {}
    for number in range(learners):
        folder = root / "course" / "submitted" / f"learner{number:02d}" / "light"
        folder.mkdir(parents=True)
        nbformat.write(notebook(number), folder / "light.ipynb")
        submissions[f"learner{number:02d}"] = folder
    (root / "course" / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'c'\n", encoding="utf-8")
    nbgrader(root, "generate_assignment", "light")
    return submissions


def nbgrader(root: Path, *words: str) -> None:
    program = Path(sys.executable).with_name("nbgrader")
    env = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([program, *words], cwd=root / "course", env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"nbgrader {' '.join(words)} failed:\n{done.stderr[-3000:]}")


def theirs(root: Path, learners: int) -> float:
    """Seconds for all learners, in one call, the way nbgrader is quickest."""
    shutil.rmtree(root / "course" / "autograded", ignore_errors=True)
    began = time.perf_counter()
    nbgrader(root, "autograde", "light", "--force")
    took = time.perf_counter() - began
    graded = list((root / "course" / "autograded").glob("*/light/light.ipynb"))
    if len(graded) != learners:
        raise SystemExit(f"nbgrader graded {len(graded)} of {learners}")
    return took


def ours(root: Path, submissions: dict[str, Path], workers: int, number: int) -> tuple[float, list[dict[str, float]]]:
    """Seconds for all learners, the start of the workers included, and the stages of each."""
    code = "from tests.benchmarks import bench_nbgrader as b; b.measured()"
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, str(root), str(workers), str(number)], capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return took, [json.loads(line) for line in done.stdout.splitlines()]


def measured() -> None:
    """What the process of one round does: grades everybody, and prints each submission's stages."""
    root, workers, number = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    release = root / "course" / "source" / "light" / "light.ipynb"
    assignments.register(assignments.Assignment("light", release, f"{Light.__module__}:Light"))
    submissions = {path.name: path / "light" for path in sorted((root / "course" / "submitted").iterdir())}
    options = Options(seed=7, model=Light.model, out=root / f"reports{number}", journal=root / f"journal{number}.sqlite", formats=("html", "json"))
    for name, result in grade_batch(submissions, options, workers=workers).items():
        if result.graded is None or not result.graded.report.passed:
            raise SystemExit(f"{name}: {result.error or result.graded}")
        report = result.graded.report
        start, run = report.stages["kernel start"], report.stages["run"]
        print(json.dumps({"kernel start": start, "cells and end": run - start, "judge": report.stages["judge"], "whole": report.seconds}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("learners", 20), ("rounds", 2), ("workers", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    args = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="bench-nbgrader-"))
    try:
        submissions = lay_out(root, args.learners)
        print(f"{args.learners} learners, six graded cells each; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; our sandbox: {available().kind}")
        ratios, stages = [], []
        for number in range(args.rounds):
            nb = theirs(root, args.learners)
            us, seen = ours(root, submissions, args.workers, number)
            stages += seen
            ratios.append(nb / us)
            rates = f"nbgrader {60 * args.learners / nb:6.1f} a minute, ours {60 * args.learners / us:6.1f}"
            print(f"  round {number + 1}: {rates}; ratio {nb / us:.2f}", flush=True)
        print(f"Ratio of submissions per minute, median of {args.rounds} rounds: {statistics.median(ratios):.2f}")
        print("Seconds per submission, medians: " + ", ".join(f"{name} {statistics.median(s[name] for s in stages):.3f}" for name in stages[0]))
    finally:
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
