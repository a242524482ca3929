"""What a learner gets from `check`, in one process: the smallest example, their own lines, one sentence for everything else."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from autograder import checks
from autograder.checks.audit import PRELUDE
from autograder.probe import progress
from autograder.probe.feedback import CheckResult, pretty
from autograder.probe.hints import source
from autograder.probe.interactive import examine


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path))


def checked(id: str, code: str) -> CheckResult:
    learner: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(PRELUDE + code, "cell", "exec"), learner)
    return examine(id, learner)


@pytest.mark.parametrize("exercise", checks.all_exercises(), ids=lambda exercise: exercise.id)
def test_the_reference_meets_everything(exercise: checks.Exercise) -> None:
    result = checked(exercise.id, source(exercise.notebook, exercise.cell))
    assert result.passed and result.failure is None and len(result.lines) == len(exercise.properties)


@pytest.mark.parametrize("exercise", checks.all_exercises(), ids=lambda exercise: exercise.id)
def test_a_stub_is_told_to_be_written_and_is_no_attempt(exercise: checks.Exercise) -> None:
    stub = "\n".join(f"def {name}(*args, **kwargs):\n    raise NotImplementedError('write it')" for name in exercise.names)
    result = checked(exercise.id, stub)
    assert not result.passed and "is not written yet" in result.note and f'hint("{exercise.id}")' in repr(result)
    assert progress.attempts(exercise.id) == 0


def test_a_name_that_is_not_there_and_an_exercise_that_does_not_exist_are_sentences() -> None:
    assert "There is no timeout_for yet" in checked("0.1-budget", "").note
    unknown = checked("0.1-bugdet", "")
    assert "Did you mean 0.1-budget" in unknown.note and "hint" not in repr(unknown)


def test_the_example_is_the_smallest_there_is() -> None:
    """Any failure after a first one that may pass is found; the smallest has one step and nothing that does not matter."""
    result = checked("1.1-retry", "def call_with_retry(transport, *, max_attempts=5, deadline=10.0, clock):\n    return transport(timeout=deadline)")
    assert [line.mark for line in result.lines] == ["✗", "·", "·", "·", "·"]
    assert result.failure is not None
    script = result.failure["inputs"]["script"]
    assert len(script) == 2 and all(step["takes"] == 0.0 and "retry_after" not in step for step in script)
    assert result.failure["expected"] == "2 attempts and the reply 200"
    assert result.failure["got"].startswith("1 attempt and 429")


def test_a_later_criterion_is_shown_once_the_earlier_ones_are_met() -> None:
    code = "def handle(key, body, store, act):\n    if key not in store:\n        store[key] = (200, act(body))\n    return store[key]"
    result = checked("1.1-idempotent", code)
    assert [line.mark for line in result.lines] == ["✓", "✗", "·"]
    assert result.failure is not None and len(result.failure["inputs"]["requests"]) == 2


def test_an_exception_shows_the_learners_lines_only() -> None:
    result = checked("0.1-rate", "def tokens_per_second(reply):\n    return ratio(reply)\n\ndef ratio(reply):\n    return reply['evil_count']")
    assert result.failure is not None
    assert result.failure["got"].startswith("KeyError: 'evil_count' (line ")
    for text in (repr(result), result._repr_html_()):
        assert "Traceback" not in text and "observers" not in text and "hypothesis" not in text


def test_what_the_code_printed_is_shown_with_the_example_and_nowhere_else(capsys: pytest.CaptureFixture[str]) -> None:
    result = checked("0.1-rate", "def tokens_per_second(reply):\n    print('I saw', len(reply))\n    return {}")
    assert "I saw" in repr(result) and capsys.readouterr().out == ""


def test_what_learners_write_is_escaped() -> None:
    result = checked("1.1-idempotent", "def handle(key, body, store, act):\n    raise ValueError('<script>alert(1)</script>')")
    assert "<script>" not in result._repr_html_() and "&lt;script&gt;" in result._repr_html_()


@pytest.mark.parametrize(
    ("id", "code"),
    [
        ("0.1-rate", "def tokens_per_second(reply):\n    while True:\n        pass"),
        ("0.1-rate", "def tokens_per_second(reply):\n    while True:\n        try:\n            time.sleep(0.01)\n        except Exception:\n            pass"),
        ("1.1-gather", "async def gather_bounded(jobs, limit):\n    while True:\n        pass"),
        ("1.1-gather", "async def gather_bounded(jobs, limit):\n    await asyncio.Event().wait()"),
    ],
    ids=["loop", "loop that catches", "loop in a coroutine", "wait for nothing"],
)
def test_code_that_never_ends_is_stopped_and_leaves_no_thread_behind(id: str, code: str) -> None:
    before = threading.active_count()
    result = checked(id, code)
    assert result.failure is not None and result.failure["got"] == "Timeout: still running after 3 s"
    assert threading.active_count() == before


@pytest.mark.parametrize("value", ["lambda reply: object()", "lambda reply: {1: 2}", "3"])
def test_strange_results_are_told_in_words(value: str) -> None:
    result = checked("0.1-rate", f"tokens_per_second = {value}")
    assert result.failure is not None and result.failure["got"].startswith("TypeError: ")


def test_code_that_ends_the_interpreter_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    result = checked("0.1-rate", "import sys\n\ndef tokens_per_second(reply):\n    sys.exit(3)")
    assert result.failure is not None and result.failure["got"].startswith("SystemExit: 3")


def test_attempts_and_passes_are_remembered() -> None:
    checked("0.1-rate", "def tokens_per_second(reply):\n    return {}")
    assert progress.attempts("0.1-rate") == 1 and progress.passed() == {}
    checked("0.1-rate", source("0.1", "rate"))
    assert progress.attempts("0.1-rate") == 2 and list(progress.passed()) == ["0.1-rate"]


def test_a_pass_says_how_many_of_the_notebook_are_done() -> None:
    once = checked("0.1-rate", source("0.1", "rate"))
    assert repr(once).endswith("\n1 of 2 exercises of notebook 0.1 passed.") and once.next_step in once._repr_html_()
    assert "All 2 exercises of notebook 0.1 are passed." in repr(checked("0.1-budget", source("0.1", "budget")))


def test_an_example_is_broken_between_its_parts_and_not_within() -> None:
    long = {"reply": {f"prompt_eval_{n}": 1000 + n for n in range(4)}, "k": 3}
    assert pretty(long).splitlines() == ["reply = {", *(f'  "prompt_eval_{n}": {1000 + n},' for n in range(4)), "}", "k = 3"]
    assert pretty({"texts": ["a" * 60, "b" * 60]}).splitlines()[0] == "texts = ["
    assert pretty({"reply": {"n": 1}}) == 'reply = {"n": 1}'


def test_where_progress_cannot_be_kept_a_check_still_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path / "file" / "home"))
    assert checked("0.1-rate", source("0.1", "rate")).passed
