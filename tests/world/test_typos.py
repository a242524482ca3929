"""Mistyped questions: always wrong somewhere, never in a number or code, the same for everyone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.world.chance import Chance
from autograder.world.typos import mistyped

QUESTIONS = [
    "How long after paying yearly can I still back out with a full refund?",
    "Was kostet der Fühler WX-4410-B für größere Tiefkühler ab 14 Stück?",
    "¿Cuántos días tenemos para devolver el HV-2210 comprado el 3 de marzo de 2026?",
    "Which e-mail goes to support@halvern.example when API v3.2 answers 429?",
    "battery?",
]
FIXED = re.compile(r"\S*\d\S*|\S+@\S+|\b[A-Z]{2,}\b")


@pytest.mark.parametrize("text", QUESTIONS)
def test_mistakes_are_made_outside_numbers_and_codes(text: str) -> None:
    made = [mistyped(text, Chance(seed)) for seed in range(200)]
    assert all(one != text for one in made)
    assert len(set(made)) > 3
    for one in made:
        assert FIXED.findall(one) == FIXED.findall(text), one
        assert abs(len(one) - len(text)) <= 2


def test_most_questions_have_one_mistake_and_none_has_more_than_two() -> None:
    for text in QUESTIONS[:4]:
        made = [mistyped(text, Chance(seed)).split() for seed in range(300)]
        wrong = [sum(word not in text.split() for word in words) for words in made]
        assert set(wrong) <= {1, 2}
        assert wrong.count(1) > 2 * wrong.count(2)


def test_short_words_with_a_meaning_are_left_alone() -> None:
    text = "How many vans can stand in one site before the price rises?"
    for seed in range(300):
        assert all(re.search(word, mistyped(text, Chance(seed))) for word in ("vans", "site"))
    assert mistyped("vans", Chance(1)) != "vans"


def test_every_kind_of_mistake_is_made() -> None:
    made = {mistyped("der größte Kühlraum bleibt kalt", Chance(seed)) for seed in range(400)}
    plain = "der größte Kühlraum bleibt kalt"
    assert any("grosste" in one for one in made)  # umlaut and ß lost
    assert any(len(one.split()) < len(plain.split()) for one in made)  # joined words
    assert any(len(one) > len(plain) for one in made)  # doubled letters
    assert any(sorted(one) == sorted(plain) and one != plain for one in made)  # transposed


def test_the_same_seed_makes_the_same_mistakes() -> None:
    assert mistyped(QUESTIONS[0], Chance("x", 1)) == mistyped(QUESTIONS[0], Chance("x", 1))
    assert mistyped(QUESTIONS[0], Chance(7)) == PINNED


PINNED = "How long aftre paying yearly can I still back out with a full refund?"


@given(st.text(max_size=120), st.integers(0, 50))
def test_any_text_can_be_mistyped(text: str, seed: int) -> None:
    changed = mistyped(text, Chance(seed))
    assert re.findall(r"\d+", changed) == re.findall(r"\d+", text)
