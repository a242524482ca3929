"""Exercises of notebook 3.4, hybrid and re-rank: BM25, reciprocal rank fusion, maximal marginal relevance, a row of the decision log.

Similarities are sixteenths and the weights of MMR quarters, so that equal trade-offs are equal to the last bit.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

from ..metrics import bootstrap_interval, mean
from ..paths import datasets
from ..verdict import Criterion, Json, Mismatch
from .exercise import Exercise, Impossible, Property
from .figures import close, figure

EQUAL = 1e-9
"""Sums that differ by less were added up in another order."""
GAIN = 0.15
"""What fusion has to gain over vectors on the slice of article codes, in hit rate@5."""
TOP = 5

Ranked = list[tuple[Any, float]]


def words(text: str) -> list[str]:
    """As the notebook states it: runs of letters, digits and underscores, in lower case."""
    return re.findall(r"\w+", text.lower())


def bm25(query: str, passages: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.75) -> Ranked:
    """(row, score) of each passage that shares a word with the query, best first; equal scores by row. `passages` are lists of words."""
    scores: dict[int, float] = defaultdict(float)
    average = mean([len(passage) for passage in passages])
    for word in words(query):
        holding = [(row, passage.count(word)) for row, passage in enumerate(passages) if word in passage]
        weight = math.log(1 + (len(passages) - len(holding) + 0.5) / (len(holding) + 0.5))
        for row, times in holding:
            scores[row] += weight * times * (k1 + 1) / (times + k1 * (1 - b + b * len(passages[row]) / average))
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


def fused(rankings: Sequence[Sequence[Any]], k: float = 60) -> Ranked:
    """Reciprocal rank fusion; equal sums in the order in which they are first met."""
    sums: dict[Any, float] = {}
    for ranking in rankings:
        for rank, name in enumerate(ranking, start=1):
            sums[name] = sums.get(name, 0.0) + 1 / (k + rank)
    return sorted(sums.items(), key=lambda pair: -pair[1])


def _told(pairs: Sequence[Any]) -> str:
    return "[" + ", ".join(f"({name!r}, {figure(score)})" for name, score in pairs) + "]"


def _same_ranking(wanted: Ranked, got: Sequence[Any], alike: Callable[[Any, Any], bool]) -> Mismatch | None:
    """The same names with the same scores, best first. `alike` says which two of equal score must keep the order that `wanted` has."""
    off = Mismatch(_told(wanted), _told(got))
    scores, places = dict(wanted), {name: place for place, (name, _) in enumerate(wanted)}
    names = [name for name, _ in got]
    if sorted(map(repr, names)) != sorted(map(repr, scores)) or not all(close(score, scores[name]) for name, score in got):
        return off
    for place, name in enumerate(names):
        for later in names[place + 1 :]:
            gap = scores[later] - scores[name]
            if gap > EQUAL or (abs(gap) <= EQUAL and alike(name, later) and places[later] < places[name]):
                return off
    return None


SORTS = "freezer gateway sensor battery alarm".split()
FILL = "the is of a to near on".split()
CODES = ("VB-3195", "VB-3159", "HX-210", "Kühlraum", "T146", "E29")


@st.composite
def _corpus(draw: st.DrawFn, k1: Sequence[float | None] = (None,), b: Sequence[float | None] = (None,), fewest: int = 2) -> dict[str, Any]:
    """A few short passages of few words, which are common or rare, and a query of some of them. k1 and b may be left out together."""
    vocabulary = [*SORTS, *FILL[:3]]
    passages = draw(st.lists(st.lists(st.sampled_from(vocabulary), min_size=1, max_size=9).map(" ".join), min_size=fewest, max_size=6))
    query = draw(st.lists(st.sampled_from(vocabulary), min_size=1, max_size=3, unique=True).map(" ".join))
    return {"passages": passages, "query": query, "k1": draw(st.sampled_from(list(k1))), "b": draw(st.sampled_from(list(b))), "depth": 9}


@st.composite
def _spelled(draw: st.DrawFn) -> dict[str, Any]:
    """Codes, capitals and punctuation, in the passages and in the query; a word that stands twice in the query."""
    codes = draw(st.permutations(CODES))[: draw(st.integers(2, 5))]
    texts = [f"{draw(st.sampled_from(SORTS)).title()} {code}: {draw(st.sampled_from(FILL))} {code.lower()}." for code in codes]
    form = draw(st.sampled_from(["Where is {0}?", "{0}, {0}!", "({0} {1} {0})", "{1}/{0}"]))
    query = form.format(codes[0].upper(), draw(st.sampled_from(SORTS)))
    return {"passages": draw(st.permutations(texts)), "query": query, "k1": None, "b": None, "depth": 9}


@st.composite
def _repeated(draw: st.DrawFn) -> dict[str, Any]:
    """The same passage several times, and fewer results wanted than there are."""
    case = draw(_corpus())
    again = [draw(st.sampled_from(case["passages"])) for _ in range(draw(st.integers(1, 4)))]
    case["passages"] = draw(st.permutations([*case["passages"], *again]))
    return case | {"query": f"{case['query']} {case['passages'][0].split()[0]}", "depth": draw(st.integers(1, 4))}


_strange = st.one_of(
    _corpus().map(lambda case: case | {"query": "Rechnung?"}),
    _corpus().map(lambda case: case | {"query": "?!"}),
    _corpus().map(lambda case: case | {"passages": []}),
    _corpus().map(lambda case: case | {"passages": [*case["passages"], "", "—"]}),
)


def _scored(inputs: Json, seen: Json) -> Mismatch | None:
    passages = [words(text) for text in inputs["passages"]]
    whole = bm25(inputs["query"], passages) if inputs["k1"] is None else bm25(inputs["query"], passages, inputs["k1"], inputs["b"])
    wanted = whole[: inputs["depth"]]
    if len(seen) == len(wanted) < len(whole):
        return _first_of(whole, seen, lambda one, other: passages[one] == passages[other])
    return _same_ranking(wanted, seen, lambda one, other: passages[one] == passages[other])


def _first_of(whole: Ranked, got: Sequence[Any], alike: Callable[[Any, Any], bool]) -> Mismatch | None:
    """A ranking cut at its depth: what was cut off is put back, and the whole compared."""
    names = {name for name, _ in got}
    return _same_ranking(whole, [*got, *(pair for pair in whole if pair[0] not in names)], alike) and Mismatch(_told(whole[: len(got)]), _told(got))


BM25 = Exercise(
    id="3.4-bm25",
    title="BM25, the score that counts words",
    names=("BM25",),
    observe="bm25",
    hints=(
        "Build once what does not depend on the query: the words of each passage as a Counter, how long each passage is, the average length, and for each word in how many passages it stands.",
        "In `search`, go through `words(query)`; for each word and each passage that holds it, add weight × saturation to that passage's sum. A word that no passage holds adds nothing.",
        "weight = ln(1 + (N - n + 0.5) / (n + 0.5)); saturation = f·(k1 + 1) / (f + k1·(1 - b + b·length / average)). Then sort by falling score, equal scores by row number, and cut at `depth`.",
    ),
    properties=(
        Property(Criterion("score", "Rare words weigh more, repetitions saturate, long passages pay", 3), _corpus(), _scored, examples=20),
        Property(Criterion("settings", "k1 and b do what they are there for", 1), _corpus((0.0, 0.5, 2.0), (0.0, 0.4, 1.0)), _scored, examples=16),
        Property(Criterion("words", "Words are those of `words`, in passages and query alike", 1), _spelled(), _scored, examples=16),
        Property(Criterion("order", "The best `depth`, equal scores in the order of the passages", 1), _repeated(), _scored, examples=20),
        Property(Criterion("nothing", "Nothing in common is not found; no passages are no error", 1), _strange, _scored, examples=16),
    ),
)


NAMES = ("p07", "p11", "p23", "p34", "p42", "p58", "p60", "p71")
_ranking = st.lists(st.sampled_from(NAMES), max_size=6, unique=True)


@st.composite
def _rankings(draw: st.DrawFn, fewest: int = 2, most: int = 2) -> dict[str, Any]:
    return {"rankings": draw(st.lists(_ranking, min_size=fewest, max_size=most)), "k": draw(st.sampled_from([None, None, 0, 1, 10]))}


@st.composite
def _swapped(draw: st.DrawFn) -> dict[str, Any]:
    """Two rankings of the same passages, in which neighbours have changed places: their sums are equal."""
    first = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=6, unique=True))
    second = list(first)
    for place in range(0, len(first) - 1, 2):
        if draw(st.booleans()) or place == 0:
            second[place : place + 2] = reversed(second[place : place + 2])
    return {"rankings": [first, second], "k": None}


@st.composite
def _apart(draw: st.DrawFn) -> dict[str, Any]:
    """Rankings with little or nothing in common, of different lengths, one of them perhaps empty."""
    names = draw(st.permutations(NAMES))
    cut, shared = draw(st.integers(0, 6)), draw(st.integers(0, 1))
    rankings = [names[: cut + shared], names[cut:]]
    return {"rankings": rankings if draw(st.booleans()) else rankings[::-1], "k": None}


def _all_in(inputs: Json, seen: Json) -> Mismatch | None:
    rankings = inputs["rankings"]
    wanted = fused(rankings, 60 if inputs["k"] is None else inputs["k"])
    return _same_ranking(wanted, seen, lambda one, other: len(rankings) < 3)


@cache
def recorded() -> list[dict[str, Any]]:
    """Article-code questions of another company: what each search found, and what is relevant. See datasets/fixtures/3.4/record.py."""
    lines = (datasets() / "fixtures" / "3.4" / "sku.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@st.composite
def _sku(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Nine in ten of the recorded questions. The passages are numbered anew each time."""
    step = draw(st.integers(1, 9_999))
    rows = [row for place, row in enumerate(recorded()) if (place + step) % 10]
    return [{key: [number + step for number in row[key]] for key in ("words", "near", "relevant")} for row in rows]


def _hits(rows: Json, rankings: Sequence[Sequence[Any]]) -> float:
    return mean([float(bool({*ranking[:TOP]} & {*row["relevant"]})) for row, ranking in zip(rows, rankings, strict=True)])


def _gains(inputs: Json, seen: Json) -> Mismatch | None:
    for row, ranking in zip(inputs, seen, strict=True):
        if not {*ranking} <= {*row["words"], *row["near"]} or len({*ranking}) < len(ranking):
            raise Impossible("a passage that neither search found, or one that stands twice in a ranking")
    near, both = _hits(inputs, [row["near"] for row in inputs]), _hits(inputs, seen)
    if both - near >= GAIN:
        return None
    wanted = f"hit rate@{TOP} on {len(inputs)} questions with article codes at least {near + GAIN:.2f}: that of vectors, {near:.2f}, and {GAIN}"
    return Mismatch(wanted, f"{both:.2f}")


RRF = Exercise(
    id="3.4-rrf",
    title="Reciprocal rank fusion",
    names=("rrf",),
    observe="rrf",
    hints=(
        "A dict from id to sum. Go through the rankings one after the other, and through each from rank 1; what is met for the first time starts at 0.",
        "An id that stands in one ranking only has one summand; it gets nothing for the other, and it is not left out. An empty ranking adds nothing.",
        "A dict keeps the order in which its keys came in, and `sorted` keeps the order of equals: `sorted(sums.items(), key=lambda pair: -pair[1])` is stable already. `reverse=True` is stable as well; sorting by (sum, id) is not.",
    ),
    properties=(
        Property(Criterion("sum", "Each ranking adds 1 / (k + rank)", 2), _rankings(1, 4), _all_in, examples=20),
        Property(Criterion("alone", "What one ranking alone found is there, with what that ranking gives", 1), _apart(), _all_in, examples=16),
        Property(Criterion("ties", "Equal sums in the order in which they were first met", 1), _swapped(), _all_in, examples=16),
        Property(Criterion("sku", f"On article codes, {GAIN} above vectors in hit rate@{TOP}", 1), _sku(), _gains, examples=3),
    ),
)


@st.composite
def _candidates(draw: st.DrawFn, lam: Sequence[float], fewest: int = 2) -> dict[str, Any]:
    """Passages, how near each is to the question, and how near they are to each other: symmetric, 1 on the diagonal."""
    size = draw(st.integers(fewest, 6))
    relevance = [draw(st.integers(2, 14)) / 16 for _ in range(size)]
    similar = [[1.0] * size for _ in range(size)]
    for row in range(size):
        for other in range(row):
            similar[row][other] = similar[other][row] = draw(st.integers(-14, 15)) / 16
    k = draw(st.integers(fewest, size))
    return {"relevance": relevance, "similar": similar, "lam": draw(st.sampled_from(list(lam))), "k": k}


_quarters = (0.25, 0.5, 0.75)
_more_than_there_are = _candidates(_quarters, 1).map(lambda case: case | {"k": len(case["relevance"]) + 2})
_only_one = _candidates(_quarters).map(lambda case: case | {"k": 1})


def _picked(case: Json) -> list[int]:
    relevance, similar, lam = case["relevance"], case["similar"], case["lam"]
    left = list(range(len(relevance)))
    picked = [max(left, key=lambda row: relevance[row])]
    while len(picked) < min(case["k"], len(left)):
        rest = [row for row in left if row not in picked]
        picked.append(max(rest, key=lambda row: lam * relevance[row] - (1 - lam) * max(similar[row][other] for other in picked)))
    return picked


def _picks(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = _picked(inputs)
    return None if seen == wanted else Mismatch(f"rows {wanted}", f"rows {seen}")


MMR = Exercise(
    id="3.4-mmr",
    title="Maximal marginal relevance",
    names=("mmr",),
    observe="mmr",
    hints=(
        "A greedy loop: `picked` begins with the most relevant row; as long as it is shorter than k and rows are left, add the best of the rest.",
        "The best of the rest is the row with the largest lam * relevance[row] - (1 - lam) * (its similarity to the most similar row that is picked already).",
        "`max(rest, key=...)` over rows in ascending order returns the first of equals, which is the lowest row. The penalty is `max(similar[row][other] for other in picked)`: the nearest one counts, not the sum and not the mean.",
    ),
    properties=(
        Property(Criterion("one", "With lam = 1 by relevance alone", 1), _candidates((1.0,)), _picks, examples=16),
        Property(Criterion("zero", "With lam = 0 the most relevant, then what is farthest from all that is picked", 1), _candidates((0.0,)), _picks, examples=16),
        Property(Criterion("between", "In between, relevance against the nearest one already picked", 2), _candidates(_quarters), _picks, examples=20),
        Property(Criterion("all", "No more than there are, and none twice", 1), st.one_of(_more_than_there_are, _only_one), _picks, examples=16),
    ),
)


SEARCHES = ("BM25", "vectors", "hybrid", "hybrid + MMR")
ROOM = 0.12
"""Of the width of an interval: five times and more what its ends vary by from one bootstrap of 2,000 draws to the next."""


@st.composite
def _run(draw: st.DrawFn, outcome: str = "", complete: bool = True) -> dict[str, Any]:
    """The lines of a run file in any order, and what is asked of it. `outcome`: how the comparison must come out.

    "up to zero" and "from zero" differ on one question or two, so that an end of the interval is zero itself.
    """
    size = draw(st.integers(20, 30))
    first, second, other = draw(st.permutations(SEARCHES))[:3]
    measure, beside = draw(st.permutations(["hit", "rr"]))
    kind = outcome or draw(st.sampled_from(["first", "second", "level"]))
    gains = {"first": [0.5, 0.5, 0.25, 0.0], "second": [-0.5, -0.5, -0.25, 0.0], "level": [0.5, -0.5, 0.0, 0.0]}
    gains |= {"from zero": [0.5, *[0.0] * 19], "up to zero": [-0.5, *[0.0] * 19]}
    bases = {"first": [0.5, 0.0], "second": [0.5, 1.0]}.get(kind, [0.5])
    start, luck = draw(st.integers(0, 3)), random.Random(draw(st.integers(0, 9_999)))
    rows = []
    for number in range(size):
        base, name = luck.choice(bases), f"q{number:02}"
        gain = gains[kind][(number + start) % len(gains[kind])]
        values = {second: base, first: base + gain} | ({other: luck.choice([0.0, 1.0])} if number % 5 else {})
        rows += [{"question": name, "search": search, measure: value, beside: 1.0 - value} for search, value in values.items()]
    rows.append({"question": "q99", "search": other, measure: 1.0, beside: 0.0})
    if not complete:
        rows = _torn(draw, rows, first, second)
    luck.shuffle(rows)
    return {"rows": rows, "first": first, "second": second, "measure": measure, "date": f"2026-{draw(st.integers(10, 12))}-07"}


_undecided = st.one_of(_run("level"), _run("from zero"), _run("up to zero"))


def _torn(draw: st.DrawFn, rows: list[dict[str, Any]], first: str, second: str) -> list[dict[str, Any]]:
    """Without one question of one search, or without all of it, or without both searches."""
    lost = draw(st.sampled_from([first, second]))
    number = f"q{draw(st.integers(0, 19)):02}"
    kind = draw(st.sampled_from(["one", "all of one", "both"]))
    searches = (first, second) if kind == "both" else (lost,)
    return [row for row in rows if row["search"] not in searches or (kind == "one" and row["question"] != number)]


def _differences(case: Json) -> list[float]:
    values: dict[str, dict[str, float]] = {case["first"]: {}, case["second"]: {}}
    for row in case["rows"]:
        if row["search"] in values:
            values[row["search"]][row["question"]] = row[case["measure"]]
    return [values[case["first"]][name] - values[case["second"]][name] for name in sorted(values[case["first"]])]


def _row_of(seen: Json) -> dict[str, Any]:
    if "value" not in seen:
        raise Impossible(f"ValueError: {seen['refused']}")
    row: dict[str, Any] = seen["value"]
    return row


def _figures(inputs: Json, seen: Json) -> Mismatch | None:
    differences, row = _differences(inputs), _row_of(seen)
    low, high = bootstrap_interval(differences, draws=4000, seed=1)
    room = ROOM * (high - low) + 0.002
    wanted = {"n": len(differences), "difference": mean(differences), "low": low, "high": high}
    rooms = {"n": 0.0, "difference": 1e-6, "low": room, "high": room}
    off = [name for name in wanted if not close(row.get(name), wanted[name], rooms[name])]
    if not off:
        return None
    return Mismatch(", ".join(f"{name} = {figure(wanted[name])}" for name in off), ", ".join(f"{name} = {figure(row.get(name))}" for name in off))


def _decided(outcome: str) -> Callable[[Json, Json], Mismatch | None]:
    def judge(inputs: Json, seen: Json) -> Mismatch | None:
        wanted = "no decision" if outcome == "level" else inputs[outcome]
        row = _row_of(seen)
        got = row.get("decision")
        if got == wanted:
            return None
        return Mismatch(f"decision {wanted!r}, for the interval of the differences is {_ends(inputs)}", f"{got!r}")

    return judge


def _ends(inputs: Json) -> str:
    return "about {:+.3f} to {:+.3f}".format(*bootstrap_interval(_differences(inputs), draws=2000, seed=1))


def _decisions(inputs: Json, seen: Json) -> Mismatch | None:
    low, high = bootstrap_interval(_differences(inputs), draws=4000, seed=1)
    return _decided("first" if low > 0 else "second" if high < 0 else "level")(inputs, seen)


def _identified(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = {"date": inputs["date"], "compared": f"{inputs['first']} - {inputs['second']}", "measure": inputs["measure"]}
    row = _row_of(seen)
    got = {name: row.get(name) for name in wanted}
    return None if got == wanted else Mismatch(str(wanted), str(got))


def _refused(inputs: Json, seen: Json) -> Mismatch | None:
    return None if "refused" in seen else Mismatch("ValueError: not every question has a figure of both searches", str(seen["value"]))


DECISION = Exercise(
    id="3.4-decision",
    title="A row of the decision log",
    names=("decision_row",),
    observe="decision",
    hints=(
        "Read the file line by line with json.loads, and collect for each of the two searches a dict from question to figure. Lines of other searches are none of your business.",
        "If the two dicts have different keys, or none, raise ValueError. Else make the list of differences, question by question, first minus second.",
        "`low, high = interval(differences)`. Above zero altogether: the first; below zero altogether: the second; otherwise, also if an end is exactly zero, \"no decision\".",
    ),
    properties=(
        Property(Criterion("figures", "n, the mean difference and its interval, paired by question", 2), _run(), _figures, examples=12),
        Property(Criterion("better", "The search that is better, whichever it is", 1), st.one_of(_run("first"), _run("second")), _decisions, examples=12),
        Property(Criterion("undecided", "No decision when the interval holds zero", 1), _undecided, _decisions, examples=12),
        Property(Criterion("identity", "The row says what was compared, by what, and when", 1), _run(), _identified, examples=6),
        Property(Criterion("refuses", "A question without one of its two figures is a ValueError", 1), _run(complete=False), _refused, examples=16),
    ),
)

EXERCISES = (BM25, RRF, MMR, DECISION)
