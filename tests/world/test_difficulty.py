"""The chunks and the fusion behind the difficulty table, and the table of one small company."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.world import difficulty
from autograder.world.company import draw

from .toy import FILLER, NOTES, toy


def test_chunks_hold_everything_and_are_never_too_long() -> None:
    for document in draw(2).documents[::7]:
        made = difficulty.chunks(document)
        assert all(len(chunk.text) <= difficulty.CHUNK_CHARS for chunk in made)
        text = " ".join(chunk.text for chunk in made)
        lines = [line.strip() for line in difficulty.lines_of(document) if line.strip() and not line.startswith("#")]
        assert all(line in text for line in lines if len(line) < difficulty.CHUNK_CHARS)


def test_a_table_that_goes_on_repeats_its_head(tmp_path: Path) -> None:
    rows = "\n".join(f"| part {number} | {'x' * 60} |" for number in range(40))
    folder = toy(tmp_path, more=NOTES.replace("notes/hours.md", "a/b.html").replace(FILLER, f"| Name | Text |\n|---|---|\n{rows}\n\n"))
    made = difficulty.chunks(next(document for document in draw(1, folder=folder).documents if document.path == "a/b.html"))
    assert sum("Name | Text" in chunk.text for chunk in made) >= 3
    assert all(chunk.context == "When we answer" for chunk in made)


@given(st.lists(st.integers(0, 20), unique=True, max_size=10), st.lists(st.integers(0, 20), unique=True, max_size=10))
def test_fusion_orders_by_reciprocal_ranks(one: list[int], other: list[int]) -> None:
    made = difficulty.fused(one, other)
    assert set(made) == set(one) | set(other)

    def score(number: int) -> float:
        return sum(1 / (61 + ranking.index(number)) for ranking in (one, other) if number in ranking)

    assert all(score(a) >= score(b) - 1e-12 for a, b in itertools.pairwise(made))


def test_the_table_has_every_slice_and_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With vectors of letter counts instead of the model's, so that no weights are needed; the full-text index is the real one."""

    def letters(texts: list[str]) -> difficulty.Vectors:
        counts = np.array([[text.lower().count(letter) + 0.01 for letter in "abcdefghijklmnopqrstuvwxyz0123456789"] for text in texts], dtype=np.float32)
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), dtype=np.float32)

    monkeypatch.setattr(difficulty, "embed", letters)
    told: list[str] = []
    table = difficulty.difficulty([1, 2], toy(tmp_path), told.append)
    assert len(told) == 2
    assert table.count("| all | ") == 3 and "| table | " in table and "| typo | " in table
    hits = next(line for line in table.splitlines() if line.startswith("| table |"))
    assert hits.count("1.00 (1.00 to 1.00)") >= 1  # three documents: the article's code is found by full text
