from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder.authoring.problem import SourceError
from autograder.authoring.release import with_metadata
from autograder.authoring.source import Source
from tests.authoring.fixtures import ANSWER, CHECK, IMPORTS, RATE, body, code, source


def graded(notebook: NotebookNode) -> dict[str, NotebookNode]:
    return {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata}


def test_a_solution_is_written_by_the_learner_and_a_check_is_worth_its_criteria(small: Source) -> None:
    cells = graded(with_metadata(small))
    assert list(cells) == ["rate", "check-rate"]
    assert (cells["rate"].solution, cells["rate"].grade, cells["rate"].locked) == (True, False, False)
    assert (cells["check-rate"].solution, cells["check-rate"].grade, cells["check-rate"].locked) == (False, True, True)
    assert cells["check-rate"].points == 4


def test_a_written_answer_is_marked_by_hand(tmp_path: Path) -> None:
    why = graded(with_metadata(source(tmp_path, body(ANSWER))))["why"]
    assert (why.solution, why.grade, why.locked, why.points) == (True, True, False, 3)


def test_a_locked_cell_may_be_code_or_prose(tmp_path: Path) -> None:
    text = body(code("hand_in(1)", ":tags: [locked]\n:id: hand-in\n\n"), '+++ {"tags": ["locked"], "id": "rules"}\n\nThe rules.\n')
    cells = graded(with_metadata(source(tmp_path, text)))
    assert {name: (c.solution, c.grade, c.locked) for name, c in cells.items()} == {
        "hand-in": (False, False, True),
        "rules": (False, False, True),
    }


def test_papermills_tag_is_passed_on_and_ours_are_not(tmp_path: Path) -> None:
    notebook = with_metadata(source(tmp_path, body(code("SEED = 1", ":tags: [parameters]\n\n"), RATE)))
    assert [cell.metadata.get("tags") for cell in notebook.cells if cell.cell_type == "code"] == [["parameters"], None]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (code("x = 1", ":tags: [solutoin]\n:id: x\n\n"), "unknown tag 'solutoin'"),
        (code("x = 1", ":tags: [solution]\n\n"), "needs an :id:"),
        (code("x = 1", ":tags: [solution, check]\n:id: x\n\n"), "exclude each other"),
        (code("x = 1", ":tags: [answer]\n:id: x\n\n"), "answer cell is a markdown cell"),
        (code('check("0.1-rat")', ":tags: [check]\n\n"), "Did you mean 0.1-rate"),
        (code('check("0.1-rate"); x = 1', ":tags: [check]\n\n"), "and nothing else"),
        (code("x = 1", ":colour: red\n\n"), "unknown option 'colour'"),
        ('+++ {"tags": ["answer"], "id": "why"}\n\nBecause.\n', "needs its points"),
    ],
)
def test_a_wrong_tag_is_one_sentence_with_the_cell(tmp_path: Path, part: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        with_metadata(source(tmp_path, body(part)))
    assert said in str(caught.value)
    assert str(caught.value).startswith("solutions/phases/1_first/0_1_small.md, cell ")


def test_two_cells_with_one_grade_id_are_refused(tmp_path: Path) -> None:
    from autograder.authoring.release import release

    with pytest.raises(SourceError, match="nbgrader refuses it"):
        release(source(tmp_path, body(IMPORTS, RATE, RATE, CHECK)))


def test_cell_ids_stay_when_a_cell_is_inserted(small: Source, tmp_path: Path) -> None:
    before = [cell.id for cell in with_metadata(small).cells]
    after = [cell.id for cell in with_metadata(source(tmp_path, small.text.replace("Some words.", "Some words.\n\n+++\n\nMore."))).cells]
    assert set(before[1:]) <= set(after)
    assert len(set(after)) == len(after)


def test_equal_cells_have_ids_of_their_own(tmp_path: Path) -> None:
    ids = [cell.id for cell in with_metadata(source(tmp_path, body(code("x = 1"), code("x = 1")))).cells]
    assert len(set(ids)) == len(ids) == 3
