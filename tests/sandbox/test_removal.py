from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox.account import hand_over
from autograder.sandbox.removal import remove_tree
from autograder.sandbox.tree import files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX only")


@pytest.fixture(autouse=True)
def nothing_deep_is_left(tmp_path: Path) -> Iterator[None]:
    """pytest's own cleaning recurses."""
    yield
    remove_tree(tmp_path)


def deep(folder: Path, levels: int) -> None:
    """Folders in folders, far beyond the longest path and the deepest recursion."""
    here = os.getcwd()
    os.chdir(folder)
    try:
        for _ in range(levels):
            os.mkdir("d" * 20)
            os.chdir("d" * 20)
        Path("bottom").write_text("x")
    finally:
        os.chdir(here)


def test_a_tree_of_any_depth_is_removed(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    deep(tmp_path / "t", 3_000)
    remove_tree(tmp_path / "t")
    assert not (tmp_path / "t").exists()


def test_links_are_removed_and_not_followed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("x")
    (tmp_path / "t" / "a" / "b").mkdir(parents=True)
    (tmp_path / "t" / "link").symlink_to(kept)
    (tmp_path / "t" / "a" / "b" / "link").symlink_to(kept)
    remove_tree(tmp_path / "t")
    assert not (tmp_path / "t").exists() and (kept / "file").read_text() == "x"
    (tmp_path / "link").symlink_to(kept)
    remove_tree(tmp_path / "link")
    assert (kept / "file").exists()


def test_closed_folders_pipes_and_odd_names_are_removed(tmp_path: Path) -> None:
    tree = tmp_path / "t"
    (tree / "closed" / "inner").mkdir(parents=True)
    (tree / "closed" / "inner" / "file").write_text("x")
    os.mkfifo(tree / "removed-0")
    (tree / "removed-1").mkdir()
    (tree / "new\nline {0} %s").write_text("x")
    (tree / "closed" / "inner").chmod(0)
    (tree / "closed").chmod(0)
    remove_tree(tree)
    assert not tree.exists()


def test_what_is_too_deep_to_count_is_noticed(tmp_path: Path) -> None:
    deep(tmp_path, 100)
    assert "deep" in files([tmp_path], 1_000, 64).hidden
    assert files([tmp_path], 1_000, 200).hidden == ""


def test_handing_over_does_not_recurse_or_follow(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("x")
    outside.chmod(0o644)
    (tmp_path / "t").mkdir()
    deep(tmp_path / "t", 2_000)
    (tmp_path / "t" / "link").symlink_to(outside)
    (tmp_path / "t" / "closed").mkdir(mode=0)
    hand_over(tmp_path / "t", os.getuid(), os.getgid())
    assert outside.stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "t" / "closed").stat().st_mode & 0o700 == 0o700
    remove_tree(tmp_path / "t")
