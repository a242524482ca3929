"""The Python Language Reference as a corpus, and its hand-written questions, checked against the running Python."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from autograder.matching.answers import holds, matches
from autograder.world.__main__ import main
from autograder.world.overlap import overlap
from autograder.world.own_corpus import read_corpus, read_golden
from autograder.world.python_corpus import MOVED, golden, markdown, python_documents, write_python_corpus

TOPIC = """\
The "x" statement
*****************

It does one thing and comma-
separated others, on
two lines.

   x_stmt ::= "x"
              "y"

More
====

* an item that
  goes on

* another
"""


@pytest.fixture(scope="module")
def documents() -> dict[str, str]:
    return python_documents()


@pytest.fixture(scope="module")
def questions() -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in golden().read_text(encoding="utf-8").splitlines()]


def test_there_are_enough_of_each_kind(questions: list[dict]) -> None:  # type: ignore[type-arg]
    kinds = Counter(question["slice"] for question in questions)
    assert len(questions) >= 62 and kinds["unanswerable"] >= 8 and kinds["typo"] >= 8
    assert all(bool(q["answers"]) == bool(q["citations"]) == (q["slice"] != "unanswerable") for q in questions)
    assert len({q["question"] for q in questions}) == len({q["id"] for q in questions}) == len(questions)


def test_quotes_stand_in_this_pythons_reference(questions: list[dict], documents: dict[str, str]) -> None:  # type: ignore[type-arg]
    cited = [(q["id"], c) for q in questions for c in q["citations"]]
    moved = [name for name, c in cited if not holds(documents.get(c["document"], ""), c["quote"])]
    assert len(moved) <= MOVED * len(cited), f"not found in this Python's topics: {', '.join(moved)}"


def test_most_questions_use_other_words_than_their_quote(questions: list[dict]) -> None:  # type: ignore[type-arg]
    shares = [overlap(q["question"], c["quote"], "en")[0] for q in questions for c in q["citations"]]
    assert sum(share > 0.5 for share in shares) <= 0.1 * len(shares)


def test_an_expected_answer_matches_and_another_questions_does_not(questions: list[dict]) -> None:  # type: ignore[type-arg]
    answerable = [q for q in questions if q["answers"]]
    assert not [q["id"] for q in answerable if not all(matches(q["answers"], f"It is {form}.") for form in q["answers"])]
    crossed = [matches(q["answers"], other["answers"][0]) for q in answerable for other in answerable if q is not other]
    assert sum(crossed) / len(crossed) < 0.02


def test_it_is_a_corpus_like_a_learners_own(tmp_path: Path, documents: dict[str, str]) -> None:
    paths = write_python_corpus(tmp_path / "python")
    assert {path.name for path in paths} == set(documents)
    corpus = read_corpus(tmp_path / "python")
    assert not corpus.unread and corpus.documents.keys() == documents.keys()
    own = read_golden(golden(), corpus, allow_moved=MOVED)
    assert len(own.questions) >= 62


def test_it_is_written_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["python-reference", str(tmp_path / "python")]) == 0
    assert f"{len(list((tmp_path / 'python').glob('*.md')))} documents" in capsys.readouterr().out


def test_titles_become_headings_and_wrapped_lines_paragraphs() -> None:
    assert markdown(TOPIC).split("\n\n") == [
        '# The "x" statement',
        "It does one thing and comma-separated others, on two lines.",
        '   x_stmt ::= "x"\n              "y"',
        "## More",
        "* an item that goes on",
        "* another\n",
    ]


def test_no_word_is_lost(documents: dict[str, str]) -> None:
    from pydoc_data.topics import topics

    for name, text in topics.items():
        for line in text.splitlines():
            words = line.strip(" *=-~^#")
            if len(words) > 3 and not words.endswith("-"):
                assert holds(documents[f"{name}.md"], words) or words in documents[f"{name}.md"], (name, line)
