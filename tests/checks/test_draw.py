from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import strategies as st

from autograder import checks
from autograder.checks.draw import draw, examples
from autograder.checks.exercise import Exercise
from autograder.paths import course_root

EXERCISES = checks.all_exercises()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_a_seed_gives_the_same_cases_and_another_gives_others(exercise: Exercise) -> None:
    assert draw(exercise, 5) == draw(exercise, 5)
    assert draw(exercise, 5) != draw(exercise, 6)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_cases_are_plain_json_numbered_and_all_different(exercise: Exercise) -> None:
    for prop in exercise:
        cases = [case for case in draw(exercise, 0) if case.criterion == prop.criterion.id]
        assert [case.number for case in cases] == list(range(len(cases)))
        texts = [json.dumps(case.inputs, sort_keys=True) for case in cases]
        assert len(set(texts)) == len(texts) >= min(5, prop.examples)
        assert [json.loads(text) for text in texts] == [case.inputs for case in cases]


def test_a_strategy_with_few_values_gives_them_all() -> None:
    assert sorted(examples(st.sampled_from([1, 2, 3]), 25, 0)) == [1, 2, 3]


def test_values_far_from_the_simplest_come_up() -> None:
    """Within one run hypothesis stays near what it drew before: a pair of rare values would hardly ever be drawn."""
    pair = st.fixed_dictionaries({"a": st.sampled_from(range(5)), "b": st.sampled_from(range(5))})
    met = [any(case == {"a": 4, "b": 4} for case in examples(pair, 25, seed)) for seed in range(10)]
    assert sum(met) >= 5


def test_what_else_a_process_has_loaded_changes_nothing() -> None:
    code = "import sys, {module}; from autograder.checks.flakes import cases_of, digests; print(digests(cases_of(('2.5-score', 9))))"
    found = {
        subprocess.run([sys.executable, "-c", code.format(module=module)], cwd=course_root(), capture_output=True, text=True, check=True).stdout
        for module in ("autograder.checks", "autograder.grading.batch")
    }
    assert len(found) == 1
