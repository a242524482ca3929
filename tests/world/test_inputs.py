"""What a graded run is given, and that it gives nothing away."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from autograder.matching.answers import holds, matches, normal, supports
from autograder.rubrics.qa_case import Question as JudgedQuestion
from autograder.world.company import draw
from autograder.world.draws import ANSWERABLE, GOLDEN, GOLDEN_ANSWERED, GRADING, GRADING_ANSWERED, draws
from autograder.world.inputs import write_inputs

SEED = 23
EVERYDAY = ("plain", "numeric", "sku", "table", "version")
Json = dict[str, Any]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Json]:
    folder = tmp_path_factory.mktemp("inputs")
    return folder, write_inputs(SEED, folder)


def lines(folder: Path, name: str) -> list[Json]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def split(expected: Json, name: str) -> list[Json]:
    return [question for question in expected["questions"] if question["split"] == name]


def test_sizes_and_strata(run: tuple[Path, Json]) -> None:
    folder, expected = run
    for name, size, answered in (("golden", GOLDEN, GOLDEN_ANSWERED), ("grading", GRADING, GRADING_ANSWERED)):
        questions = split(expected, name)
        to_answer = [question for question in questions if question["answer_this"]]
        assert len(questions) == size and len(to_answer) == answered
        counts = Counter(question["slice"] for question in questions)
        assert min(counts[one] for one in ANSWERABLE) >= size // 15
        assert min(counts[one] for one in EVERYDAY) > max(counts[one] for one in set(ANSWERABLE) - set(EVERYDAY))
        silent = sum(not question["answerable"] for question in to_answer)
        assert abs(silent - answered / 5) < 1
        assert len({question["slice"] for question in to_answer}) >= 8
    assert len(lines(folder, "golden")) == GOLDEN and len(lines(folder, "questions")) == GRADING


def test_questions_tell_nothing(run: tuple[Path, Json]) -> None:
    folder, expected = run
    for record in lines(folder, "questions"):
        assert set(record) == {"id", "question", "answer_this"}
        assert re.fullmatch(r"q[0-9a-f]{10}", record["id"])
    ids = {question["id"] for question in expected["questions"]}
    assert len(ids) == GOLDEN + GRADING
    order = [question["slice"] for question in split(expected, "grading")]
    assert sum(one == other for one, other in itertools.pairwise(order)) < GRADING / 3  # not grouped by slice


def test_no_question_is_in_both_draws() -> None:
    golden, grading = draws(draw(SEED).questions, SEED)
    asked = [one.question.id for one in (*golden, *grading)]
    assert len(set(asked)) == len(asked)
    assert not any(one.question.fixed for one in grading)
    assert not any(one.question.hidden for one in (*golden, *grading))


def test_the_rubric_can_read_it(run: tuple[Path, Json]) -> None:
    _, expected = run
    judged = [JudgedQuestion.of(question) for question in expected["questions"]]
    assert sum(question.changed for question in judged) > len(judged) / 10
    for question in judged:
        assert bool(question.sources) == question.answerable == bool(question.accept)
        if question.answerable:
            assert matches(question.accept, question.answer)
            assert all(supports(expected["documents"][document], span) for document, span in question.sources)
        if not question.changed and question.answerable:
            assert {(d, normal(s)) for d, s in question.sources} == {(d, normal(s)) for d, s in question.sources_next}


def test_the_second_revision_answers_what_it_says_it_does(run: tuple[Path, Json]) -> None:
    _, expected = run
    later = {document.path: document.plain for document in draw(SEED, 2).documents}
    moved = [question for question in split(expected, "grading") if question["changed"] and question["sources_next"]]
    assert len(moved) >= 10
    for question in expected["questions"]:
        assert all(holds(later[source["document"]], source["span"]) for source in question["sources_next"])


def test_stale_sentences_are_really_gone(run: tuple[Path, Json]) -> None:
    _, expected = run
    later = {document.path: document.plain for document in draw(SEED, 2).documents}
    assert len(expected["stale"]) > 50
    for path, sentences in expected["stale"].items():
        assert all(supports(expected["documents"][path], sentence) for sentence in sentences)
        assert not any(holds(later.get(path, ""), sentence) for sentence in sentences)
    gone = set(expected["documents"]) - set(later)
    assert gone and gone <= set(expected["stale"])


def test_changed_spans_are_stale_where_they_stood(run: tuple[Path, Json]) -> None:
    """A learner who keeps an old passage in the index is caught."""
    _, expected = run
    changed = [question for question in split(expected, "grading") if question["changed"]]
    caught = sum(
        any(holds(sentence, source["span"]) or holds(source["span"], sentence) for sentence in expected["stale"].get(source["document"], []))
        for question in changed
        for source in question["sources"]
    )
    assert caught > len(changed) * 0.6


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_both_revisions_lie_in_the_folder(run: tuple[Path, Json]) -> None:
    folder, expected = run
    first, second = (files_below(folder / name) for name in ("corpus", "corpus_next"))
    assert first == set(expected["documents"])
    assert second == {document.path for document in draw(SEED, 2).documents}
    assert first - second and second - first


def test_the_same_seed_asks_the_same(run: tuple[Path, Json], tmp_path: Path) -> None:
    folder, expected = run
    assert write_inputs(SEED, tmp_path) == expected
    for name in ("golden.jsonl", "questions.jsonl"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
    other = [one.text for one in draws(draw(SEED + 1).questions, SEED + 1)[1]]
    mine = {question["question"] for question in split(expected, "grading")}
    assert len(mine & set(other)) < GRADING / 3
