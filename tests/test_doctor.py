"""What the doctor says of this machine, and of homes and servers in a bad state."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import psutil
import pytest

from autograder import cli, doctor
from autograder.doctor import Line, State
from autograder.gateway import Gateway, catalog

TINY = "smollm2:135m"


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    return tmp_path / "home"


@pytest.fixture
def home_of_links(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The weights of the real home, linked: what is done to this one leaves the real one alone."""
    there = {model.tag: catalog.path(model) for model in catalog.models()}
    with monkeypatch.context() as real:
        real.delenv("AUTOGRADER_HOME")
        places = {model.tag: catalog.path(model) for model in catalog.models()}
    for tag, place in there.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(places[tag])
    return empty_home


def lines() -> dict[str, Line]:
    return {line.what: line for line in doctor.examine()}


def in_json(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = cli.main(["doctor", "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_an_empty_home_lacks_the_models_and_says_how_to_get_them(empty_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 1
    out = capsys.readouterr().out
    for model in catalog.models():
        assert f"✗ Model {model.tag}" in out
        assert f"Run: python3 -m autograder pull {model.tag}" in out
    assert out.splitlines()[-1].startswith("To mend first: ")
    code, report = in_json(capsys)
    assert (code, report["schema"], report["ready"]) == (1, "autograder.doctor/1", False)


@pytest.mark.model
def test_a_whole_home_is_verified_byte_by_byte(home_of_links: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = lines()
    assert {found[f"Model {model.tag}"].state for model in catalog.models()} == {State.OK}
    place = catalog.path(next(model for model in catalog.models() if model.tag == TINY))
    real = place.resolve()
    place.unlink()
    shutil.copy(real, place)
    with place.open("r+b") as file:
        file.seek(50_000_000)
        byte = file.read(1)
        file.seek(50_000_000)
        file.write(bytes([byte[0] ^ 1]))
    damaged = lines()[f"Model {TINY}"]
    assert (damaged.state, damaged.found) == (State.MISSING, "damaged: its SHA-256 is not the pinned one")
    assert damaged.mend == f"Delete {place}, then run: python3 -m autograder pull {TINY}"


def test_a_home_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path / "file" / "home"))
    line = doctor.home_folder()
    assert (line.state, line.mend) == (State.MISSING, "Set AUTOGRADER_HOME to a folder that is yours.")


def test_a_running_ollama_is_asked_for_its_models(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Gateway(port=0, backend="llama") as server:
        monkeypatch.setenv("OLLAMA_HOST", server.url.removeprefix("http://"))
        found = lines()
    assert found["Model server"].found.endswith(f"at {server.url}")
    assert (found[f"Model {TINY}"].state, found[f"Model {TINY}"].mend) == (State.MISSING, f"Run: ollama pull {TINY}")
    assert found["Model all-minilm"].mend == "Run: python3 -m autograder pull all-minilm"
    named = lines()["Model server"]
    assert (named.state, named.mend) == (State.NOTE, f"Nothing answers at OLLAMA_HOST ({server.url}): start Ollama there, or unset it.")


def test_figures_are_this_machines(empty_home: Path) -> None:
    found = lines()
    assert found["Memory"].found.startswith(f"{psutil.virtual_memory().total / 2**30:.1f} GiB")
    assert f"{psutil.cpu_count()} thread" in found["Processor"].found
    assert found["Packages"].state is not State.MISSING


def test_too_little_memory_and_disk_are_told(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More is asked for than any machine has."""
    monkeypatch.setattr(doctor, "MEMORY_WANTED", 1 << 60)
    monkeypatch.setattr(doctor, "DISK_SLACK", 1 << 60)
    found = lines()
    assert (found["Memory"].state, found["Disk"].state) == (State.NOTE, State.NOTE)
    assert "--model smollm2:135m" in found["Memory"].mend


def test_what_to_do_is_wrapped_under_its_row() -> None:
    shown = doctor.shown(Line("Thing", State.MISSING, "not here", "word " * 60)).splitlines()
    assert shown[0] == "✗ Thing                    not here"
    assert len(shown) > 2
    assert all(row.startswith(" " * 27 + "word") for row in shown[1:])
