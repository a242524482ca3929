"""What a graded run on a learner's own documents is given: the shape of a drawn company's, and nothing given away."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from autograder.world.draws import GOLDEN_ANSWERED, GRADING_ANSWERED
from autograder.world.inputs import write_inputs
from autograder.world.own_baseline import own_gates, packed
from autograder.world.own_corpus import OwnCorpusError
from autograder.world.own_inputs import MOST, Own, write_own_inputs

SEED = 5
TOWNS = "Aldham Bexmoor Corby Dunrow Elstow Farley Gorton Hexley".split()
Json = dict[str, Any]


def write_own(folder: Path, towns: list[str] = TOWNS, each: int = 8) -> tuple[Path, Path]:
    """One page per town, with facts that are asked for; every fifth question is not answered, every seventh is for the search only."""
    corpus, golden = folder / "docs", folder / "golden.jsonl"
    (corpus / "towns").mkdir(parents=True)
    (corpus / "scan.pdf").write_bytes(b"not a pdf")
    records: list[Json] = []
    for place, town in enumerate(towns):
        facts = [f"The {name} of {town} opened on day {place * each + number} of the year." for number, name in enumerate("ABCDEFGH"[:each])]
        (corpus / "towns" / f"{town}.md").write_text(f"# {town}\n\n" + "\n\n".join(facts) + "\n", encoding="utf-8")
        for number, fact in enumerate(facts):
            cited = {"document": f"towns/{town}.md", "quote": fact}
            asked = f"When did {'ABCDEFGH'[number]} open in {town}?"
            records.append({"id": f"{town}-{number}", "question": asked, "answers": [f"day {place * each + number}"], "citations": [cited]})
    for number, record in enumerate(records):
        if number % 5 == 0:
            record.update(answers=[], citations=[])
        elif number % 7 == 0:
            record.update(answers=[], citations=[{"document": record["citations"][0]["document"], "relevance": 2}])
    golden.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return corpus, golden


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Own:
    return Own.read(*write_own(tmp_path_factory.mktemp("own")))


@pytest.fixture(scope="module")
def run(own: Own, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Json]:
    folder = tmp_path_factory.mktemp("inputs")
    return folder, write_own_inputs(own, SEED, folder)


def lines(folder: Path, name: str) -> list[Json]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def paths(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_shape_is_a_companys(run: tuple[Path, Json], tmp_path: Path) -> None:
    folder, expected = run
    theirs = write_inputs(SEED, tmp_path)
    assert {path.name for path in folder.iterdir()} == {path.name for path in tmp_path.iterdir()}
    assert set(expected) == {*theirs, "gates"}
    for name in ("golden", "questions"):
        assert set(lines(folder, name)[0]) == set(lines(tmp_path, name)[0])
    assert set(expected["questions"][0]) == set(theirs["questions"][0])
    assert all(set(source) == {"document", "span", "need", "gain"} for q in expected["questions"] for source in q["sources"])


def test_half_is_public_and_half_is_graded(run: tuple[Path, Json], own: Own) -> None:
    folder, expected = run
    golden, graded = lines(folder, "golden"), lines(folder, "questions")
    assert abs(len(golden) - len(graded)) <= 1 and len(golden) + len(graded) == len(own.golden.questions)
    assert not {q["question"] for q in golden} & {q["question"] for q in graded}
    assert all(set(q) == {"id", "question", "answer_this"} for q in graded)
    kinds = Counter((q["split"], q["answerable"], bool(q["accept"])) for q in expected["questions"])
    for answerable, answered in ((True, True), (True, False), (False, False)):
        assert abs(kinds["golden", answerable, answered] - kinds["grading", answerable, answered]) <= 1
    for split, most in (("golden", GOLDEN_ANSWERED), ("grading", GRADING_ANSWERED)):
        asked = [q for q in expected["questions"] if q["split"] == split and q["answer_this"]]
        assert len(asked) == most and all(q["accept"] or not q["answerable"] for q in asked)
        assert any(not q["answerable"] for q in asked)


def test_two_documents_are_deleted_and_one_is_renamed(run: tuple[Path, Json]) -> None:
    folder, expected = run
    before, after = paths(folder / "corpus"), paths(folder / "corpus_next")
    (new,), gone = after - before, before - after
    assert len(gone) == 3 and new.replace("-renamed", "") in gone and "scan.pdf" in before & after
    assert set(expected["stale"]) == gone and all(expected["stale"].values())
    moved = [q for q in expected["questions"] if q["split"] == "grading" and q["changed"] and q["sources_next"]]
    assert moved and all(source["document"] == new for q in moved for source in q["sources_next"])
    lost = [q for q in expected["questions"] if q["answerable"] and not q["sources_next"]]
    assert lost and all(q["changed"] for q in lost)
    assert all(q["sources_next"] == q["sources"] for q in expected["questions"] if not q["changed"])


def test_the_same_seed_gives_the_same_and_another_another_half(own: Own, run: tuple[Path, Json], tmp_path: Path) -> None:
    folder, expected = run
    assert write_own_inputs(own, SEED, tmp_path / "again") == expected
    assert paths(tmp_path / "again") == paths(folder)
    other = write_own_inputs(own, SEED + 1, tmp_path / "other")
    halves = [{q["question"] for q in one["questions"] if q["split"] == "grading"} for one in (expected, other)]
    assert halves[0] != halves[1]


def test_large_golden_sets_are_thinned(tmp_path: Path) -> None:
    corpus, golden = write_own(tmp_path)
    many = [{"id": n, "question": f"Which town is number {n}?", "answers": ["Corby"], "citations": ["towns/Corby.md"]} for n in range(2 * MOST + 50)]
    golden.write_text("".join(json.dumps(record) + "\n" for record in many), encoding="utf-8")
    expected = write_own_inputs(Own.read(corpus, golden), SEED, tmp_path / "inputs")
    assert Counter(q["split"] for q in expected["questions"]) == {"golden": MOST, "grading": MOST}


def test_the_gate_is_what_full_text_search_reaches(run: tuple[Path, Json]) -> None:
    gates = run[1]["gates"]
    assert gates["hit_rate"]["gate"] == pytest.approx(0.9, abs=0.09) and gates["hit_rate"]["floor"] < gates["hit_rate"]["gate"]
    hopeless = own_gates({"a.md": "alpha beta"}, [("zzz?", [("b.md", "gamma")])])
    assert hopeless["mrr"] == {"gate": 0.2, "floor": 0.08}


def test_passages_of_the_baseline_lose_no_word() -> None:
    text = "\n".join(["short line", "word " * 400, "x" * 1500, "", "end. " * 200])
    passages = list(packed(text))
    assert max(map(len, passages)) <= 700
    assert "".join("".join(passages).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("towns", "each", "complaint"),
    [(TOWNS[:3], 8, "holds 3 documents with text"), (TOWNS[:4], 1, "")],
)
def test_too_few_documents_are_refused(tmp_path: Path, towns: list[str], each: int, complaint: str) -> None:
    corpus, golden = write_own(tmp_path, towns, each)
    if complaint:
        with pytest.raises(OwnCorpusError, match=complaint):
            Own.read(corpus, golden)
    else:
        assert write_own_inputs(Own.read(corpus, golden), SEED, tmp_path / "inputs")["stale"]


def test_two_answers_are_the_fewest(tmp_path: Path) -> None:
    corpus, golden = write_own(tmp_path)
    golden.write_text('{"id": 1, "question": "Which?", "answers": ["A"], "citations": ["towns/Corby.md"]}\n', encoding="utf-8")
    with pytest.raises(OwnCorpusError, match="fewer than two questions with answers"):
        Own.read(corpus, golden)
