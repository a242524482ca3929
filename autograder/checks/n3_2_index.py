"""Exercises of notebook 3.2, the index: filtered search, a manifest that refuses, near-duplicates, an estimate of capacity.

Vectors lie in a plane at angles that are well apart, so that the order of cosines is certain and that of distances is another one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..verdict import Criterion, Json, Mismatch
from . import articles
from .exercise import Exercise, Property
from .figures import close, figure

PLANS = ("Depot", "Fleet", "Quai d'Ivry", "O'Neill's")
LANGUAGES = ("en", "de", "fr")
TOUCHY = PLANS[2:]


@st.composite
def _table(draw: st.DrawFn, plans: Sequence[str | None] = (*PLANS, None), size: int = 10) -> dict[str, Any]:
    """Rows in any order, of any length, none with the direction of another, and a query."""
    angles = draw(st.permutations(range(4, 176, 9)))[:size]
    rows = []
    for number, angle in enumerate(angles):
        length, turn = draw(st.sampled_from([0.25, 1.0, 4.0])), math.radians(angle)
        vector = [round(length * math.cos(turn), 6), round(length * math.sin(turn), 6)]
        kind = {"plan": draw(st.sampled_from(list(plans))), "language": draw(st.sampled_from(LANGUAGES))}
        rows.append({"id": f"p{number:02}", **kind, "vector": vector})
    return {"rows": rows, "query": [draw(st.sampled_from([0.5, 1.0, 3.0])), 0.0], "k": draw(st.integers(1, 4)), "where": {}}


_plain = _table()


@st.composite
def _far(draw: st.DrawFn) -> dict[str, Any]:
    """What is asked for lies behind everything else."""
    case = draw(_table(("Depot",), size=12))
    by_angle = sorted(case["rows"], key=lambda row: math.atan2(row["vector"][1], row["vector"][0]))
    for row in by_angle[draw(st.integers(6, 10)) :]:
        row["plan"] = "Fleet"
    return case | {"where": {"plan": "Fleet"}}


@st.composite
def _several(draw: st.DrawFn) -> dict[str, Any]:
    """Two conditions, one of them a list as a rule."""
    plan = draw(st.one_of(st.sampled_from(PLANS[:2]), st.lists(st.sampled_from(PLANS[:2]), min_size=1, max_size=2, unique=True)))
    language = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=2, unique=True))
    return draw(_table(PLANS[:2], size=12)) | {"where": {"plan": plan, "language": language}}


_quoted = st.tuples(_table((*TOUCHY, "Depot")), st.sampled_from([TOUCHY[0], TOUCHY[1], [TOUCHY[0], "Depot"], [TOUCHY[1]], "x' OR '1' = '1"])).map(
    lambda drawn: drawn[0] | {"where": {"plan": drawn[1]}}
)
_empty = st.tuples(_table((None, "Depot", "Fleet")), st.sampled_from([None, None, []]), st.booleans()).map(
    lambda drawn: drawn[0] | {"where": {"plan": drawn[1]} | ({"language": "en"} if drawn[2] else {})}
)


def _meets(row: Json, where: Json) -> bool:
    return all(row[name] in wanted if isinstance(wanted, list) else row[name] == wanted for name, wanted in where.items())


def _nearest(case: Json) -> list[tuple[str, float]]:
    """By brute force: the cosine of every row that meets the conditions."""
    cosines = {row["id"]: row["vector"][0] / math.hypot(*row["vector"]) for row in case["rows"] if _meets(row, case["where"])}
    return sorted(cosines.items(), key=lambda pair: -pair[1])[: case["k"]]


def _same_as_brute_force(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = _nearest(inputs)
    if [name for name, _ in seen] == [name for name, _ in wanted] and all(
        close(got, right, 1e-3) for (_, got), (_, right) in zip(seen, wanted, strict=True)
    ):
        return None
    return Mismatch(f"{_ranked(wanted)} where {inputs['where'] or 'anything goes'}", _ranked(seen))


def _ranked(pairs: Sequence[Any]) -> str:
    return ", ".join(f"({name}, {figure(similarity)})" for name, similarity in pairs) or "nothing"


FILTER = Exercise(
    id="3.2-filter",
    title="A filtered search that equals brute force",
    names=("find",),
    observe="find",
    hints=(
        "Build one condition of SQL per entry of `where` and join them with AND: `plan = 'Fleet'`, `language IN ('de', 'fr')`, `plan IS NULL`. Then `table.search(query).distance_type(\"cosine\").where(...).limit(k).to_list()`.",
        "An apostrophe inside a text of SQL is written twice: `value.replace(\"'\", \"''\")`. Nothing equals NULL, so None needs IS NULL. And `IN ()` is a syntax error: an empty list matches no row, so return [] without asking.",
        "`where` filters before the search unless you say `prefilter=False`. LanceDB gives a distance in `_distance`, and for \"cosine\" that is 1 minus the similarity. Without `distance_type` it takes Euclidean distances, which depend on the lengths.",
    ),
    properties=(
        Property(Criterion("nearest", "The k rows with the highest cosine similarity, best first", 1), _plain, _same_as_brute_force, examples=8),
        Property(Criterion("before", "Rows are filtered before they are counted", 1), _far(), _same_as_brute_force, examples=8),
        Property(Criterion("all", "All conditions hold; of a list, one value", 1), _several(), _same_as_brute_force, examples=10),
        Property(Criterion("quotes", "Values are data, whatever signs they hold", 1), _quoted, _same_as_brute_force, examples=8),
        Property(Criterion("empty", "None asks for rows without a value; an empty list matches nothing", 1), _empty, _same_as_brute_force, examples=8),
    ),
)


KEYS = ("digest", "dimension", "chunking")
_VALUES: dict[str, SearchStrategy[Any]] = {
    "model": st.sampled_from(["all-minilm", "all-minilm:latest", "all-minilm:22m"]),
    "digest": st.sampled_from(["53aa5117", "0c5d2f8e", "9b1e77a0"]),
    "dimension": st.sampled_from([256, 384, 768]),
    "chunking": st.sampled_from(["lines-700", "lines-500", "Sätze-2"]),
}
_MORE = {"prefix": st.sampled_from(["", "query: "]), "distance": st.sampled_from(["cosine", "dot"])}
_settings = st.fixed_dictionaries(_VALUES, optional=_MORE)


def _other_than(name: str, old: Json) -> SearchStrategy[Any]:
    return _VALUES[name].filter(lambda value: value != old)


def _claims(before: str | None, *claims: Any) -> dict[str, Any]:
    return {"before": before, "claims": list(claims)}


@st.composite
def _renamed(draw: st.DrawFn) -> dict[str, Any]:
    """The same settings again, in another order, perhaps under another name."""
    first = draw(_settings)
    again = {name: first[name] for name in draw(st.permutations(sorted(first)))}
    return _claims(None, first, again | {"model": draw(_VALUES["model"])})


@st.composite
def _changed(draw: st.DrawFn) -> dict[str, Any]:
    """Settings that differ in some keys, or in which keys there are; then the first ones again."""
    first = draw(_settings)
    changed = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
    second = {name: draw(_other_than(name, value)) if name in changed else value for name, value in first.items()}
    if draw(st.booleans()):
        second = {name: value for name, value in second.items() if name not in _MORE} | draw(st.fixed_dictionaries({}, optional=_MORE))
    return _claims(None, first, second, first)


@st.composite
def _null(draw: st.DrawFn) -> dict[str, Any]:
    """A key whose value is null, and its absence: two settings, in either order."""
    without = {name: value for name, value in draw(_settings).items() if name != "prefix"}
    first, second = draw(st.permutations([without, without | {"prefix": None}]))
    return _claims(None, first, second, first)


@st.composite
def _unreadable(draw: st.DrawFn) -> dict[str, Any]:
    text = json.dumps(draw(_settings))
    broken = draw(st.sampled_from(["", text[: len(text) // 2], "[]", "null", text.replace('"', "'")]))
    return _claims(broken, draw(_settings))


_first = _settings.map(lambda settings: _claims(None, settings))


def _differing(held: Json, settings: Json) -> list[str]:
    return sorted(name for name in {*held, *settings} - {"model"} if held.get(name, ...) != settings.get(name, ...))


def _claimed(inputs: Json, seen: Json) -> Mismatch | None:
    """Step by step against what the file must hold; the first step that is off is told."""
    held: Json = None
    for number, (settings, step) in enumerate(zip(inputs["claims"], seen, strict=True), start=1):
        when = f"claim {number}"
        if held is None:
            if step.get("value") != "new":
                return Mismatch(f"{when}: 'new', there was no manifest", _outcome(step))
            if step["holds"] != settings:
                return Mismatch(f"{when}: a manifest.json that holds {settings}", f"one that holds {step['holds']}")
            held = settings
            continue
        differing = _differing(held, settings)
        if step["touched"]:
            return Mismatch(f"{when}: the manifest stays as it is", f"it was written anew, and holds {step['holds']}")
        if not differing and step.get("value") != "same":
            return Mismatch(f"{when}: 'same', nothing but the name may differ", _outcome(step))
        if differing and not _names_exactly(step.get("refused", ""), differing, {*held, *settings} - {"model"}):
            return Mismatch(f"{when}: a ValueError that names {' and '.join(differing)} and no other key", _outcome(step))
    return None


def _names_exactly(words: str, differing: Sequence[str], keys: set[str]) -> bool:
    return bool(words) and all((name in words) == (name in differing) for name in keys)


def _outcome(step: Json) -> str:
    return f"ValueError: {step['refused']}" if "refused" in step else repr(step["value"])


def _never_trusted(inputs: Json, seen: Json) -> Mismatch | None:
    [step] = seen
    if "refused" in step and not step["touched"]:
        return None
    got = "the file was overwritten" if step["touched"] else _outcome(step)
    return Mismatch(f"a ValueError, and the file left as it is: {inputs['before']!r} is no manifest", got)


MANIFEST = Exercise(
    id="3.2-manifest",
    title="A manifest that refuses a second embedder",
    names=("claim",),
    observe="manifest",
    hints=(
        "Three ways out. No file: write `json.dumps(settings)` and return \"new\". A file that agrees: return \"same\". Anything else: raise ValueError, and write nothing.",
        "Compare over the keys of both, `held.keys() | settings.keys()`, without \"model\". A key that one side lacks differs. Collect all that differ before you raise, so that the message can name them.",
        "`json.loads` raises json.JSONDecodeError for a broken file, and that *is* a ValueError already. But `[]` and `null` are valid JSON and no manifest: look whether you got a dict.",
    ),
    properties=(
        Property(Criterion("first", "An index without a manifest gets one", 1), _first, _claimed, examples=8),
        Property(Criterion("same", "The same settings are let in, under whatever name", 1), _renamed(), _claimed, examples=10),
        Property(Criterion("refuses", "Other settings are refused, every key that differs is named, and nothing is written", 2), st.one_of(_changed(), _changed(), _null()), _claimed, examples=20),
        Property(Criterion("unreadable", "What cannot be read is refused, not replaced", 1), _unreadable(), _never_trusted, examples=12),
    ),
)


def _pairs(inputs: Json, seen: Json) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """(the pairs that say the same, those that were named)."""
    return articles.pairs(inputs["texts"], inputs["names"]), {tuple(pair) for pair in seen}


def _told(inputs: Json, pair: tuple[int, int]) -> str:
    return " and ".join(f"text {number} ({inputs['texts'][number][:70]!r}…)" if number < len(inputs["texts"]) else f"text {number}" for number in pair)


def _found_all(inputs: Json, seen: Json) -> Mismatch | None:
    wanted, got = _pairs(inputs, seen)
    missed = sorted(wanted - got)
    return Mismatch(f"{missed[0]} among the pairs: {_told(inputs, missed[0])} say the same", f"{len(got & wanted)} of {len(wanted)} pairs found") if missed else None


def _none_too_many(inputs: Json, seen: Json) -> Mismatch | None:
    wanted, got = _pairs(inputs, seen)
    wrong = sorted(got - wanted)
    return Mismatch(f"{wrong[0]} not among the pairs: {_told(inputs, wrong[0])} do not say the same", f"{sorted(got)}") if wrong else None


def _f1(inputs: Json, seen: Json) -> Mismatch | None:
    wanted, got = _pairs(inputs, seen)
    value = 2 * len(wanted & got) / (len(wanted) + len(seen)) if seen else 0.0
    if value >= 0.9:
        return None
    return Mismatch(f"F1 of at least 0.9; the pairs are {sorted(wanted)}", f"F1 = {figure(value)} with {sorted(map(list, seen))}")


DUPLICATES = Exercise(
    id="3.2-duplicates",
    title="Near-duplicates, and what only looks like one",
    names=("near_duplicates",),
    observe="duplicates",
    hints=(
        "Two questions per pair: is most of the wording shared, and is no fact replaced? Shingles answer the first: sets of three neighbouring words, compared by what is shared divided by what there is. About half is a good threshold.",
        "A fact is a word that holds a digit, or one of `names`. An added footer has facts of its own, but on one side only. A replaced fact shows on both sides: `facts_a - facts_b` and `facts_b - facts_a` are both non-empty.",
        "Take words so that \"2.5\" and \"HX-210\" stay whole, `re.findall(r\"\\w+(?:[.,-]\\w+)*\", text.lower())`, and remember that `names` are capitalised while your words no longer are.",
    ),
    properties=(
        Property(Criterion("copies", "Copies are found: reformatted, mistyped, rearranged, with a footer", 1), articles.copies(), _found_all, examples=14),
        Property(Criterion("facts", "Pages that differ in one figure, code or name are no duplicates", 2), articles.distinct(), _none_too_many, examples=14),
        Property(Criterion("others", "A shared footer makes no duplicates", 1), articles.others(), _none_too_many, examples=8),
        Property(Criterion("f1", "F1 of at least 0.9, each pair once and in order", 1), articles.mixed(), _f1, examples=14),
    ),
)


@st.composite
def _measured(draw: st.DrawFn, kind: str = "plain") -> dict[str, Any]:
    """Sizes with their bytes and timings, on a straight line but for a hundredth. "disturbed": some timings took many times as long."""
    sizes = draw(st.sampled_from([[500, 1000, 2000, 4000], [1000, 2000, 4000, 8000], [2000, 1000, 8000, 4000, 6000]]))
    fixed, each = draw(st.sampled_from([0, 200_000, 3_000_000])), draw(st.integers(1_500, 9_000))
    start, step = draw(st.sampled_from([1.5, 3.0, 6.0])), draw(st.sampled_from([0.3, 0.6, 1.2])) / 1000
    measured = []
    for size in sizes:
        noise = draw(st.permutations([-0.03, -0.02, -0.01, -0.005, 0.0, 0.005, 0.01, 0.02, 0.03]))
        times = [(start + step * size) * (1 + part) for part in noise]
        if kind == "disturbed":
            places = draw(st.lists(st.integers(0, len(times) - 1), min_size=1, max_size=3, unique=True))
            times = [value * (draw(st.integers(8, 30)) if place in places else 1) for place, value in enumerate(times)]
        measured.append({"rows": size, "bytes": round((fixed + each * size) * (1 + 0.2 * noise[0])), "ms": [round(value, 4) for value in times]})
    return {"measured": measured, "rows": draw(st.sampled_from([20_000, 100_000, 1_000_000]))}


def _line(inputs: Json, what: Callable[[Json], float]) -> float:
    slope, fixed = np.polyfit([one["rows"] for one in inputs["measured"]], [what(one) for one in inputs["measured"]], 1)
    return float(fixed + slope * inputs["rows"])


def _estimated(name: str) -> Callable[[Json, Json], Mismatch | None]:
    def judge(inputs: Json, seen: Json) -> Mismatch | None:
        right = _line(inputs, (lambda one: one["bytes"]) if name == "bytes" else (lambda one: float(np.median(one["ms"]))))
        if close(seen[name], right, 0.2 * right):
            return None
        return Mismatch(f"about {figure(right)} {name} for {inputs['rows']:,} rows, within 20 %", figure(seen[name]))

    return judge


CAPACITY = Exercise(
    id="3.2-capacity",
    title="What a table will need when it has grown",
    names=("capacity",),
    observe="capacity",
    hints=(
        "Two straight lines, one for bytes and one for milliseconds. Dividing by the rows and multiplying again will not do: a query has a fixed part that does not grow, and at small sizes it is most of the time.",
        "First one number per size for the milliseconds. Not the mean: one query that had to wait for something else spoils it. The median does not notice.",
        "`slope, fixed = np.polyfit(sizes, values, 1)` fits the line; the estimate is `fixed + slope * rows`.",
    ),
    properties=(
        Property(Criterion("bytes", "Bytes within 20 %", 1), _measured(), _estimated("bytes"), examples=10),
        Property(Criterion("ms", "Milliseconds of the typical query within 20 %, fixed part and all", 1), _measured(), _estimated("ms"), examples=10),
        Property(Criterion("disturbed", "Single queries that took many times as long change nothing", 1), _measured("disturbed"), _estimated("ms"), examples=10),
    ),
)

EXERCISES = (FILTER, MANIFEST, DUPLICATES, CAPACITY)
