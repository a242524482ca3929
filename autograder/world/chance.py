"""Chance from a key: the same on every machine and in every Python, and nobody else's draws can shift it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of draws that depends on nothing but the words and numbers it was made from."""

    def __init__(self, *key: object) -> None:
        self._key = "\n".join(str(part) for part in key).encode()
        self._count = 0

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        block = hashlib.sha256(self._key + self._count.to_bytes(8, "big")).digest()
        self._count += 1
        return int.from_bytes(block[:16], "big") % limit

    def share(self) -> float:
        """A number from 0 up to, but not including, 1."""
        return self.below(2**53) / 2**53

    def choice(self, values: Sequence[T]) -> T:
        return values[self.below(len(values))]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """All values in another order (Fisher and Yates)."""
        order = list(values)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def sample(self, values: Sequence[T], count: int) -> list[T]:
        """`count` different places of `values`, in drawn order."""
        return self.shuffled(values)[:count]
