"""Asking without documents: what is asked, and that right answers would be counted as such."""

from __future__ import annotations

from autograder.gateway import Gateway
from autograder.world.closed_book import asked, closed_book, summary


def test_only_answers_that_the_seed_decides_are_asked_for() -> None:
    questions = asked(0, 40)
    assert len({question.id for question in questions}) == 40
    assert all(question.answerable and not question.fixed and not question.hidden and question.language == "en" for question in questions)
    assert [question.id for question in asked(0, 40)] == [question.id for question in questions]
    assert {question.id for question in asked(1, 40)} != {question.id for question in questions}


def test_a_model_that_knew_would_be_found_out() -> None:
    first, second, third = asked(0, 3)
    with Gateway(port=0, backend="llama", mode="live") as gateway:
        gateway.script([f"I believe it is {first.answer}.", "I do not know.", third.answer])
        rows = closed_book([first, second, third], "double:scripted", gateway)
    assert [row.right for row in rows] == [True, False, True]
    told = summary(rows, "double:scripted")
    assert "2 of 3 right" in told
    assert first.id in told and second.id not in told


def test_a_small_model_answers_and_knows_nothing() -> None:
    with Gateway(port=0, backend="llama", mode="live") as gateway:
        rows = closed_book(asked(0, 3), "smollm2:135m", gateway)
    assert all(row.said for row in rows)
    assert not any(row.right for row in rows)
