"""When a passage holds a span, a document supports a quote, and an answer matches: forgiving in form, strict in figures.

Texts come from learners' own readers of PDF and HTML, so markup, spaces, line ends, ligatures and the many kinds of dash and
quotation mark are forgiven. A number is never found inside another one: 40 is neither in 140 nor in 1.40 nor in 40.5, and the code
HV-2210 is not in HV-2210-B.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from .tokens import Token, dated, tokens

LONGEST_ANSWER = 60
IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:\.{3}|…)\s*\]|…|\.{3})\s*")


def normal(text: str) -> str:
    """The text as it is compared: lower-case words, numbers without thousands separators, amounts as "1250 eur"."""
    return " ".join(token.text for token in tokens(text))


def holds(passage: str, span: str) -> bool:
    """Whether the words of `span` stand in `passage`, in order and without gaps."""
    return found(passage, span)


def supports(document_text: str, quote: str) -> bool:
    """Whether `quote` stands in the document. It may begin or end inside a word, and leave words out where it says "…"."""
    parts = [part for part in ELLIPSIS.split(quote) if part.strip()]
    return bool(parts) and all(found(document_text, part, cut=True) for part in parts)


def matches(accept: Iterable[str], answer: str) -> bool:
    """Whether one of the accepted forms stands in the answer. An answer of more than 60 words is none."""
    if length(answer) > LONGEST_ANSWER:
        return False
    return any(found(answer, form) or found(dated(answer), dated(form)) for form in accept)


def length(text: str) -> int:
    """Words; two characters of Japanese count as one."""
    ideographs = len(IDEOGRAPH.findall(text))
    return len(IDEOGRAPH.sub(" ", text).split()) + (ideographs + 1) // 2


def found(text: str, wanted: str, *, cut: bool = False) -> bool:
    """Whether the tokens of `wanted` follow each other in `text`. With `cut`, its first and last word may be parts of words."""
    return any(squashed(wanted, plain).inside(squashed(text, plain), cut) for plain in (True, False))


class Squashed:
    """A text without spaces or punctuation, and where in it a token begins or ends."""

    def __init__(self, parts: Sequence[Token]) -> None:
        self.text = ""
        self.starts: dict[int, Token] = {}
        self.ends: dict[int, Token] = {}
        self.whole: set[int] = set()  # places inside codes, where nothing may be cut
        pieces: list[str] = []
        size = 0
        for before, token in zip([None, *parts[:-1]], parts, strict=True) if parts else []:
            if before and before.text[-1].isdigit() and token.text[0].isdigit():
                pieces.append("·")
                size += 1
            self.starts[size] = token
            if token.kind == "code":
                self.whole.update(range(size + 1, size + len(token.text)))
            pieces.append(token.text)
            size += len(token.text)
            self.ends[size] = token
        self.text = "".join(pieces)

    def inside(self, other: Squashed, cut: bool) -> bool:
        if not self.text:
            return False
        at = other.text.find(self.text)
        while at >= 0:
            if other.begins(at, cut) and other.stops(at + len(self.text), cut):
                return True
            at = other.text.find(self.text, at + 1)
        return False

    def begins(self, at: int, cut: bool) -> bool:
        token = self.starts.get(at)
        return not token.joined if token else cut and self.between_letters(at)

    def stops(self, at: int, cut: bool) -> bool:
        if at in self.ends:
            after = self.starts.get(at) or self.starts.get(at + 1)
            return not (after and after.joined)
        return cut and self.between_letters(at)

    def between_letters(self, at: int) -> bool:
        return at not in self.whole and self.text[at - 1].isalpha() and self.text[at].isalpha()


@lru_cache(maxsize=8_192)
def squashed(text: str, plain: bool) -> Squashed:
    return Squashed(tokens(text, plain))
