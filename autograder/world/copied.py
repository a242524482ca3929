"""How much of a question was taken from the words that answer it. Whoever asks does not know the words of the document."""

from __future__ import annotations

import re
from collections.abc import Iterable

STOP = frozenset(
    "a an and are at be by can do does for from has have how in is it many much my of on or our the their to was what when where which who why with".split()
)
FEWEST = 3
"""Content words below which a question is too short to be called copied."""


def content_words(text: str) -> frozenset[str]:
    """The different words of a text in lower case, without the commonest ones."""
    return frozenset(re.findall(r"\w+", text.lower())) - STOP


def copied(question: str, quotes: Iterable[str]) -> bool:
    """Whether more than half of the question's content words stand in its quotes, taken together."""
    asked = content_words(question)
    return len(asked) >= FEWEST and 2 * len(asked & content_words(" ".join(quotes))) > len(asked)
