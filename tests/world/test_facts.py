"""Facts: the same for everyone, unmoved by other facts, and a third of them another one in the second revision."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.world.errors import CompanyError
from autograder.world.fact import read_facts
from autograder.world.facts import Facts

from .toy import COMPANY, FRIDGE, toy

KINDS = """\
whole: {int: [10, 90], step: 5}
fraction: {decimal: [1.5, 9.5], step: 0.50}
word: {choice: [red, green, [two, words]]}
day: {date: [2026-01-10, 2026-06-30]}
hour: {time: ["06:00", "09:00"], step: 30}
sku: {code: "WX-####-?"}
boss: {person: true}
crew: {person: true, n: 3}
ladder: {int: [1, 99], n: 4, sorted: true}
other: {int: [1, 3], differs_from: [near]}
near: {int: [1, 3]}
double: {expr: "whole * 2"}
mixed: {expr: "fraction * 1.1"}
town: {expr: "company.city ~ '!'"}
same: {fixed: 42}
"""


def facts_of(folder: Path, seed: int, revision: int = 1) -> dict[tuple[str, str], object]:
    return Facts(read_facts(folder), seed, revision).all()


@pytest.fixture
def kinds(tmp_path: Path) -> Path:
    return toy(tmp_path, fridge=KINDS, warranty=None, prices=None, notes=None)


@pytest.mark.parametrize("seed", range(8))
def test_kinds_keep_what_they_promise(kinds: Path, seed: int) -> None:
    value = {name: value for (area, name), value in facts_of(kinds, seed).items() if area == "fridge"}
    assert value["whole"] in range(10, 91, 5)
    assert str(value["fraction"]) in {f"{tenths / 2:.1f}" for tenths in range(3, 20)}
    assert value["word"] in ("red", "green", ["two", "words"])
    assert value["day"].weekday() < 5  # type: ignore[attr-defined]
    assert value["hour"] in ("06:00", "06:30", "07:00", "07:30", "08:00", "08:30", "09:00")
    assert len(str(value["sku"])) == 9 and str(value["sku"])[-1] not in "IO"
    assert value["ladder"] == sorted(set(value["ladder"])) and len(value["ladder"]) == 4  # type: ignore[call-overload,arg-type]
    assert value["other"] != value["near"]
    assert value["double"] == value["whole"] * 2  # type: ignore[operator]
    assert value["mixed"] == value["fraction"] * 11 / 10  # type: ignore[operator]
    people = [value["boss"], *value["crew"]]  # type: ignore[misc]
    assert len({name.rsplit(" ", 1)[1] for name in people}) == 4
    assert value["same"] == 42


def test_values_are_pinned(tmp_path: Path) -> None:
    """The draws themselves, so that no Python, machine or later change moves them unnoticed."""
    drawn = facts_of(toy(tmp_path), 7)
    assert (drawn["company", "name"], drawn["fridge", "days"], drawn["fridge", "price"]) == ("Koldra", 23, 1120)
    assert drawn["fridge", "code"] == "KX-2864-J"


def test_other_facts_and_areas_do_not_matter(tmp_path: Path) -> None:
    plain = facts_of(toy(tmp_path / "a"), 3)
    upside = "\n".join(reversed(FRIDGE.strip().splitlines())) + "\nextra: {int: [1, 9]}\n"
    more = toy(tmp_path / "b", fridge=upside)
    (more / "facts" / "aaa.yaml").write_text("first: {int: [1, 1000]}\n", encoding="utf-8")
    assert {key: value for key, value in facts_of(more, 3).items() if key in plain} == plain


def test_seeds_differ(tmp_path: Path) -> None:
    folder = toy(tmp_path)
    drawn = [facts_of(folder, seed) for seed in range(30)]
    assert len({one["fridge", "price"] for one in drawn}) > 10
    assert len({one["fridge", "code"] for one in drawn}) == 30


def test_a_third_is_revised(sources: Path) -> None:
    facts = read_facts(sources)
    free = [key for key, fact in facts.items() if fact.revises and fact.maker is not None]
    shares = []
    for seed in range(1, 7):
        before, after = (Facts(facts, seed, revision).all() for revision in (1, 2))
        shares.append(sum(before[key] != after[key] for key in free) / len(free))
        assert all(before[key] == after[key] for key, fact in facts.items() if not fact.revises)
    assert all(0.27 < share < 0.40 for share in shares), shares


def test_revised_facts_still_differ_from_each_other(kinds: Path) -> None:
    for seed in range(40):
        after = facts_of(kinds, seed, 2)
        assert after["fridge", "other"] != after["fridge", "near"]
        assert after["fridge", "double"] == after["fridge", "whole"] * 2  # type: ignore[operator]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("bad: {int: [9, 1]}", "upside down"),
        ("bad: {int: [1.5, 2]}", "two values"),
        ("bad: {time: [06:00, 17:00]}", "quote times"),
        ("bad: {code: WX}", "pattern"),
        ("bad: {int: [1, 9], choice: [1]}", "2 kinds"),
        ("bad: {int: [1, 9], often: true}", "unknown keys (often)"),
        ("bad: {int: [1, 3], n: 5}", "wants 5 different values of 3"),
        ("bad: {int: [1, 3], differs_from: [nobody]}", "which there is not"),
        ("bad: 7", "not a mapping"),
        ("bad-name: {int: [1, 3]}", "cannot use"),
        ("bad: {int: [1, 3]}\nbad: {int: [1, 4]}", "twice"),
        ("bad: {expr: nobody + 1}", "cannot be computed"),
        ("bad: {expr: worse + 1}\nworse: {expr: bad + 1}", "depends on itself"),
        ("bad: {choice: [1]}", "no value left"),
    ],
)
def test_errors_name_the_file_and_the_line(tmp_path: Path, line: str, complaint: str) -> None:
    folder = toy(tmp_path, fridge=f"good: {{int: [1, 9]}}\n{line}\n")
    with pytest.raises(CompanyError) as caught:
        for seed in range(12):
            facts_of(folder, seed, 2)
    assert complaint in str(caught.value)
    assert caught.value.file == "facts/fridge.yaml"
    assert caught.value.line in (2, 3)


def test_a_template_needs_no_area_of_its_own(tmp_path: Path) -> None:
    assert facts_of(toy(tmp_path, company=COMPANY), 1)["company", "domain"].endswith(".example")  # type: ignore[attr-defined]
