"""Designs fit the reference they are patches of, and say what is expected of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import rubrics
from autograder.authoring import reference
from autograder.calibration.designs import SUBMITTED, Design, DesignError, designs, find, patched, read

MILESTONE = "a_document_qa"
ALL = designs(MILESTONE)


@pytest.mark.parametrize("design", ALL, ids=lambda design: design.name)
def test_a_design_fits_and_still_compiles(design: Design, tmp_path: Path) -> None:
    copy = patched(MILESTONE, [design], tmp_path / "copy")
    for module, old, _ in design.changes:
        before = (reference.folder(MILESTONE) / "qa" / f"{module}.py").read_text(encoding="utf-8")
        after = (copy / "qa" / f"{module}.py").read_text(encoding="utf-8")
        assert before.count(old) == 1 and after != before
        compile(after, module, "exec")


@pytest.mark.parametrize("design", ALL, ids=lambda design: design.name)
def test_a_design_names_criteria_that_there_are(design: Design) -> None:
    assert design.loses | design.lowers <= {criterion.id for criterion in rubrics.find(MILESTONE).criteria}
    assert design.told.endswith(".")


def test_there_are_weaker_designs_and_sound_ones() -> None:
    assert sum(not design.sound for design in ALL) >= 8
    assert sum(design.sound for design in ALL) >= 5
    assert [design.sound for design in ALL] == sorted(design.sound for design in ALL)


def test_nothing_but_the_changes_differs_from_the_reference(tmp_path: Path) -> None:
    copy = patched(MILESTONE, [find(MILESTONE, "larger_chunks")], tmp_path / "copy")
    home = reference.folder(MILESTONE)
    files = [path.relative_to(copy) for path in copy.rglob("*") if path.is_file()]
    different = [str(path) for path in files if (copy / path).read_bytes() != (home / path).read_bytes()]
    assert different == [str(Path("qa", "passages.py"))]
    assert not SUBMITTED(str(home), [path.name for path in copy.iterdir()])


def test_a_change_that_no_longer_fits_is_an_error(tmp_path: Path) -> None:
    stale = Design("stale", "Out of date.", (("passages", "CHUNK_CHARS = 1", "CHUNK_CHARS = 2"),), "search")
    with pytest.raises(DesignError, match=r"stale changes passages\.py where it says 'CHUNK_CHARS = 1', which stands there 0 times"):
        patched(MILESTONE, [stale], tmp_path / "copy")


def test_a_change_that_fits_twice_is_an_error(tmp_path: Path) -> None:
    vague = Design("vague", "Says too little.", (("passages", "document", "paper"),), "search")
    with pytest.raises(DesignError, match="vague changes passages"):
        patched(MILESTONE, [vague], tmp_path / "copy")


def test_a_design_without_a_word_about_itself_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "mute.py").write_text("CHANGES = []\nHALF = 'search'\nLOSES = set()\n", encoding="utf-8")
    with pytest.raises(DesignError, match="mute lacks its docstring"):
        read(tmp_path / "mute.py")
    with pytest.raises(DesignError, match="no design absent"):
        find(MILESTONE, "absent")
