"""Set-up in real environments: each state a clone can be left in is mended by the next start, or told in one sentence."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox import available
from tests.toyclone import BASE_PYTHON, PACKAGE, PARTS, ToyClone, toy_clone, wheel

posix = pytest.mark.skipif(os.name != "posix", reason="uses POSIX signals or links")
isolated = pytest.mark.skipif(not available(), reason="needs bubblewrap")


@pytest.fixture
def fresh(tmp_path: Path) -> ToyClone:
    return toy_clone(tmp_path / "a clone with spaces")


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> ToyClone:
    """Set up once; tests change copies of it."""
    clone = toy_clone(tmp_path_factory.mktemp("once") / "clone")
    assert clone.run().returncode == 0
    return clone


@pytest.fixture
def made(once: ToyClone, tmp_path: Path) -> ToyClone:
    root = tmp_path / "moved here"
    shutil.copytree(once.root, root, symlinks=True)
    return ToyClone(root, once.wheels)


def works(clone: ToyClone, version: str = "1.0", **more: str) -> str:
    """Runs it, and returns what set-up said."""
    done = clone.run(**more)
    assert (done.returncode, done.stdout.split()[-1:]) == (0, [version]), done.stderr
    assert Path(done.stdout.rsplit(" ", 1)[0]).samefile(clone.venv)
    return done.stderr


def refuses(clone: ToyClone, **more: str) -> str:
    """Runs it, and returns the one sentence with its mend."""
    done = clone.run(**more)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def test_what_an_old_python_reads_parses_in_an_old_python() -> None:
    for name in PARTS:
        ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_a_python_that_is_too_old_is_told_in_one_line(fresh: ToyClone) -> None:
    """This Python, and a course that needs one from the future."""
    bootstrap = fresh.root / "autograder" / "bootstrap.py"
    bootstrap.write_text(bootstrap.read_text(encoding="utf-8").replace("OLDEST = (3, 11)", "OLDEST = (9, 9)"), encoding="utf-8")
    done = fresh.run()
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (3, "", 1)
    assert done.stderr.startswith(f"This is Python {sys.version_info[0]}.{sys.version_info[1]}.")
    assert not fresh.venv.exists()


def test_a_fresh_clone_sets_itself_up_and_the_next_start_only_starts(fresh: ToyClone) -> None:
    first = fresh.run("--code", "5")
    assert (first.returncode, first.stdout.split()[-1]) == (5, "1.0"), first.stderr
    assert "installing   1 of 1 packages" in first.stderr
    again = fresh.run("--code", "1", PIP_NO_INDEX="1", PIP_FIND_LINKS="/nowhere")
    assert (again.returncode, again.stderr) == (1, "")


def test_inside_the_environment_nothing_is_started_anew(made: ToyClone) -> None:
    works(made)
    inside = made.run(python=made.python)
    assert (inside.returncode, inside.stderr) == (0, "")


def test_an_environment_that_has_everything_locked_is_used_as_it_is(fresh: ToyClone, once: ToyClone) -> None:
    done = fresh.run(python=once.python)
    assert (done.returncode, done.stderr, fresh.venv.exists()) == (0, "", False)
    assert Path(done.stdout.rsplit(" ", 1)[0]).samefile(once.venv)


def test_an_environment_that_differs_is_left_alone_and_told_why(fresh: ToyClone, once: ToyClone) -> None:
    wheel(fresh.wheels, "1.0", name="other_package")
    fresh.lock("toy-package==1.0", "other-package==1.0")
    said = fresh.run(python=once.python).stderr
    assert "differs from requirements.lock in 1 of 2 packages (the first is other-package" in said
    assert fresh.python.exists()
    assert not list(once.packages.glob("other_package*"))


def test_a_changed_lock_is_followed(made: ToyClone) -> None:
    made.lock("toy-package==2.0")
    works(made, "2.0")
    made.lock("toy-package==1.0")
    assert made.run(python=made.python).stdout.split()[-1] == "1.0"


def test_a_package_taken_out_by_hand_comes_back(made: ToyClone) -> None:
    subprocess.run([made.python, "-m", "pip", "uninstall", "-qy", "toy-package"], check=True)
    works(made)
    assert works(made) == ""


@posix
def test_a_clone_that_was_moved_works_where_it_is_now(made: ToyClone, once: ToyClone) -> None:
    before = (made.venv / "bin" / "toy_package").read_text(encoding="utf-8")
    assert str(once.venv) in before
    said = works(made, PIP_NO_INDEX="1", PIP_FIND_LINKS="/nowhere")
    assert "anew" not in said
    assert subprocess.run([made.venv / "bin" / "toy_package"], check=False).returncode == len("1.0")
    assert str(made.root) in (made.packages / "autograder-course.pth").read_text(encoding="utf-8")
    assert works(made) == ""


@posix
@pytest.mark.parametrize("harm", ["dangling interpreter", "another Python's folder", "a file", "no pip"])
def test_a_broken_environment_is_made_anew(made: ToyClone, harm: str) -> None:
    if harm == "dangling interpreter":
        made.python.unlink()
        made.python.symlink_to("/nowhere/python3.11")
    elif harm == "another Python's folder":
        made.packages.parent.rename(made.packages.parent.with_name("python3.4"))
    elif harm == "no pip":
        for entry in made.packages.glob("pip*"):
            shutil.rmtree(entry)
    else:
        shutil.rmtree(made.venv)
        made.venv.write_text("", encoding="utf-8")
    works(made)
    assert works(made) == ""


def test_a_half_installed_package_is_installed_again(made: ToyClone) -> None:
    works(made)
    (made.venv / "autograder.json").unlink()
    (made.packages / "toy_package" / "__init__.py").write_text("", encoding="utf-8")
    works(made)
    (made.venv / "autograder.json").unlink()
    (made.packages / "toy_package-1.0.dist-info" / "RECORD").unlink()
    works(made)


def test_a_damaged_stamp_is_written_anew(made: ToyClone) -> None:
    for text in ("", "[]", '{"python": "3.11.0"}', "{" * 5000):
        (made.venv / "autograder.json").write_text(text, encoding="utf-8")
        works(made)


@posix
def test_killed_at_any_moment_the_next_start_carries_on(fresh: ToyClone) -> None:
    """SIGKILL to this command alone: its pip lives on for a moment, and the next start waits for it."""
    for wanted in ("pyvenv.cfg", "setup.log", "tmp", "autograder.json"):
        victim = fresh.start()
        while victim.poll() is None and not (fresh.venv / wanted).exists():
            time.sleep(0.005)
        victim.kill()
        victim.communicate()
    works(fresh)
    assert works(fresh) == ""


@posix
def test_a_killed_pip_is_one_sentence(made: ToyClone) -> None:
    made.lock("toy-package==2.0")
    (made.packages / "pip" / "__main__.py").write_text("import os; os.kill(os.getpid(), 9)\n", encoding="utf-8")
    assert refuses(made) == "pip was ended by signal 9 before it was done. Run the same command again; it carries on where this one stopped."


@posix
def test_an_interrupt_ends_set_up_and_its_pip(made: ToyClone) -> None:
    made.lock("toy-package==2.0")
    beside = made.root / "pid"
    (made.packages / "pip" / "__main__.py").write_text(
        f"import os, time; open({str(beside)!r}, 'w').write(str(os.getpid())); time.sleep(600)\n", encoding="utf-8"
    )
    process = made.start()
    while not beside.exists() or not beside.read_text():
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert "Interrupted. The same command carries on from here." in err
    with pytest.raises(ProcessLookupError):
        os.kill(int(beside.read_text()), 0)


def test_two_starts_at_once_set_up_once(fresh: ToyClone) -> None:
    both = [fresh.start(), fresh.start()]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("Setting up once" in err for _, err in said) == 1
    assert sum("Another start is setting this clone up" in err for _, err in said) == 1


def test_an_index_that_cannot_be_reached(made: ToyClone) -> None:
    made.lock("toy-package==2.0")
    nobody = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
    assert refuses(made, **nobody).startswith("The package index could not be reached, so pip could not install the packages.")
    works(made, "2.0")


def test_a_package_that_is_not_offered(made: ToyClone) -> None:
    made.lock("toy-package==7.0")
    assert refuses(made).startswith("toy-package==7.0 is not offered for this Python and machine")


def test_a_lock_that_cannot_be_read(made: ToyClone) -> None:
    made.lock("toy-package==1.0", "<<<<<<< HEAD")
    assert refuses(made) == "requirements.lock cannot be read: line 2 is not name==version: <<<<<<< HEAD. Restore it: git checkout requirements.lock"


@isolated
@pytest.mark.parametrize("kilobytes", [64, 40_000], ids=["for the environment", "for a package"])
def test_a_full_disk(fresh: ToyClone, kilobytes: int) -> None:
    wheel(fresh.wheels, "3.0", extra={"toy_package/blob": os.urandom(60_000_000)})
    fresh.lock("toy-package==3.0")
    fresh.venv.mkdir()
    small = ["bwrap", "--dev-bind", "/", "/", "--size", str(kilobytes * 1024), "--tmpfs", str(fresh.venv)]
    call = [*small, BASE_PYTHON, "-m", "autograder", "lab"]
    done = subprocess.run(call, cwd=fresh.root, env=fresh.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "The disk filled up" in done.stderr.splitlines()[-1], done.stderr


@isolated
@pytest.mark.parametrize("has_pip", [True, False], ids=["with python3-pip", "with nothing"])
def test_debian_without_its_package_for_environments(fresh: ToyClone, has_pip: bool) -> None:
    """The system's Python with ensurepip masked, as it is before `apt-get install python3-venv`."""
    pip, wheels = Path("/usr/lib/python3/dist-packages/pip"), list(Path("/usr/share/python-wheels").glob("pip-*.whl"))
    ask = "import sys, ensurepip; print(sys.version_info[1], ensurepip.__path__[0])"
    tell = subprocess.run(["/usr/bin/python3", "-c", ask], capture_output=True, text=True, check=False)
    minor, _, folder = tell.stdout.strip().partition(" ")
    if not folder or int(minor) < 11 or (has_pip and not (pip.is_dir() and wheels)):
        pytest.skip("no such Python here")
    masks = [folder, *([] if has_pip or not pip.is_dir() else [str(pip)])]
    if has_pip:
        shutil.copy(wheels[0], fresh.wheels)
    call = ["bwrap", "--dev-bind", "/", "/", *(word for mask in masks for word in ("--tmpfs", mask)), "/usr/bin/python3", "-m", "autograder", "lab"]
    done = subprocess.run(call, cwd=fresh.root, env=fresh.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if has_pip:
        assert (done.returncode, done.stdout.split()[-1:]) == (0, ["1.0"]), done.stderr
    else:
        assert done.returncode == 3
        assert f"apt-get install python3.{minor}-venv" in done.stderr.splitlines()[-1], done.stderr
