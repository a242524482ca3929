"""Which questions a README names: as code or as words, in lists, tables, headings and sentences."""

from __future__ import annotations

import pytest

from autograder.matching.mentions import named

QUESTIONS = {"opening-hours": "When do you open?", "q7": "What does it cost?", "tea": "Do you have tea?", "12": "Who has the key?"}


@pytest.mark.parametrize(
    ("readme", "ids"),
    [
        ("## Failures\n\n`opening-hours`, and q7.", ["opening-hours", "q7"]),
        ("Fails: Q7, then opening-hours; opening-hours again", ["q7", "opening-hours"]),
        ("We serve tea at 12 tables.", []),
        ("- tea: the table is cut\n- 12: the row too", ["tea", "12"]),
        ("| id | cause |\n|---|---|\n| tea | cut |\n| 12 | cut |", ["tea", "12"]),
        ("| tea | 12 |\n|---|---|\n| a | b |", []),
        ("### tea\n\nIt is cut.\n\n### Question 12\n\nIt is cut.", ["tea", "12"]),
        ("We looked at **tea** and at question 12.", ["tea", "12"]),
        ("opening-hours-sunday and q75 and a.q7.b and q7-old", []),
        ("```\nq7\n```\n", ["q7"]),
        ("1. first\n   - `tea` is cut\n2. second: q7", ["tea", "q7"]),
        ("> q7 is\n> cut", ["q7"]),
        ("[q7](golden.jsonl) is cut", ["q7"]),
        ("## Mended\n\nq7\n\n## Where it fails\n\nopening-hours\n\n## Next\n\n`tea`", ["opening-hours"]),
        ("## Where it fails\n\nSometimes.\n\n## Cases\n\nq7", ["q7"]),
        ("# Errors\n\n## The reader\n\nq7\n\n## The model\n\n`tea`", ["q7", "tea"]),
        ("", []),
    ],
)
def test_an_id_counts_where_it_is_meant(readme: str, ids: list[str]) -> None:
    assert list(named(readme, QUESTIONS)) == ids


@pytest.mark.parametrize(
    ("readme", "cause"),
    [
        ("- q7: the row is cut in two", "the row is cut in two"),
        ("- q7 (What does it cost?)\n  - cause: cut in two\n  - next: larger", "cause cut in two next larger"),
        ("| q7 | What does it cost? | 4 | cut in two |\n|---|---|---|---|\n| q7 | What does it cost? | 4 | it is cut in two |", "4 it is cut in two"),
        ("## Case q7\n\nCut in two.\n\n### Next\n\nLarger.\n\n## Case 12\n\nNothing.", "case cut in two next larger"),
        ("q7\n\nCut in two.\n\n`tea`\n\nNot found.", "cut in two"),
        ("The head row is lost, so q7 finds nothing.\n\nMore.", "the head row is lost so finds nothing"),
        ("q7 is bad.\n\nLater: q7 is cut in two after the head row.", "is bad later is cut in two after the head row"),
        ("q7", ""),
    ],
)
def test_a_cause_is_what_stands_beside_or_below(readme: str, cause: str) -> None:
    assert named(readme, QUESTIONS)["q7"] == cause


def test_an_id_is_no_pattern() -> None:
    assert list(named("(a+)+$: it is cut", {"(a+)+$": "?", "": "?"})) == ["(a+)+$"]
