"""The lint finds each seeded fault in the toy company, names its file and line, and finds nothing in a sound one."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.world.__main__ import main
from autograder.world.lint import lint

from .toy import COMPANY, FILLER, FRIDGE, NOTES, PRICES, WARRANTY, toy


def put(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def test_a_sound_company_has_no_problems(tmp_path: Path) -> None:
    assert lint(toy(tmp_path)) == []


OWN_SPAN = "spans: [cover]"
FAULTS: dict[str, tuple[dict[str, str | None], str, str]] = {
    # what is changed, in which file it is reported, what the message says
    "unknown fact in a body": ({"notes": put(NOTES, "fridge.hours", "fridge.hrs")}, "notes.md:11", "no fact fridge.hrs"),
    "unknown fact in a question": ({"warranty": put(WARRANTY, "[\"{{ fridge.days }} days\"]", "[\"{{ fridge.dayz }} days\"]")}, "warranty.md:11", "no fact"),
    "unknown area": ({"notes": put(NOTES, "fridge.hours", "freezer.hours")}, "notes.md:11", "freezer"),
    "unknown span": ({"warranty": put(WARRANTY, OWN_SPAN, "spans: [covered]")}, "warranty.md:12", '"covered" is no span'),
    "span that YAML reads as false": ({"warranty": put(WARRANTY, OWN_SPAN, "spans: [off]")}, "warranty.md:12", "true or false"),
    "unknown variant": ({"warranty": put(WARRANTY, OWN_SPAN, 'spans: ["prices@4#large"]')}, "warranty.md:12", '"prices" has no variant 4'),
    "unknown document": ({"warranty": put(WARRANTY, OWN_SPAN, 'spans: ["nowhere#cover"]')}, "warranty.md:12", "names a document there is not"),
    "unclosed span": ({"notes": put(NOTES, "{% endspan %}", "")}, "notes.md", "endspan"),
    "no front matter": ({"notes": FILLER}, "notes.md:1", "no front matter"),
    "bad YAML": ({"notes": put(NOTES, "title: ", "title: [")}, "notes.md", "not YAML"),
    "missing key": ({"notes": put(NOTES, "department: support\n", "")}, "notes.md", '"department" is missing'),
    "unknown key": ({"notes": put(NOTES, "language: en", "language: en\nauthor: me")}, "notes.md:6", '"author" is no key'),
    "unknown language": ({"notes": put(NOTES, "language: en", "language: it")}, "notes.md:5", "language is 'it'"),
    "unknown form": ({"notes": put(NOTES, "hours.md", "hours.txt")}, "notes.md:2", "suffixes"),
    "unknown slice": ({"warranty": put(WARRANTY, "slice: plain", "slice: simple")}, "warranty.md:14", "slice is 'simple'"),
    "answer of an unanswerable question": ({"warranty": put(WARRANTY, "slice: plain", "slice: unanswerable")}, "warranty.md:13", "still has answer"),
    "missing answer": ({"warranty": put(WARRANTY, '    answer: "{{ fridge.keeper }}"\n', "")}, "warranty.md:13", "lacks answer"),
    "four wordings": ({"warranty": put(WARRANTY, '["Who decides when a claim is unclear?"]', '["a?", "b?", "c?", "d?"]')}, "warranty.md:15", "one to three"),
    "question id twice": ({"warranty": put(WARRANTY, "id: keeper", "id: days")}, "warranty.md", "stands twice"),
    "path twice": ({"more": put(NOTES, "support", "legal")}, "md:2", "is also the path of"),
    "same words": (
        {"warranty": put(WARRANTY, "Who decides when a claim is unclear?", "free repair of a broken unit:  time limit?")},
        "warranty.md:13",
        "same words",
    ),
    "copied wording": (
        {"warranty": put(WARRANTY, "Who decides when a claim is unclear?", "Who settles doubtful cases?")},
        "warranty.md:15",
        "of its words stand in the span keeper",
    ),
    "accept form nowhere": ({"warranty": put(WARRANTY, '["{{ fridge.keeper }}"]', '["the manager"]')}, "warranty.md:17", "none of its accepted forms stands"),
    "answer without its form": ({"warranty": put(WARRANTY, 'answer: "{{ fridge.keeper }}"', 'answer: "the boss"')}, "warranty.md:16", "holds none of its"),
    "figure of its own": (
        {"warranty": put(WARRANTY, '["{{ fridge.days }} days"]', '["{{ fridge.days }} days", "2 months"]')},
        "warranty.md:11",
        "2 in the accepted form",
    ),
    "form in a neighbour": (
        {
            "warranty": put(
                put(WARRANTY, '["{{ fridge.days }} days"]', '["{{ fridge.days }} days", "repair"]'),
                "Doubtful cases are settled by",
                "Whether we repair is settled by",
            )
        },
        "warranty.md:11",
        "also stands in the span",
    ),
    "same for every seed": (
        {"warranty": put(put(WARRANTY, "by {{ fridge.keeper }}", "by the board"), '"{{ fridge.keeper }}"', '"the board"')},
        "warranty.md:13",
        "for every seed",
    ),
    "table without a row": ({"warranty": put(WARRANTY, "slice: numeric", "slice: table")}, "warranty.md:8", "none of its spans is a table row"),
    "one span for two hops": ({"warranty": put(WARRANTY, "slice: numeric", "slice: multi_hop")}, "warranty.md:12", "needs two spans"),
    "not multilingual": ({"warranty": put(WARRANTY, "slice: numeric", "slice: multilingual")}, "warranty.md:8", "own language"),
    "number without a number": ({"warranty": put(WARRANTY, "slice: plain", "slice: numeric")}, "warranty.md:14", "has a number"),
    "sign beyond Windows-1252": ({"prices": put(PRICES, "48 kg", "48 kg ≥")}, "prices.md:23", "U+2265"),
    "span over two paragraphs": ({"notes": put(NOTES, "{% endspan %}\n- Calls", "\n- Calls").rstrip() + "{% endspan %}\n"}, "notes.md:11", "not inside one"),
    "long span": ({"notes": put(NOTES, "Letters are", "Letters " + "that are long " * 20 + "are")}, "notes.md:11", "mark one sentence"),
    "top heading in the body": ({"notes": NOTES + "\n# Big\n"}, "notes.md", "begin at ##"),
    "too short": ({"notes": put(NOTES, FILLER, "")}, "notes.md", "words; documents have"),
    "near nobody": ({"notes": put(NOTES, "language: en", "language: en\nnear: nobody")}, "notes.md:6", "no other document"),
    "translates its own language": ({"notes": put(NOTES, "language: en", "language: en\ntranslates: warranty")}, "notes.md:6", "same language"),
    "variants of one path": ({"notes": put(NOTES, "language: en", "language: en\nvariants: [{n: 1}, {n: 2}]")}, "notes.md", "must use `variant`"),
    "bad fact": ({"fridge": put(FRIDGE, "int: [14, 60]", "int: [60, 14]")}, "fridge.yaml:1", "upside down"),
    "fact twice": ({"fridge": FRIDGE + "days: {int: [1, 2]}\n"}, "fridge.yaml:6", "twice"),
    "fact out of nothing": ({"fridge": FRIDGE + 'sum: {expr: "nothing + 1"}\n'}, "fridge.yaml:6", "cannot be computed"),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_each_fault_is_found_where_it_is(tmp_path: Path, fault: str) -> None:
    files, place, message = FAULTS[fault]
    problems = [str(problem) for problem in lint(toy(tmp_path, **files))]
    assert any(place in problem and message in problem for problem in problems), problems


def test_one_id_in_two_areas(tmp_path: Path) -> None:
    folder = toy(tmp_path)
    (folder / "documents/other").mkdir()
    (folder / "documents/other/notes.md").write_text(put(NOTES, "notes/hours", "notes/other"), encoding="utf-8")
    assert "same file name" in "".join(map(str, lint(folder)))


def test_declared_as_fixed(tmp_path: Path) -> None:
    files, _, _ = FAULTS["same for every seed"]
    text = files["warranty"]
    assert text is not None
    assert lint(toy(tmp_path, warranty=put(text, "  - id: keeper\n", "  - id: keeper\n    fixed: true\n"))) == []


def test_one_area_alone(tmp_path: Path) -> None:
    folder = toy(tmp_path, fridge=put(FRIDGE, "int: [14, 60]", "int: [60, 14]"), company=COMPANY + "bad: {int: 1}\n")
    assert {problem.file for problem in lint(folder, "company")} == {"facts/company.yaml"}
    assert {problem.file.split("/")[0] for problem in lint(folder, "fridge")} <= {"facts", "documents"}


def test_wordings_far_from_their_passage_on_request(tmp_path: Path) -> None:
    folder = toy(tmp_path)
    far = [str(problem) for problem in lint(folder, far=1)]
    assert any("Who decides when a claim is unclear?" in one for one in far)
    assert not any("KX-" in one for one in far)


def test_the_command_counts_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--folder", str(toy(tmp_path / "a")), "lint"]) == 0
    assert "0 problems" in capsys.readouterr().err
    assert main(["--folder", str(toy(tmp_path / "b", notes=FILLER)), "lint"]) == 1
    said = capsys.readouterr()
    assert "documents/fridge/notes.md:1: " in said.out and "1 problem\n" in said.err
    assert main(["--folder", str(tmp_path / "nowhere"), "lint"]) == 3
    assert "no company" in capsys.readouterr().err


def test_the_company_itself_is_sound(sources: Path) -> None:
    assert [str(problem) for problem in lint(sources)] == []
