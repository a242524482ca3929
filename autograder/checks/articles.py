"""Short help pages with figures, codes and plans in them, their copies as companies have them, and pages that differ in one fact."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

NAMES = ("Depot", "Fleet", "Network", "Global")
CODES = ("HX-120", "HX-210", "GW-30", "GW-55", "PR-7")
PAGES = (
    (
        "An alert is sent {0} minutes after the probe has left its limits",
        "On the {name} plan it goes to the whole rota at once",
        "Whoever taps on the message has taken the case",
        "If nobody does so within {1} minutes the supervisor is called by telephone",
        "Alerts of the model {code} also light the red lamp beside the door",
        "A muted sensor stays silent for {2} hours and then reports again",
    ),
    (
        "Goods may be returned within {0} days of delivery",
        "Write the return number on the outside of the carton",
        "Customers with a {name} contract pay no postage for this",
        "A restocking fee of {1} percent applies to opened boxes",
        "The gateway {code} must be reset before it travels",
        "Refunds reach your account after about {2} working days",
    ),
    (
        "Every sensor is calibrated once in {0} months",
        "The certificate appears under documents as soon as the laboratory has signed",
        "For the {code} the interval begins with the first reading",
        "Express calibration costs {1} euros and takes two days",
        "It is included for everybody who has {name} or has had it before",
        "Old certificates are kept for {2} years and can be exported",
    ),
    (
        "Press the button on the {code} for {0} seconds until the lamp turns blue",
        "Then open the application and choose the site where the device will live",
        "A {name} account can pair several devices in one go",
        "The search stops after {1} minutes without an answer",
        "Metal doors shorten the range of the radio considerably",
        "Repeat the steps at a distance of {2} metres if nothing happens",
    ),
    (
        "Invoices are due {0} days after they were issued",
        "The {name} plan is billed in advance and everything else in arrears",
        "A reminder goes out automatically and carries no charge",
        "After the second one {1} percent of interest are added",
        "Spare parts such as the {code} appear on a separate line",
        "Disputed items can be marked within {2} days in the portal",
    ),
)
FOOTER = "Northlight Cold Chain, customer information. Please consider the environment before printing this page"
STAMPS = ("Printed from the help centre in 2026", "Copied for the night shift, edition of 2026", "Forwarded by the service desk")
WORD = re.compile(r"\w+(?:[.,-]\w+)*")
Article = list[str]
Labelled = list[tuple[int, str]]
"""Texts with the number of the page that each is a copy of."""


@st.composite
def _article(draw: st.DrawFn, topic: int) -> dict[str, Any]:
    numbers = draw(st.lists(st.integers(3, 95), min_size=3, max_size=3, unique=True))
    return {"topic": topic, "numbers": numbers, "name": draw(st.sampled_from(NAMES)), "code": draw(st.sampled_from(CODES))}


def _written(facts: dict[str, Any]) -> Article:
    return [sentence.format(*facts["numbers"], name=facts["name"], code=facts["code"]) for sentence in PAGES[facts["topic"]]]


@st.composite
def _sibling(draw: st.DrawFn, facts: dict[str, Any]) -> dict[str, Any]:
    """The same page with one fact replaced by one that it did not have."""
    kind = draw(st.sampled_from(["numbers", "numbers", "name", "code"]))
    if kind == "numbers":
        place = draw(st.integers(0, 2))
        fresh = draw(st.integers(3, 95).filter(lambda value: value not in facts["numbers"]))
        return facts | {"numbers": [fresh if at == place else value for at, value in enumerate(facts["numbers"])]}
    others = [value for value in (NAMES if kind == "name" else CODES) if value != facts[kind]]
    return facts | {kind: draw(st.sampled_from(others))}


def _text(sentences: Article, joint: str = ". ") -> str:
    return joint.join(sentences) + "."


@st.composite
def _copied(draw: st.DrawFn, sentences: Article) -> str:
    """As somebody else has it: in capitals or other lines, with slips, in another order, or with something beneath it."""
    how = draw(st.sampled_from(["lines", "capitals", "typos", "order", "stamp", "stamp", "less"]))
    if how == "lines":
        return "- " + _text(sentences, ".\n- ")
    if how == "capitals":
        return _text(sentences).upper()
    if how == "typos":
        return _mistyped(_text(sentences), draw(st.lists(st.integers(0, 20), min_size=1, max_size=3, unique=True)))
    if how == "order":
        turn = draw(st.integers(1, len(sentences) - 1))
        return _text([*sentences[turn:], *sentences[:turn]])
    if how == "stamp":
        return _text([*sentences, draw(st.sampled_from(STAMPS))])
    gone = draw(st.sampled_from([place for place, sentence in enumerate(sentences) if not _facts(sentence)]))
    return _text([sentence for place, sentence in enumerate(sentences) if place != gone])


def _facts(sentence: str) -> list[str]:
    return [word for word in WORD.findall(sentence) if word in NAMES or any(sign.isdigit() for sign in word)]


def _mistyped(text: str, places: Sequence[int]) -> str:
    """Two letters exchanged in some of the long words."""
    long = list(re.finditer(r"\b[a-z]{6,}\b", text))
    for place in sorted({place % len(long) for place in places}, reverse=True):
        at = long[place].start() + 2
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text


@st.composite
def labelled(draw: st.DrawFn, pages: int, most_copies: int, fewest_copies: int, siblings: int, footer: bool = False) -> Labelled:
    """Pages of different topics with their copies, and siblings of the first ones, in any order."""
    topics = draw(st.permutations(range(len(PAGES))))[:pages]
    bases = [draw(_article(topic)) for topic in topics]
    bases += [draw(_sibling(base)) for base in bases[:siblings]]
    found: Labelled = []
    for number, facts in enumerate(bases):
        sentences = _written(facts) + ([FOOTER] if footer else [])
        found.append((number, _text(sentences)))
        copies = draw(st.integers(fewest_copies, most_copies)) if number < pages else 0
        found += [(number, draw(_copied(sentences))) for _ in range(copies)]
    return draw(st.permutations(found))


def _case(found: Labelled) -> dict[str, Any]:
    return {"texts": [text for _, text in found], "names": list(NAMES)}


def copies() -> SearchStrategy[dict[str, Any]]:
    return labelled(pages=2, most_copies=1, fewest_copies=1, siblings=0).map(_case)


def distinct() -> SearchStrategy[dict[str, Any]]:
    return labelled(pages=2, most_copies=0, fewest_copies=0, siblings=2).map(_case)


def others() -> SearchStrategy[dict[str, Any]]:
    return labelled(pages=4, most_copies=0, fewest_copies=0, siblings=0, footer=True).map(_case)


def mixed() -> SearchStrategy[dict[str, Any]]:
    return labelled(pages=3, most_copies=2, fewest_copies=1, siblings=2).map(_case)


def pairs(texts: Sequence[str], names: Sequence[str]) -> set[tuple[int, int]]:
    """The pairs of places whose texts say the same: at least half of the shingles are shared, and no fact is replaced by another."""
    words = [WORD.findall(text.lower()) for text in texts]
    shingles = [set(zip(row, row[1:], row[2:], strict=False)) for row in words]
    known = {name.lower() for name in names}
    facts = [{word for word in row if word in known or any(sign.isdigit() for sign in word)} for row in words]
    found = set()
    for i, j in itertools.combinations(range(len(texts)), 2):
        shared = 2 * len(shingles[i] & shingles[j]) >= len(shingles[i] | shingles[j])
        replaced = facts[i] - facts[j] and facts[j] - facts[i]
        if shared and not replaced:
            found.add((i, j))
    return found
