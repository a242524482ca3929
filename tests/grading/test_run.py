"""One submission from end to end: a real kernel in the sandbox, a real gateway, a judge of its own."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.grading.errors import JournalError, OutputError
from autograder.grading.judge_server import JudgeServer, can_fork
from autograder.paths import course_root
from autograder.sandbox import available
from autograder.verdict import Status

from . import tiny
from .fixtures import GradeTiny

pytestmark = [pytest.mark.sandbox, pytest.mark.skipif(not available(), reason=f"nothing isolates here: {available().why}")]
LIGHT = {"model": "double:flaky"}
ASK = "import ollama\n\ndef ask(question):\n    return ollama.chat(model=MODEL, messages=[{'role': 'user', 'content': question}])['message']['content']"


def statuses(graded: object) -> tuple[Status, ...]:
    return tuple(row.status for row in graded.report.criteria)  # type: ignore[attr-defined]


def test_a_right_solution_with_calls_to_the_model_has_full_marks(grade_tiny: GradeTiny) -> None:
    report = grade_tiny(tiny.solved(ask=ASK), **LIGHT).report
    assert (report.status, report.score, report.exit_code, report.sandbox) == (Status.PASS, 5.0, 0, "bubblewrap")
    assert (report.ledger.calls, report.model.tag) == (2, "double:flaky")
    assert {"rebuild", "run", "kernel start", "judge"} <= set(report.stages)


def test_a_cell_that_raises_costs_its_own_criterion_only(grade_tiny: GradeTiny) -> None:
    graded = grade_tiny(tiny.solved(add="def add(a, b):\n    return a / 0"), **LIGHT)
    assert statuses(graded) == (Status.ERROR, Status.PASS, Status.ERROR)
    assert (graded.report.raised[0].kind, graded.report.raised[0].line) == ("ZeroDivisionError", "line 2: return a / 0")


def test_the_model_and_seed_of_the_run_are_the_ones_injected(grade_tiny: GradeTiny) -> None:
    graded = grade_tiny(tiny.solved(shout="def shout(word):\n    return word.upper() if MODEL == 'double:flaky' else MODEL"), **LIGHT)
    assert statuses(graded)[1] is Status.PASS


def test_an_early_end_keeps_what_was_handed_in(grade_tiny: GradeTiny) -> None:
    graded = grade_tiny(tiny.solved(shout="import os\nos._exit(3)"), **LIGHT)
    assert statuses(graded) == (Status.PASS, Status.DEAD_KERNEL, Status.DEAD_KERNEL)
    assert graded.report.score == 2.0 and "exit code 3" in graded.report.why


def test_the_same_submission_and_seed_come_from_the_journal(grade_tiny: GradeTiny) -> None:
    first, again = grade_tiny(tiny.solved(), **LIGHT), grade_tiny(tiny.solved(), **LIGHT)
    other = grade_tiny(tiny.solved(), seed=8, **LIGHT)
    assert (first.reused, again.reused, other.reused) == (False, True, False)
    assert again.report == first.report and other.report.criteria[0].observed != first.report.criteria[0].observed


@pytest.mark.skipif(not can_fork(), reason="the server forks")
def test_a_judge_that_serves_many_gives_the_verdict_of_a_fresh_one(grade_tiny: GradeTiny) -> None:
    fresh = grade_tiny(tiny.solved(), again=True, **LIGHT).report
    with JudgeServer() as server:
        served = [grade_tiny(tiny.solved(), again=True, judge=server, **LIGHT).report for _ in range(2)]
    assert [report.criteria for report in served] == [fresh.criteria] * 2


@pytest.mark.skipif(not can_fork(), reason="the server forks")
def test_a_rubric_that_crashes_is_the_graders_fault_and_the_server_goes_on(grade_tiny: GradeTiny) -> None:
    with JudgeServer() as server:
        broken = grade_tiny(tiny.solved(), assignment="broken", judge=server, **LIGHT).report
        after = grade_tiny(tiny.solved(), judge=server, **LIGHT).report
    assert (broken.exit_code, broken.status, broken.score) == (3, Status.ERROR, 0.0)
    assert "the rubric itself is broken" in broken.why and "report it" in broken.why
    assert (after.status, after.score) == (Status.PASS, 4.0)


def test_a_folder_that_cannot_be_written_is_one_sentence_and_the_result_is_kept(grade_tiny: GradeTiny, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(OutputError, match="kept in the journal"):
        grade_tiny(tiny.solved(), out=tmp_path / "file" / "out", **LIGHT)
    later = grade_tiny(tiny.solved(), out=tmp_path / "elsewhere", **LIGHT)
    assert later.reused and later.report.score == 4.0 and later.files[0].is_file()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting takes root")
def test_a_read_only_folder_is_one_sentence_and_the_result_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "read-only"
    out.mkdir()
    done = elsewhere(tmp_path, f"mount -t tmpfs -o ro tmpfs {out}", out)
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1
    assert "cannot be written" in done.stderr and "Read-only file system" in done.stderr and "kept in the journal" in done.stderr
    assert finished(tmp_path / "journal.sqlite") == [4.0]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting takes root")
def test_a_full_disk_under_the_journal_is_one_sentence(tmp_path: Path) -> None:
    """The disk has room for the journal's tables and for nothing else."""
    full = tmp_path / "full"
    full.mkdir()
    done = elsewhere(tmp_path, f"mount -t tmpfs -o size=40k tmpfs {full}", tmp_path / "out", journal=full / "journal.sqlite")
    assert done.returncode == 3 and len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "cannot be used" in done.stderr and "disk space" in done.stderr


def finished(journal: Path) -> list[float]:
    """The scores of all finished runs in a journal."""
    with sqlite3.connect(journal) as db:
        return [json.loads(text)["score"] for (text,) in db.execute("SELECT report FROM results ORDER BY run")]


def test_a_journal_that_may_not_grow_keeps_what_it_holds(grade_tiny: GradeTiny, tmp_path: Path) -> None:
    first = grade_tiny(tiny.solved(), **LIGHT)
    size = sum(path.stat().st_size for path in tmp_path.glob("journal.sqlite*"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(1, size // 2), hard))
    try:
        with pytest.raises(JournalError, match="cannot be used"):
            grade_tiny(tiny.solved(add="def add(a, b):\n    return b + a"), **LIGHT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    again = grade_tiny(tiny.solved(), **LIGHT)
    assert again.reused and again.report == first.report


def elsewhere(tmp_path: Path, mount: str, out: Path, journal: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Grades in a process with a mount of its own; what it prints on stderr is what a person reads."""
    work = tmp_path / "work"
    work.mkdir()
    nbformat.write(tiny.solved(), work / "tiny.ipynb")
    (tmp_path / "release").mkdir()
    code = (
        "import sys; from pathlib import Path; from autograder.grading import grade, Options; from autograder.errors import CourseError\n"
        "from tests.grading import tiny; tiny.register(Path(sys.argv[1]) / 'release')\n"
        "options = Options(seed=7, model='double:flaky', out=Path(sys.argv[2]), journal=Path(sys.argv[3]))\n"
        "try: grade(Path(sys.argv[1]) / 'work' / 'tiny.ipynb', options)\n"
        "except CourseError as error: print(error, file=sys.stderr); sys.exit(error.exit_code)\n"
    )
    python = [sys.executable, "-c", code, str(tmp_path), str(out), str(journal or tmp_path / "journal.sqlite")]
    words = ["unshare", "--mount", "--propagation", "private", "sh", "-c", f'{mount} && exec "$@"', "sh", *python]
    assert shutil.which("unshare")
    return subprocess.run(words, cwd=course_root(), capture_output=True, text=True, check=False)


def test_the_inputs_hold_no_expected_answer(tmp_path: Path) -> None:
    """What `prepare` writes for the sandbox, against what it returns for the judge alone, in every rubric there is."""
    from autograder import rubrics
    from autograder.checks import all_exercises

    for notebook in sorted({exercise.notebook for exercise in all_exercises()}):
        inputs = tmp_path / notebook
        inputs.mkdir()
        rubrics.load(f"exercises:{notebook}").prepare(3, inputs, model="double:flaky")
        for path in (inputs / "cases").glob("*.json"):
            job = json.loads(path.read_text(encoding="utf-8"))
            assert set(job) == {"names", "observe", "cases"}
            assert all(set(case) == {"criterion", "number", "inputs"} for case in job["cases"])
