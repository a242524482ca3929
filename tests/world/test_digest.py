"""The company is the same on every machine: its digest was written down on one, and is computed here on another."""

from __future__ import annotations

from pathlib import Path

from autograder.world.digest import digest

WRITTEN = Path(__file__).with_name("digest-seed-0.txt")
"""`python -m autograder.world digest > tests/world/digest-seed-0.txt`, after a change of the company and before recordings are made from it."""


def test_seed_0_is_what_it_was_where_its_digest_was_written_down() -> None:
    assert digest(0) == WRITTEN.read_text(encoding="ascii").strip(), "another company than the one that the recordings were made from"


def test_another_seed_has_another_digest(tmp_path: Path) -> None:
    from .toy import toy

    folder = toy(tmp_path)
    assert len({digest(seed, folder) for seed in (1, 2)} | {digest(1, folder)}) == 2
