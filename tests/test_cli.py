"""The command line: what needs no set-up, one sentence for each failure, and the exit codes."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder import __version__, cli
from autograder.errors import CourseError, UsageError
from autograder.paths import course_root
from tests.toyclone import BASE_PYTHON, toy_clone


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A command `toy` that does what a test says."""

    def install(run, **more):  # type: ignore[no-untyped-def]
        module = SimpleNamespace(add_arguments=lambda parser: parser.add_argument("--number", type=int, default=1), run=run, **more)
        monkeypatch.setitem(cli.COMMANDS, "toy", cli.Command("toy", "a toy"))
        monkeypatch.setitem(sys.modules, "autograder.toy", module)

    return install


def raising(problem: BaseException):  # type: ignore[no-untyped-def]
    def run(args: argparse.Namespace) -> int:
        raise problem

    return run


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "usage: python3 -m autograder COMMAND"),
        (["--help"], 0, "usage: python3 -m autograder COMMAND"),
        (["help"], 0, "doctor"),
        (["--version"], 0, f"autograder {__version__}"),
        (["docter"], 2, "There is no command 'docter'. Did you mean doctor?"),
        (["xyzzy"], 2, "Commands: lab, grade"),
    ],
)
def test_help_needs_no_set_up(words: list[str], code: int, said: str, tmp_path: Path) -> None:
    """In a clone without an environment, where set-up would fail: the package index is nowhere."""
    clone = toy_clone(tmp_path / "clone")
    call, environment = [BASE_PYTHON, "-m", "autograder", *words], clone.environment(PIP_FIND_LINKS="/nowhere")
    done = subprocess.run(call, cwd=clone.root, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True)
    assert not clone.venv.exists()


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([name, "--help"]) == 0
    assert f"python3 -m autograder {name}" in capsys.readouterr().out


def test_the_commands_own_exit_code_and_arguments(command) -> None:  # type: ignore[no-untyped-def]
    command(lambda args: args.number)
    assert cli.main(["toy", "--number", "7"]) == 7
    assert cli.main(["toy", "--number", "x"]) == 2
    assert cli.main(["toy", "--unknown"]) == 2


def test_a_command_may_pass_on_what_it_does_not_know(command) -> None:  # type: ignore[no-untyped-def]
    command(lambda args: 0 if args.rest == ["-x", "tests/a b.py"] else 1, PASSES_REST_ON=True)
    assert cli.main(["toy", "-x", "tests/a b.py"]) == 0


@pytest.mark.parametrize(
    ("problem", "code", "said"),
    [
        (CourseError("It broke.", "Mend it."), 3, "It broke. Mend it.\n"),
        (UsageError("Wrong word.", "Use another."), 2, "Wrong word. Use another.\n"),
        (KeyboardInterrupt(), 130, "\nInterrupted. The same command carries on from here.\n"),
        (SystemExit(5), 5, ""),
        (SystemExit(None), 0, ""),
        (SystemExit("a text"), 2, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_failures_are_sentences_and_codes(command, problem: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    command(raising(problem))
    assert cli.main(["toy"]) == code
    assert capsys.readouterr().err == said


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_what_nobody_foresaw_is_one_sentence_and_a_file(command, home: Path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    command(raising(ZeroDivisionError("division by zero")))
    assert cli.main(["toy"]) == 3
    err = capsys.readouterr().err
    assert err.startswith("Something went wrong that should not have: ZeroDivisionError: division by zero\n")
    assert "Traceback" not in err
    (log,) = (home / "logs").iterdir()
    assert str(log) in err
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


def test_without_a_place_for_the_file_the_traceback_is_shown(command, home: Path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    home.touch()
    command(raising(ZeroDivisionError("division by zero")))
    assert cli.main(["toy"]) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="is about pipes as POSIX has them")
def test_a_reader_that_goes_away_is_no_crash() -> None:
    call = [sys.executable, "-c", "import sys; from autograder import cli; sys.stdout.reconfigure(line_buffering=True); sys.exit(cli.main(['doctor']))"]
    process = subprocess.Popen(call, cwd=course_root(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert b"Traceback" not in process.stderr.read()
    assert process.wait() == 3
