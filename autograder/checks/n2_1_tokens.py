"""Exercises of notebook 2.1, tokens are not words: a budget in tokens, cuts that leave codes whole, counts without a tokenizer.

The texts of 2.1-predict are sentences of the practice company with their true counts, from `datasets/fixtures/2.1/counts.jsonl`.
"""

from __future__ import annotations

import functools
import itertools
import json
import random
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..paths import datasets
from ..probe.observers.n2_1 import counter
from ..verdict import Criterion, Json, Mismatch
from .exercise import Exercise, Property

_counter = st.sampled_from([["pieces", 1], ["pieces", 2], ["pieces", 4], ["length", 3], ["length", 5]])
INSTRUCTIONS = ("Answer from the passages only.", "Be brief. Cite the passage.", "")
QUESTIONS = ("Which probe fits a van?", "Wie lange hält die Batterie?", "保証は?")
PASSAGES = (
    "VB-3195-FK is sold by the piece.",
    "Readings below -80 °C need the cryo probe (clause 7.3(b)).",
    "Kühlkettenüberwachung braucht eine Batterie je 24 Monate.",
    "冷凍庫の警報は15分後に届きます。",
    "Ja.",
    "OK.",
    "はい。",
    "Gateways are sent on the next working day; pallets take a week.",
)


def _prompt(inputs: Json, passages: int) -> str:
    return "\n\n".join([inputs["instructions"], *inputs["passages"][:passages], inputs["question"]])


def _needed(inputs: Json, passages: int) -> int:
    """Tokens of the prompt with so many passages, and of the answer."""
    return int(counter(inputs)(_prompt(inputs, passages))) + int(inputs["answer"])


@st.composite
def _budget(draw: DrawFn, *, slack: tuple[int, ...], too_small: bool = False) -> Json:
    """A prompt and a window that holds some number of its passages, with `slack` tokens to spare."""
    passages = draw(st.lists(st.sampled_from(PASSAGES), min_size=0 if too_small else 1, max_size=5))
    inputs: dict[str, Any] = {
        "counter": draw(_counter),
        "instructions": draw(st.sampled_from(INSTRUCTIONS)),
        "passages": passages,
        "question": draw(st.sampled_from(QUESTIONS)),
        "answer": draw(st.sampled_from([8, 20, 60])),
    }
    held = 0 if too_small else draw(st.integers(0, len(passages)))
    return {**inputs, "window": _needed(inputs, held) + draw(st.sampled_from(slack))}


def _fits(inputs: Json, seen: Json) -> Mismatch | None:
    sums = [_needed(inputs, held) for held in range(len(inputs["passages"]) + 1)]
    wanted = max((held for held, needed in enumerate(sums) if needed <= inputs["window"]), default=None)
    if wanted is None:
        wish = f"ValueError: {sums[0]} tokens are needed without any passage, the window holds {inputs['window']}"
        return None if seen.get("raised") == "ValueError" else Mismatch(wish, str(seen.get("fitting", seen)))
    got = seen.get("fitting")
    if type(got) is int and got == wanted:
        return None
    after = f", {sums[wanted + 1]} with one more" if wanted + 1 < len(sums) else ""
    return Mismatch(f"{wanted} passages: {sums[wanted]} tokens with the answer{after}, and the window holds {inputs['window']}", str(got if got is not None else seen))


FITS = Exercise(
    id="2.1-fits",
    title="A prompt that fits its window",
    names=("fits_budget",),
    observe="fits",
    hints=(
        "Write a small inner function that builds the whole prompt for n passages and counts *that*. A whole has another number of tokens than its parts have together.",
        "What has to fit is count(prompt) + answer, and exactly full is full enough: `<=`.",
        "Go through n = 0, 1, 2, … and keep the last that fits; stop at the first that does not. If not even n = 0 fits, raise ValueError.",
    ),
    properties=(
        Property(Criterion("most", "As many passages as fit, from the front", 2), _budget(slack=(0, 2, 5, 9)), _fits, examples=50),
        Property(Criterion("border", "Exactly full fits, one token more does not", 2), _budget(slack=(0, -1)).filter(lambda i: _needed(i, 0) <= i["window"]), _fits, examples=30),
        Property(Criterion("too_small", "A window too small for any prompt is an error", 1), _budget(slack=(-1, -7, 0), too_small=True), _fits, examples=15),
    ),
)


WORDS = ("The van ", "stays closed. ", "Kühlkette", "überwachung ", "警報は", "15分後 ", "see ", "or ", "\n\n", "if warm: ")
LEAST = 3
"""Tokens that a single character may take."""
CODES = ("VB-3195-FK", "7.3(b)(ii)", "-18 °C", "PX-0042", "EN 12830:2018")


@st.composite
def _text(draw: DrawFn, *, codes: bool, tight: bool = False) -> Json:
    """A text of words and codes, the codes protected; the limit is at least what the dearest code takes, or one less when `tight`."""
    parts = draw(st.lists(st.sampled_from((*WORDS, *CODES, *CODES) if codes else WORDS), min_size=1, max_size=9))
    if codes and not any(part in CODES for part in parts):
        parts.insert(draw(st.integers(0, len(parts))), draw(st.sampled_from(CODES)))
    inputs: dict[str, Any] = {"counter": draw(_counter), "text": "".join(parts), "protected": []}
    place = 0
    for part in parts:
        if part in CODES:
            inputs["protected"].append([place, place + len(part)])
        place += len(part)
    count = counter(inputs)
    dearest = max((count(part) for part in parts if part in CODES), default=0)
    return {**inputs, "limit": dearest - 1 if tight else max(dearest, LEAST) + draw(st.integers(0, 6))}


def _cuttable(inputs: Json, place: int) -> bool:
    return not any(start < place < end for start, end in inputs["protected"])


def _longest(inputs: Json, start: int) -> int:
    """Where the longest piece that begins at `start` ends."""
    count, text = counter(inputs), inputs["text"]
    return max(end for end in range(start + 1, len(text) + 1) if _cuttable(inputs, end) and count(text[start:end]) <= inputs["limit"])


def _pieces(inputs: Json, seen: Json) -> list[str] | Mismatch:
    """The pieces, if they are the text cut up."""
    pieces = seen.get("pieces")
    if not isinstance(pieces, list) or "".join(pieces) != inputs["text"] or not all(pieces):
        return Mismatch("pieces that are not empty and joined give the text again", str(seen.get("message", pieces)))
    return pieces


def _within_the_limit(inputs: Json, seen: Json) -> Mismatch | None:
    pieces = _pieces(inputs, seen)
    if isinstance(pieces, Mismatch):
        return pieces
    over = next((piece for piece in pieces if counter(inputs)(piece) > inputs["limit"]), None)
    return Mismatch(f"pieces of at most {inputs['limit']} tokens", f"{over!r} has {counter(inputs)(over)}") if over else None


def _codes_whole(inputs: Json, seen: Json) -> Mismatch | None:
    pieces = _pieces(inputs, seen)
    if isinstance(pieces, Mismatch):
        return pieces
    place = 0
    for before, after in itertools.pairwise(pieces):
        place += len(before)
        if not _cuttable(inputs, place):
            start, end = next(span for span in inputs["protected"] if span[0] < place < span[1])
            return Mismatch(f"no cut inside {inputs['text'][start:end]!r}", f"{before!r} | {after!r}")
    return _within_the_limit(inputs, seen)


def _long_pieces(inputs: Json, seen: Json) -> Mismatch | None:
    pieces = _pieces(inputs, seen)
    if isinstance(pieces, Mismatch):
        return pieces
    place = 0
    for piece in pieces:
        longest = _longest(inputs, place)
        if place + len(piece) != longest:
            return Mismatch(f"the longest piece that is allowed, {inputs['text'][place:longest]!r}", repr(piece))
        place = longest
    return None


def _refused(inputs: Json, seen: Json) -> Mismatch | None:
    return None if seen.get("raised") == "ValueError" else Mismatch(f"ValueError: a protected span has more than {inputs['limit']} tokens", str(seen.get("pieces", seen)))


SPLIT = Exercise(
    id="2.1-split",
    title="Cuts that leave codes whole",
    names=("safe_split",),
    observe="split",
    hints=(
        "From where you stand, try every end from start + 1 on, and remember the last that is allowed: the piece is short enough, and no span has start < end < stop.",
        "A place is inside a span if it lies strictly between its ends. Cutting exactly before or after a code is allowed.",
        "If no end at all is allowed from where you stand, a protected span is too long for the limit: raise ValueError. Otherwise append the piece, go on from its end, and stop at the end of the text.",
    ),
    properties=(
        Property(Criterion("limit", "The whole text, in pieces within the limit", 1), _text(codes=False), _within_the_limit, examples=35),
        Property(Criterion("protected", "No cut inside a protected span", 2), _text(codes=True), _codes_whole, examples=50),
        Property(Criterion("long", "Every piece as long as it can be", 1), st.one_of(_text(codes=False), _text(codes=True)), _long_pieces, examples=25),
        Property(Criterion("impossible", "A span longer than the limit is an error", 1), _text(codes=True, tight=True), _refused, examples=12),
    ),
)


MODELS = ("smollm2:135m", "qwen2.5-coder:1.5b")
PROSE, OTHERS = ("english", "german", "french", "spanish"), ("japanese", "codes", "readings")
SAMPLES, ASKED = 10, 8
OFF = 0.10


@functools.cache
def _counts() -> dict[str, list[dict[str, Any]]]:
    """Kind -> texts with the tokens each model reads them as."""
    lines = (datasets() / "fixtures" / "2.1" / "counts.jsonl").read_text(encoding="utf-8").splitlines()
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        row = json.loads(line)
        found.setdefault(row["kind"], []).append(row)
    return found


def _alike(samples: list[dict[str, Any]], asked: list[dict[str, Any]], model: str) -> bool:
    """Whether the samples stand for what is asked, by characters and by bytes, with room to spare: luck must not decide."""
    for size in (len, lambda text: len(text.encode())):
        rates = [sum(row[model] for row in rows) / sum(size(row["text"]) for row in rows) for rows in (samples, asked)]
        if abs(rates[0] / rates[1] - 1) > OFF / 2:
            return False
    return True


def _drawn(number: int, kinds: tuple[str, ...]) -> Json:
    """Two kinds, for one of the models: samples with their tokens, and texts to predict."""
    dice = random.Random(number)
    model = dice.choice(MODELS)
    inputs: dict[str, Any] = {"samples": [], "asked": [], "tokens": {}}
    for kind in (dice.choice(kinds), dice.choice([kind for kind in PROSE + OTHERS if kind not in kinds])):
        while True:
            rows = dice.sample(_counts()[kind], SAMPLES + ASKED)
            if _alike(rows[:SAMPLES], rows[SAMPLES:], model):
                break
        inputs["samples"] += [{"kind": kind, "text": row["text"], "tokens": row[model]} for row in rows[:SAMPLES]]
        inputs["asked"] += [{"kind": kind, "text": row["text"]} for row in rows[SAMPLES:]]
    dice.shuffle(inputs["samples"])
    inputs["model"] = model
    return inputs


def _learning(kinds: tuple[str, ...], *, unknown: bool = False) -> SearchStrategy[Json]:
    def built(number: int) -> Json:
        inputs = _drawn(number, kinds)
        del inputs["tokens"]
        model = inputs.pop("model")
        if unknown:
            inputs["asked"] = [{**one, "kind": "unknown"} for one in inputs["asked"]]
        return {**inputs, "counts_of": MODELS.index(model)}

    return st.integers(0, 2**24).map(built)


def _true(inputs: Json) -> list[int]:
    """The tokens of every text that was asked about."""
    model = MODELS[inputs["counts_of"]]
    known = {row["text"]: row[model] for rows in _counts().values() for row in rows}
    return [known[one["text"]] for one in inputs["asked"]]


def _close(inputs: Json, seen: Json) -> Mismatch | None:
    true = _true(inputs)
    for kind in dict.fromkeys(one["kind"] for one in inputs["asked"]):
        places = [place for place, one in enumerate(inputs["asked"]) if one["kind"] == kind]
        tokens, predicted = sum(true[place] for place in places), sum(seen[place] for place in places)
        if not abs(predicted / tokens - 1) <= OFF:
            return Mismatch(f"about {tokens} tokens for {len(places)} texts of kind {kind!r}, give or take {OFF:.0%}", f"{predicted:.0f} ({predicted / tokens - 1:+.0%})")
    return None


def _each_by_itself(inputs: Json, seen: Json) -> Mismatch | None:
    """Texts of one kind differ in length by more than a prediction may be off."""
    for tokens, predicted, one in zip(_true(inputs), seen, inputs["asked"], strict=True):
        if not 0.5 <= predicted / tokens <= 2:
            return Mismatch(f"about {tokens} tokens for {one['text'][:60]!r}…, within a factor of two", f"{predicted:.0f}")
    return _close(inputs, seen)


def _careful(inputs: Json, seen: Json) -> Mismatch | None:
    """A text of unknown kind is predicted as the dearest kind of the samples would be, by characters or by bytes."""
    kinds = {sample["kind"] for sample in inputs["samples"]}
    for place, one in enumerate(inputs["asked"]):
        dearest = []
        for size in (len, lambda text: len(text.encode())):
            rates = [
                sum(s["tokens"] for s in inputs["samples"] if s["kind"] == kind) / sum(size(s["text"]) for s in inputs["samples"] if s["kind"] == kind) for kind in kinds
            ]
            dearest.append(max(rates) * size(one["text"]))
        if seen[place] < min(dearest) * (1 - OFF):
            return Mismatch(f"about {max(dearest):.0f} tokens for {one['text'][:40]!r}…, as for the dearest kind in the samples", f"{seen[place]:.0f}")
    return None


PREDICT = Exercise(
    id="2.1-predict",
    title="Counting without a tokenizer",
    names=("fit_counts",),
    observe="predict",
    hints=(
        "One rate per kind: all tokens of its samples, divided by all characters of its samples. A prediction is the rate times the length of the text.",
        "Add up first and divide once; do not average the rates of single strings, or the short ones count too much. Keep the sums in two dicts by kind.",
        "`predict` is an inner function that `fit_counts` returns. For a kind without samples it takes the largest rate of all: `rates.get(kind, max(rates.values()))`.",
    ),
    properties=(
        Property(Criterion("prose", "Within 10 % on texts that were not in the samples", 2), _learning(PROSE), _each_by_itself, examples=8),
        Property(Criterion("others", "Also for Japanese, article codes and sensor readings", 2), _learning(("japanese", *OTHERS)), _each_by_itself, examples=12),
        Property(Criterion("unknown", "An unknown kind is predicted as the dearest one", 1), _learning(PROSE, unknown=True), _careful, examples=5),
    ),
)

EXERCISES = (FITS, SPLIT, PREDICT)
