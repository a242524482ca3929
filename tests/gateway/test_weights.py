"""Fetching weights: pinned, resumed, verified; from wheels that the tests make, so without a network."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from autograder.gateway import catalog, weights
from autograder.gateway.catalog import Model, Part
from autograder.gateway.errors import WeightsError

PIECES = [b"first" * 1000, b"second" * 1000, b"third" * 1000]


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wheel(folder: Path, number: int, data: bytes) -> None:
    with zipfile.ZipFile(folder / f"carrier_part{number}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"carrier_part{number}/data/part.bin", data)
        archive.writestr(f"carrier_part{number}/__init__.py", "raise SystemExit('a package of weights was imported')")


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for number, data in enumerate(PIECES):
        wheel(wheels, number, data)
    monkeypatch.setenv("AUTOGRADER_WEIGHTS_FROM", str(wheels))
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path / "home"))
    parts = tuple(
        Part(f"carrier-part{n}", "1.0", f"carrier_part{n}/data/part.bin", len(data), digest(data)) for n, data in enumerate(PIECES)
    )
    whole = b"".join(PIECES)
    return Model("tiny:1", "chat", "tiny.gguf", len(whole), digest(whole), "llama", "1", "Q8", "MIT", parts)


def test_pieces_become_one_verified_file(model: Model) -> None:
    told: list[int] = []
    path = weights.fetch(model, lambda done, total, note: told.append(done))
    assert path.read_bytes() == b"".join(PIECES)
    assert catalog.verify(model)
    assert told == sorted(told) and told[-1] == model.bytes
    assert [p.name for p in path.parent.iterdir() if not p.name.startswith(".")] == ["tiny.gguf"]


def test_what_an_earlier_try_fetched_is_kept(model: Model, tmp_path: Path) -> None:
    place = catalog.path(model)
    place.parent.mkdir(parents=True)
    place.with_name("tiny.gguf.partial").write_bytes(PIECES[0] + PIECES[1][:100])
    (tmp_path / "wheels" / "carrier_part0-1.0-py3-none-any.whl").unlink()
    assert weights.fetch(model).read_bytes() == b"".join(PIECES)


def test_a_damaged_piece_is_refused_and_the_good_ones_stay(model: Model, tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", 2, b"third" * 999 + b"evil!")
    with pytest.raises(WeightsError, match="damaged"):
        weights.fetch(model)
    assert not catalog.installed(model)
    wheel(tmp_path / "wheels", 2, PIECES[2])
    (tmp_path / "wheels" / "carrier_part0-1.0-py3-none-any.whl").unlink()
    assert weights.fetch(model).read_bytes() == b"".join(PIECES)


def test_a_missing_wheel_is_one_sentence_with_its_mend(model: Model, tmp_path: Path) -> None:
    (tmp_path / "wheels" / "carrier_part1-1.0-py3-none-any.whl").unlink()
    with pytest.raises(WeightsError, match=r"no wheel of carrier-part1==1\.0 .*pip download"):
        weights.fetch(model)


def test_a_full_disk_is_one_sentence(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: __import__("collections").namedtuple("U", "total used free")(1, 1, 1000))
    with pytest.raises(WeightsError, match=r"needs .* MB .* AUTOGRADER_HOME"):
        weights.fetch(model)


@pytest.mark.model
def test_the_installed_models_are_what_is_pinned() -> None:
    for model in catalog.models():
        assert catalog.verify(model), model.tag
