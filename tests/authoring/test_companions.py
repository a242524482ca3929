"""The files beside a milestone's notebook: what is released of them, and that the executed notebook depends on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring import companions, leaks, product
from autograder.authoring.problem import SourceError
from autograder.authoring.release import release
from autograder.authoring.source import Source, every

NOTEBOOK = """---
title: "Milestone X"
assignment: x_small
minutes: 5
needs: []
---

# Milestone X

Some words.

```{code-cell} ipython3
from kit.count import half

print(half(84))
```
"""
MODULE = '''"""Counting."""


def half(number: int) -> int:
    """The half, rounded down."""
    ### BEGIN SOLUTION
    quotient_of_two = number // 2
    return quotient_of_two


def helper() -> None: ...
    ### END SOLUTION


def shown() -> int:
    """Is given."""
    return 1
'''


@pytest.fixture
def milestone(tmp_path: Path) -> Source:
    folder = tmp_path / "solutions" / "milestones" / "x_small"
    files = {
        "x_small.md": NOTEBOOK,
        "kit/__init__.py": "",
        "kit/count.py": MODULE,
        "page/index.html": "<!doctype html>",
        "documents/own.md": "# Own",
        "documents/page.html": "<p>Own</p>",
        "README.md": "What fails.",
        "starter/README.md": "Write here what fails.",
        "kit/__pycache__/count.pyc": "",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return next(iter(every(tmp_path)))


def test_only_the_notebook_of_that_name_is_a_source(milestone: Source) -> None:
    assert [source.name for source in every(milestone.root)] == ["solutions/milestones/x_small/x_small.md"]


def test_code_is_released_without_solutions_and_the_rest_comes_from_the_starter(milestone: Source) -> None:
    files = companions.released(milestone)
    assert sorted(files) == ["README.md", "kit/__init__.py", "kit/count.py", "page/index.html"]
    assert files["README.md"] == b"Write here what fails."
    code = files["kit/count.py"].decode()
    assert "quotient_of_two" not in code and "helper" not in code
    assert 'raise NotImplementedError("kit/count.py: write half")' in code and "return 1" in code
    compile(code, "count.py", "exec")


@pytest.mark.parametrize("code", ["### BEGIN SOLUTION\nx = 1\n", "### END SOLUTION\n", "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION\n"])
def test_a_region_without_a_counterpart_is_named(code: str) -> None:
    with pytest.raises(SourceError, match="m.py"):
        companions.cleared(code, "x/m.py")


def test_a_released_file_that_was_edited_is_out_of_step_and_written_again(milestone: Source) -> None:
    assert product.write_release(milestone) and not product.write_release(milestone)
    edited = milestone.release.parent / "kit" / "count.py"
    edited.write_text("x = 1\n", encoding="utf-8")
    assert any("kit/count.py" in problem.where for problem in product.out_of_step(milestone))
    assert product.write_release(milestone)
    assert "YOUR CODE HERE" in edited.read_text(encoding="utf-8")


def test_a_solution_line_in_another_released_file_is_a_leak(milestone: Source) -> None:
    assert list(leaks.audit(milestone, release(milestone))) == []
    (milestone.path.parent / "page" / "index.html").write_text("<p>quotient_of_two = number // 2</p>", encoding="utf-8")
    assert ["page/index.html" in str(problem) for problem in leaks.audit(milestone, release(milestone))] == [True]


def test_the_executed_notebook_runs_on_the_files_and_is_stale_when_one_changes(milestone: Source) -> None:
    assert product.write_solution(milestone) == "executed"
    executed = product.read(milestone.solution)
    assert executed.cells[-1].outputs[0].text == "42\n"
    assert product.write_solution(milestone) == "in step"
    module = milestone.path.parent / "kit" / "count.py"
    module.write_text(MODULE.replace("// 2", "// 4"), encoding="utf-8")
    assert any("out of step" in str(problem) for problem in product.out_of_step(milestone))
    assert product.write_solution(milestone) == "executed"
    assert product.read(milestone.solution).cells[-1].outputs[0].text == "21\n"
