from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from autograder.probe.plain import NotPlain, plain


class Model(BaseModel):
    name: str


@dataclasses.dataclass
class Point:
    x: int
    y: float


class Liar(dict[str, Any]):
    def items(self) -> Any:
        return {"score": 100}.items()


class Always(str):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ((1, [None, True]), [1, [None, True]]),
        (np.float32(0.5), 0.5),
        (np.array([[1, 2]]), [[1, 2]]),
        (Model(name="a"), {"name": "a"}),
        (Point(1, 2.0), {"x": 1, "y": 2.0}),
        (math.inf, {"$float": "inf"}),
    ],
)
def test_what_has_a_plain_form_gets_it(value: Any, wanted: Any) -> None:
    assert plain(value) == wanted


def test_nan_is_kept_apart_from_numbers() -> None:
    assert plain([math.nan]) == [{"$float": "nan"}]


@pytest.mark.parametrize("value", [Liar(), Always("x"), object(), {1: 2}, {"a": {2, 3}}, b"bytes", lambda: 1])
def test_nothing_that_could_pretend_passes(value: Any) -> None:
    with pytest.raises(NotPlain):
        plain(value)


def test_depth_is_bounded() -> None:
    deep: list[Any] = []
    deep.append(deep)
    with pytest.raises(NotPlain, match="nested"):
        plain(deep)
