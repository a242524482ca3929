"""Exercises of notebook 3.3, measure first: scores of a ranking, faults of a golden set, intervals, a paired test.

Scores of two searches are quarters, so that sums are exact and the exact p-value can be counted out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..metrics import bootstrap_interval
from ..verdict import Criterion, Json, Mismatch
from ..world.copied import copied
from .exercise import Exercise, Property
from .figures import close, figure

IDS = ("p07", "p11", "p23", "p34", "p42", "p58", "p60", "p71", "p86", "p95")
MEASURES = ("hit", "precision", "recall", "rr", "ndcg")


@st.composite
def _ranking(draw: st.DrawFn, fewest: int = 1, alike: bool = False) -> dict[str, Any]:
    """Results in any order, some of them relevant, and perhaps relevant ones that were not found. `alike`: several have the same score."""
    found = draw(st.lists(st.sampled_from(IDS), min_size=max(fewest, 3 if alike else 0), max_size=7, unique=True))
    levels = draw(st.permutations([0.5 * step for step in range(1, 9)]))
    scores = [draw(st.sampled_from([0.5, 1.5])) for _ in found] if alike else list(levels)
    relevant = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True))
    gains = {name: draw(st.sampled_from([1, 1, 2, 3])) for name in relevant}
    return {"results": [list(pair) for pair in zip(found, scores, strict=False)], "relevant": gains, "k": draw(st.integers(1, 6))}


@st.composite
def _hard(draw: st.DrawFn) -> dict[str, Any]:
    """More is relevant than fits into the first k; or the first relevant one comes below them; or fewer than k were found."""
    found, k = draw(st.permutations(IDS))[:7], draw(st.integers(1, 3))
    kind = draw(st.sampled_from(["crowded", "late", "few"]))
    relevant = found[k : k + 2] if kind == "late" else [found[draw(st.integers(0, k - 1))], *found[-3:]]
    if kind == "few":
        found, k = found[:k], k + draw(st.integers(1, 3))
    ranked = [[name, 4.0 - 0.5 * place] for place, name in enumerate(found)]
    return {"results": draw(st.permutations(ranked)), "relevant": {name: draw(st.sampled_from([1, 2])) for name in relevant}, "k": k}


_any_ranking = st.one_of(_ranking(), _hard())
_nothing_found = _ranking().map(lambda case: case | {"results": []})
_nothing_relevant = _ranking().map(lambda case: case | {"relevant": {}})


def _measures(case: Json) -> dict[str, float]:
    names = [name for name, _ in sorted(case["results"], key=lambda pair: (-pair[1], pair[0]))][: case["k"]]
    gains, k = case["relevant"], case["k"]
    places = [rank for rank, name in enumerate(names, start=1) if name in gains]
    best = sorted(gains.values(), reverse=True)[:k]
    ideal = sum(gain / math.log2(rank + 1) for rank, gain in enumerate(best, start=1))
    return {
        "hit": float(bool(places)),
        "precision": len(places) / k,
        "recall": len(places) / len(gains),
        "rr": 1 / places[0] if places else 0.0,
        "ndcg": sum(gains[names[rank - 1]] / math.log2(rank + 1) for rank in places) / ideal,
    }


def _measured(*names: str) -> Callable[[Json, Json], Mismatch | None]:
    def judge(inputs: Json, seen: Json) -> Mismatch | None:
        wanted = _measures(inputs)
        if "value" not in seen:
            return Mismatch(", ".join(f"{name} = {figure(wanted[name])}" for name in names), f"ValueError: {seen['refused']}")
        off = [name for name in names if not close(seen["value"].get(name), wanted[name])]
        if not off:
            return None
        return Mismatch(
            ", ".join(f"{name} = {figure(wanted[name])}" for name in off),
            ", ".join(f"{name} = {figure(seen['value'].get(name))}" for name in off),
        )

    return judge


def _empty(inputs: Json, seen: Json) -> Mismatch | None:
    if inputs["relevant"]:
        return _measured(*MEASURES)(inputs, seen)
    return None if "refused" in seen else Mismatch("ValueError: no passage is relevant, so there is nothing to find", str(seen["value"]))


METRICS = Exercise(
    id="3.3-metrics",
    title="Five measures of a ranking",
    names=("score",),
    observe="metrics",
    hints=(
        "First make a plain list of the ids at ranks 1 to k: sort the results by falling score, equal scores by id, and cut. `key=lambda pair: (-pair[1], pair[0])` says both. All five measures need only that list.",
        "What a measure is divided by tells it apart: precision by k, always; recall by `len(relevant)`, all of them; nDCG by what the best possible ranking would have earned.",
        "DCG adds gain / log2(rank + 1) over the ranks 1 to k, with gain 0 for what is not relevant. For the ideal, take the gains of `relevant` from the largest down, the first k, and add them up in the same way.",
    ),
    properties=(
        Property(Criterion("first", "hit and rr look at the first relevant passage among the best k", 1), _any_ranking, _measured("hit", "rr"), examples=20),
        Property(Criterion("shares", "precision is a share of k, recall of all that is relevant", 1), _any_ranking, _measured("precision", "recall"), examples=20),
        Property(Criterion("ndcg", "ndcg weighs gains by rank, against the best possible ranking", 2), _any_ranking, _measured("ndcg"), examples=20),
        Property(Criterion("ties", "Equal scores rank by id", 1), _ranking(alike=True), _measured(*MEASURES), examples=16),
        Property(
            Criterion("empty", "Nothing found is zero; nothing relevant is a ValueError", 1), st.one_of(_nothing_found, _nothing_relevant), _empty, examples=12
        ),
    ),
)


NOUNS = (
    "battery charger gateway freezer probe alert invoice contract sensor report calibration pallet courier refund password "
    "supervisor threshold humidity defrost warranty customs mute escalation export audit vaccine pharmacy"
).split()
FILLERS = ("within fourteen days", "as agreed", "after the second notice", "by the owner", "at no charge", "in writing")


@st.composite
def _question(draw: st.DrawFn, kind: str, shared: Sequence[int] = (0, 1, 2, 3, 4), size: int = 4) -> dict[str, Any]:
    """A question of `size` content words, of which a number drawn from `shared` stand in its quotes."""
    words = draw(st.lists(st.sampled_from(NOUNS), min_size=size, max_size=size, unique=True))
    others = draw(st.lists(st.sampled_from([noun for noun in NOUNS if noun not in words]), min_size=2, max_size=2, unique=True))
    text = draw(st.sampled_from(["What is the {0}", "How can my {0}", "Which {0}"])).format(" of the ".join([words[0], " ".join(words[1:])]).strip()) + "?"
    taken = draw(st.permutations(words))[: min(draw(st.sampled_from(list(shared))), size)]
    told = draw(st.permutations([*map(str.capitalize, taken), *others]))
    cut = draw(st.integers(1, len(told)))
    quotes = [" ".join(part) + " " + draw(st.sampled_from(FILLERS)) for part in (told[:cut], told[cut:]) if part]
    sources = [{"document": f"manual/{others[0]}.html", "quote": quote} for quote in quotes]
    return {"slice": kind, "question": text, "sources": sources}


def _numbered(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"q{number:02}", **row} for number, row in enumerate(rows, start=1)]


_kinds = st.sampled_from(["plain", "sku", "typo"])
_copied = st.lists(_kinds.flatmap(lambda kind: _question(kind, (1, 2, 2, 3, 3, 4))), min_size=1, max_size=2).map(_numbered)
_short = st.integers(1, 2).flatmap(lambda size: st.lists(_question("plain", (2,), size), min_size=1, max_size=2)).map(_numbered)


@st.composite
def _sets(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Sets about as large as one must be, with about as many of each kind."""
    silent, typos, size = draw(st.integers(2, 4)), draw(st.integers(2, 4)), draw(st.sampled_from([19, 20, 20, 21]))
    kinds, first = ["unanswerable"] * silent + ["typo"] * typos + ["plain"] * (size - silent - typos), draw(st.integers(0, 9))
    kinds = kinds[first:] + kinds[:first]
    rows = []
    for number, kind in enumerate(kinds):
        sources = [] if kind == "unanswerable" else [{"document": "a.md", "quote": "as agreed"}]
        rows.append({"slice": kind, "question": f"Where is pallet {number}?", "sources": sources})
    return _numbered(rows)


@st.composite
def _sourced(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    for kind in draw(st.lists(st.sampled_from(["plain", "typo", "unanswerable"]), min_size=1, max_size=3)):
        row = draw(_question(kind, (0, 1)))
        rows.append(row if draw(st.booleans()) else row | {"sources": []})
    return _numbered(rows)


@st.composite
def _repeated(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = draw(st.lists(_question("plain", (0, 1)), min_size=1, max_size=3))
    for row in draw(st.lists(st.sampled_from(rows), min_size=1, max_size=2)):
        text = row["question"]
        rows.append(row | {"question": draw(st.sampled_from([text, text.upper(), f" {text}  ", text.replace(" ", "  ", 1)]))})
    return _numbered(rows)


def _faults(golden: Json) -> list[tuple[str, str]]:
    counts = Counter(row["slice"] for row in golden)
    found = [("few questions", "")] if len(golden) < 20 else []
    found += [(f"few {name}", "") for name, kind in (("unanswerable", "unanswerable"), ("typos", "typo")) if counts[kind] < 3]
    before: set[str] = set()
    for row in golden:
        same = " ".join(row["question"].lower().split())
        tests = {
            "twice": same in before,
            "sources": bool(row["sources"]) == (row["slice"] == "unanswerable"),
            "copied": copied(row["question"], [source["quote"] for source in row["sources"]]),
        }
        before.add(same)
        found += [(name, row["id"]) for name, wrong in tests.items() if wrong]
    return found


def _finds(*problems: str) -> Callable[[Json, Json], Mismatch | None]:
    """Exactly these problems of those that are there, each once and in any order; what else is found is another criterion's business."""

    def judge(inputs: Json, seen: Json) -> Mismatch | None:
        wanted = sorted(pair for pair in _faults(inputs) if pair[0] in problems)
        got = sorted((str(name), str(id)) for name, id in seen if name in problems)
        return None if got == wanted else Mismatch(_listed(wanted, problems), _listed(got, problems))

    return judge


def _listed(pairs: Sequence[tuple[str, str]], problems: Sequence[str]) -> str:
    return ", ".join(f"({name!r}, {id!r})" for name, id in pairs) or f"no {' or '.join(map(repr, problems))}"


GOLDEN = Exercise(
    id="3.3-golden",
    title="What is wrong with a golden set",
    names=("lint",),
    observe="golden",
    hints=(
        "Two kinds of faults: three that concern the whole set (count, compare, id \"\"), and three that concern one question (a loop). Collect pairs in one list.",
        "For `copied`, put all quotes of a question together before you look: `content_words(\" \".join(...))`. Both sides are sets, so `&` gives the shared words. Half is not more than half.",
        "For `twice`, keep a set of the questions seen so far, each in lower case and with its spaces made single: `\" \".join(text.lower().split())`. An unanswerable question has no sources; every other has one at least.",
    ),
    properties=(
        Property(Criterion("size", "At least 20 questions, 3 unanswerable, 3 with typos", 1), _sets(), _finds("few questions", "few unanswerable", "few typos"), examples=16),
        Property(Criterion("sources", "Sources for what has an answer, and for nothing else", 1), _sourced(), _finds("sources"), examples=12),
        Property(Criterion("copied", "More than half of a question's content words stand in its quotes", 2), st.one_of(_copied, _copied, _short), _finds("copied"), examples=20),
        Property(Criterion("twice", "The same question again, whatever its capitals and spaces", 1), _repeated(), _finds("twice"), examples=12),
    ),
)


def _sample(values: SearchStrategy[list[float]], levels: Sequence[float]) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"values": values, "level": st.sampled_from(list(levels)), "seed": st.integers(0, 99)})


_ranks = st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.3333, 0.5, 1.0]), min_size=24, max_size=36).filter(lambda values: len(set(values)) > 3)
_few_hits = st.tuples(st.integers(9, 16), st.integers(1, 2), st.booleans()).map(
    lambda drawn: [float(not drawn[2])] * drawn[1] + [float(drawn[2])] * (drawn[0] - drawn[1])
)
_any_sample = _sample(_ranks, (0.6, 0.8, 0.95))
_skewed = _sample(_few_hits, (0.95,))
_nothing = _sample(st.just([]), (0.6, 0.8, 0.95))
ROOM = 0.12
"""Of the width of an interval: five times and more what its ends vary by from one bootstrap of 2,000 draws to the next."""


def _ends(inputs: Json, seen: Json) -> Mismatch | None:
    if "value" not in seen:
        return Mismatch("an interval", f"ValueError: {seen['refused']}")
    low, high = bootstrap_interval(inputs["values"], level=inputs["level"], draws=4000, seed=1)
    got = seen["value"][0]
    room = ROOM * (high - low) + 0.002
    fits = len(got) == 2 and close(got[0], low, room) and close(got[1], high, room)
    return None if fits else Mismatch(f"about ({low:.3f}, {high:.3f}) for the mean at level {inputs['level']:g}", f"({', '.join(map(figure, got))})")


def _inside(inputs: Json, seen: Json) -> Mismatch | None:
    low, high = seen["value"][0]
    if 0 <= low <= high <= 1:
        return None
    return Mismatch("an interval between 0 and 1: no mean of these values lies outside", f"({figure(low)}, {figure(high)})")


def _repeats(inputs: Json, seen: Json) -> Mismatch | None:
    once, again = seen["value"]
    return None if once == again else Mismatch(f"the same interval again with seed {inputs['seed']}", f"{tuple(once)}, then {tuple(again)}")


def _no_values(inputs: Json, seen: Json) -> Mismatch | None:
    return None if "refused" in seen else Mismatch("ValueError: there is nothing to average", str(seen["value"][0]))


INTERVAL = Exercise(
    id="3.3-interval",
    title="A bootstrap interval of a mean",
    names=("interval",),
    observe="interval",
    hints=(
        "One draw: n values picked from the n you have, with replacement (some come twice, some not at all), and their mean. Do it `draws` times and keep the means.",
        "The interval holds the middle `level` of the means: cut off half of what is left on either side. At level 0.8 that is the quantiles 0.1 and 0.9.",
        "`rng = np.random.default_rng(seed)`, then `rng.choice(values, size=(draws, len(values)))` draws everything at once; the means are along axis 1, and `np.quantile` takes a list of the two quantiles.",
    ),
    properties=(
        Property(Criterion("ends", "The middle of the resampled means, as much of it as `level` says", 2), _any_sample, _ends, examples=12),
        Property(Criterion("inside", "An interval where means can lie, also with few hits", 1), _skewed, _inside, examples=12),
        Property(Criterion("repeats", "The same seed gives the same interval", 1), _any_sample, _repeats, examples=5),
        Property(Criterion("empty", "Without values it is a ValueError", 1), _nothing, _no_values, examples=3),
    ),
)


_quarters = st.sampled_from([0.0, 0.25, 0.5, 1.0])
_bits = st.sampled_from([0.0, 1.0])


def _pair(first: Sequence[float], second: Sequence[float], seed: int = 0) -> dict[str, Any]:
    return {"first": list(first), "second": list(second), "seed": seed}


def _both(values: SearchStrategy[float], fewest: int, most: int) -> SearchStrategy[dict[str, Any]]:
    rows = st.lists(st.tuples(values, values), min_size=fewest, max_size=most)
    return st.tuples(rows, st.integers(0, 99)).map(lambda drawn: _pair([a for a, _ in drawn[0]], [b for _, b in drawn[0]], drawn[1]))


_any_pair = _both(_quarters, 6, 14)
_hits = _both(_bits, 4, 8)
_level = st.lists(st.sampled_from([0.0, 0.0, 0.75]), min_size=10, max_size=14).filter(lambda values: 3 <= values.count(0.0) <= len(values) - 3)
_steady = _level.map(lambda values: _pair(values, [value + 0.25 for value in values]))
_landslide = st.tuples(st.integers(22, 40), st.sampled_from([(0.25, 1.0), (1.0, 0.25)])).map(
    lambda drawn: _pair([drawn[1][0]] * drawn[0], [drawn[1][1]] * drawn[0])
)
_unequal = st.tuples(st.integers(2, 6), st.sampled_from([(0, 1), (0, 3), (1, 0), (2, 0)])).map(
    lambda drawn: _pair([0.5] * (drawn[0] + drawn[1][0]), [0.5] * (drawn[0] + drawn[1][1]))
)
_no_pair = st.just(_pair([], []))
LUCK = 0.05
"""Room for chance in a p-value from 3,000 draws: five times its largest standard error, and a little."""


def _exact(case: Json) -> float:
    """The share of all sign patterns whose sum is at least as far from zero as the one observed."""
    steps = [round(4 * (a - b)) for a, b in zip(case["first"], case["second"], strict=True)]
    sums: Counter[int] = Counter({0: 1})
    for step in steps:
        following: Counter[int] = Counter()
        for total, ways in sums.items():
            following[total + step] += ways
            following[total - step] += ways
        sums = following
    observed = abs(sum(steps))
    return sum(ways for total, ways in sums.items() if abs(total) >= observed) / sum(sums.values())


def _near_exact(inputs: Json, seen: Json) -> Mismatch | None:
    if "value" not in seen:
        return Mismatch("a p-value", f"ValueError: {seen['refused']}")
    wanted = _exact(inputs)
    return None if close(seen["value"], wanted, LUCK) else Mismatch(f"p about {wanted:.3f}", f"p = {figure(seen['value'])}")


def _small_but_there(inputs: Json, seen: Json) -> Mismatch | None:
    p = seen.get("value")
    return None if close(p, 0.005, 0.005) and p > 0 else Mismatch("a p-value below 0.01, and above 0", f"p = {figure(p)}")


def _no_match(inputs: Json, seen: Json) -> Mismatch | None:
    sizes = f"{len(inputs['first'])} and {len(inputs['second'])} scores"
    return None if "refused" in seen else Mismatch(f"ValueError for {sizes}", f"p = {figure(seen['value'])}")


PAIRED = Exercise(
    id="3.3-paired",
    title="Is the difference luck? A paired test",
    names=("p_value",),
    observe="paired",
    hints=(
        "Only the differences count, question by question. If the two searches were equally good, each difference could as well have had the other sign.",
        "Draw signs: `rng.choice([-1, 1], size=(draws, n))`, times the differences, and the mean of each row. These are the differences that luck makes. Count those at least as far from zero as yours, up or down.",
        "The pattern you observed is itself one that luck can make, so it counts too: (1 + count) / (1 + draws), never 0. And numbers that should be equal may differ in the last bit: compare with `>= observed - 1e-12`.",
    ),
    properties=(
        Property(Criterion("value", "The share of sign patterns at least as extreme, both ways", 2), _any_pair, _near_exact, examples=20),
        Property(Criterion("equal", "As extreme as observed counts as well", 1), _hits, _near_exact, examples=20),
        Property(Criterion("paired", "A small gain on every question is no luck, however much questions differ", 1), _steady, _near_exact, examples=10),
        Property(Criterion("zero", "Small, and never 0", 1), _landslide, _small_but_there, examples=6),
        Property(Criterion("refuses", "Other lengths, or nothing at all: ValueError", 1), st.one_of(_unequal, _no_pair), _no_match, examples=8),
    ),
)

EXERCISES = (METRICS, INTERVAL, PAIRED, GOLDEN)
