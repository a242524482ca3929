"""Every thing that the course must cover points at a section or criterion that exists, or is known to be waiting for its notebook."""

from __future__ import annotations

from autograder.authoring import coverage
from autograder.authoring.source import every

PENDING = {
    *("4.1", "4.2", "4.3", "4.4", "4.5"),
    *("5.1", "5.2", "5.3", "5.4", "5.5"),
    *("B", "C", "D", "6"),
}
"""Not written yet. This set may only shrink: a notebook that exists must leave it, and its rows point at its sections."""
MILESTONES = {"A": "a_document_qa", "B": "b_guarded_agent", "C": "c_prompt_migration", "D": "d_support_copilot"}


def test_all_113_things_are_there_once() -> None:
    assert [row.number for row in coverage.rows()] == list(range(1, 114))
    assert {row.kind for row in coverage.rows()} == {"know", "build", "measure", "write"}


def test_every_pointer_leads_somewhere() -> None:
    sources = list(every())
    found = {f"row {row.number}, {pointer!r}": why for row in coverage.rows() for pointer in row.pointers if (why := coverage.dangling(pointer, sources))}
    assert found == {}


def test_what_is_pending_is_known_and_not_written() -> None:
    waiting = {(row.number, pointer) for row in coverage.rows() for pointer in row.pointers if coverage.pending(pointer)}
    assert {name for _, name in waiting} <= PENDING
    written = {source.front.assignment for source in every()}
    assert not written & {MILESTONES.get(name, name) for name in PENDING}


def test_a_pointer_to_nowhere_is_told_apart() -> None:
    sources = list(every())
    assert "has no section" in coverage.dangling("1.1: 9. What nobody wrote", sources)
    assert "no notebook" in coverage.dangling("9.9: Summary", sources)
    assert "no criterion" in coverage.dangling("a_document_qa/beauty", sources)
    assert "no rubric" in coverage.dangling("z_nothing/beauty", sources)
    assert coverage.dangling("1.1: 3. Retry what may pass", sources) == coverage.dangling("a_document_qa/mrr", sources) == ""
