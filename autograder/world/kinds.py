"""How each kind of fact is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from .chance import Chance
from .exact import Exact

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
SATURDAY = 5


class Kind(Protocol):
    """One kind with its range: `size` different values can be drawn."""

    size: int

    def draw(self, chance: Chance) -> Any: ...


class OneOf:
    """Any of a list of values, each as likely."""

    def __init__(self, values: list[Any]) -> None:
        if not values:
            raise ValueError("there is nothing to draw from")
        self._values = values
        self.size = len(values)

    def draw(self, chance: Chance) -> Any:
        return chance.choice(self._values)


def ints(given: Any, step: Any) -> Kind:
    low, high = ends(given, int)
    return OneOf(list(range(low, high + 1, positive(step or 1, int))))


def decimals(given: Any, step: Any) -> Kind:
    low, high = (Decimal(str(end)) for end in ends(given, (int, float)))
    stride = Decimal(str(positive(step or 0.1, (int, float))))
    places = max(0, -int(stride.as_tuple().exponent))
    count = int((high - low) / stride) + 1
    return OneOf([Exact((low + number * stride).quantize(Decimal(1).scaleb(-places))) for number in range(count)])


def choices(given: Any, step: Any) -> Kind:
    if not isinstance(given, list):
        raise ValueError("choice wants a list")
    return OneOf(given)


def dates(given: Any, step: Any) -> Kind:
    first, last = ends(given, date)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return OneOf([day for day in days if day.weekday() < SATURDAY])


def times(given: Any, step: Any) -> Kind:
    first, last = (minutes(end) for end in ends(given, str))
    return OneOf([f"{at // 60:02d}:{at % 60:02d}" for at in range(first, last + 1, positive(step or 30, int))])


class Code:
    """A code such as WX-####-?: # is a digit, ? a capital letter that is not mistaken for a digit."""

    def __init__(self, given: Any, step: Any) -> None:
        if not isinstance(given, str) or not re.search(r"[#?]", given):
            raise ValueError("code wants a pattern with # for digits and ? for letters")
        self._pattern = given
        self.size = 10 ** given.count("#") * len(LETTERS) ** given.count("?")

    def draw(self, chance: Chance) -> str:
        signs = {"#": "0123456789", "?": LETTERS}
        return "".join(chance.choice(signs[sign]) if sign in signs else sign for sign in self._pattern)


class Person:
    """Drawn for all people at once (see Facts), since no two may have the same name."""

    size = 100

    def __init__(self, given: Any, step: Any) -> None:
        if given is not True:
            raise ValueError("write person: true")

    def draw(self, chance: Chance) -> Any:
        raise NotImplementedError("people are drawn together")


KINDS: dict[str, Callable[[Any, Any], Kind]] = {
    "int": ints,
    "decimal": decimals,
    "choice": choices,
    "date": dates,
    "time": times,
    "code": Code,
    "person": Person,
}


def ends(given: Any, kind: Any) -> tuple[Any, Any]:
    if not (isinstance(given, list) and len(given) == 2 and all(isinstance(end, kind) for end in given)):
        hint = " (quote times)" if kind is str else ""
        raise ValueError(f"the range must be two values [first, last], and is {given!r}{hint}")
    if given[0] > given[1]:
        raise ValueError(f"the range {given!r} is upside down")
    return given[0], given[1]


def positive(step: Any, kind: Any) -> Any:
    if not isinstance(step, kind) or step <= 0:
        raise ValueError(f"the step {step!r} is no number above 0")
    return step


def minutes(text: str) -> int:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
    if not found:
        raise ValueError(f"{text!r} is no time of day such as 07:30")
    return int(found[1]) * 60 + int(found[2])
