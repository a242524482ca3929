"""Numbers that print as they were written: 2.0 stays "2.0", and 4.5 * 1.1 is 4.95."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

NUMBERS = (int, float, Decimal)


class Exact(Decimal):
    """A decimal fraction that can be reckoned with beside whole numbers and the floats of a template."""


def _operator(name: str) -> Callable[[Exact, Any], Any]:
    plain = getattr(Decimal, name)

    def apply(self: Exact, other: Any) -> Any:
        result = plain(self, Decimal(str(other)) if isinstance(other, float) else other)
        return Exact(result) if isinstance(result, Decimal) else result

    return apply


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv"):
    setattr(Exact, f"__{_name}__", _operator(f"__{_name}__"))


def exact(value: Any) -> Decimal:
    """The number as a decimal fraction; a float by its shortest form, rounded to a millionth."""
    if isinstance(value, bool) or not isinstance(value, NUMBERS):
        raise TypeError(f"{value!r} is no number")
    return Decimal(str(round(value, 6) if isinstance(value, float) else value))


def printed(value: Any) -> Any:
    """What `{{ value }}` prints: floats without the noise of their last bits, whole ones without ".0"."""
    if isinstance(value, float):
        return format(exact(value).normalize(), "f")
    return value
