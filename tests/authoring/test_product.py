"""Building into an empty clone and finding out what is out of step. The notebooks are executed for real; no model is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat.v4 import new_output

from autograder.authoring import product
from autograder.authoring.problem import SourceError
from autograder.authoring.source import Source
from tests.authoring.fixtures import IMPORTS, RATE, body, code, source


def complaints(source: Source) -> list[str]:
    return [str(problem) for problem in product.out_of_step(Source(source.path, source.root))]


def build(source: Source) -> str:
    product.write_release(source)
    return product.write_solution(source)


def again(source: Source, old: str, new: str) -> Source:
    source.path.write_text(source.text.replace(old, new), encoding="utf-8")
    return Source(source.path, source.root)


def printed(source: Source) -> str:
    return "".join(text for cell in product.read(source.solution).cells for text in product.texts(cell))


def test_nothing_built_is_said_of_both_notebooks(small: Source) -> None:
    assert [line.partition(":")[0] for line in complaints(small)] == ["phases/1_first/0_1_small.ipynb", "solutions/phases/1_first/0_1_small.ipynb"]


def test_a_guide_has_a_release_and_no_executed_copy(tmp_path: Path) -> None:
    guide = source(tmp_path, body(code("print(6 * 7)")).replace('assignment: "0.1"\n', ""))
    assert guide.guide and guide.id == "0_1_small"
    assert [line.partition(":")[0] for line in complaints(guide)] == ["phases/1_first/0_1_small.ipynb"]
    assert product.write_release(guide) and complaints(guide) == []


def test_a_build_is_in_step_and_a_second_one_changes_nothing(small: Source) -> None:
    assert build(small) == "executed"
    assert complaints(small) == []
    files = {path: path.read_bytes() for path in (small.release, small.solution)}
    assert not product.write_release(small) and product.write_solution(small) == "in step"
    assert files == {path: path.read_bytes() for path in files}
    assert "42" in printed(small)


def test_prose_may_change_without_executing_anything(small: Source) -> None:
    build(small)
    changed = again(small, "Some words.", "Other words.")
    assert len(complaints(changed)) == 2
    assert build(changed) == "prose"
    assert complaints(changed) == [] and "42" in printed(changed)


def test_changed_code_is_executed_again(small: Source) -> None:
    build(small)
    changed = again(small, "6 * 7", "6 * 8")
    assert build(changed) == "executed" and "48" in printed(changed)


def test_a_release_that_was_edited_by_hand_is_out_of_step(small: Source) -> None:
    build(small)
    small.release.write_text(small.release.read_text(encoding="utf-8").replace("What it does.", "What it might do."), encoding="utf-8")
    assert [line.partition(":")[0] for line in complaints(small)] == ["phases/1_first/0_1_small.ipynb"]


def test_a_cell_that_fails_is_an_error_with_the_learners_line_and_nothing_is_written(tmp_path: Path) -> None:
    broken = source(tmp_path, body(IMPORTS, RATE, code("1 / 0")))
    with pytest.raises(SourceError, match="ZeroDivisionError: division by zero"):
        build(broken)
    assert not broken.solution.exists()


def test_an_error_that_is_meant_to_be_seen_is_no_flaw(tmp_path: Path) -> None:
    shown = source(tmp_path, body(code("1 / 0", ":tags: [raises-exception]\n\n")))
    assert build(shown) == "executed" and complaints(shown) == []


def test_flaws_of_an_executed_notebook(small: Source) -> None:
    build(small)
    notebook = product.read(small.solution)
    last = notebook.cells[-1]
    last.execution_count = None
    last.outputs = [
        new_output("error", ename="KeyError", evalue="'x'", traceback=[]),
        new_output("stream", name="stderr", text="UserWarning: old"),
        new_output("stream", name="stdout", text=f"{small.root}/secret"),
    ]
    said = " ".join(product.flaws(small, notebook))
    for part in ("was not executed", "ends in KeyError", "writes to the standard error", "a place on the machine"):
        assert part in said
    product.write(notebook, small.solution)
    assert complaints(small) and product.write_solution(small) == "executed" and complaints(small) == []


def test_building_leaves_the_authors_progress_and_folder_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_HOME", str(tmp_path / "home"))
    writes = source(tmp_path / "clone", body(IMPORTS, RATE, code('check("0.1-rate")', ":tags: [check]\n\n"), code('open("left.txt", "w").close()')))
    build(writes)
    assert not (tmp_path / "home").exists()
    assert not list(tmp_path.rglob("left.txt"))


def test_addresses_of_objects_do_not_make_a_difference(tmp_path: Path) -> None:
    build(given := source(tmp_path, body(code("object()"))))
    assert "<object at 0x…>" in printed(given)
