"""Exercises of notebook 2.3, sampling is a config: temperature and top-p, stop sequences in a stream, a file of defaults."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..verdict import Criterion, Json, Mismatch
from .exercise import Exercise, Impossible, Property

CLOSE = 1e-3
"""How near a sum of probabilities may come to top_p in a case: nearer than that, rounding would decide."""


def _wanted(inputs: Json) -> Any:
    """Heat, softmax, keep the smallest set that reaches top_p, scale again (Holtzman et al. 2020, eq. 2 and 3)."""
    logits = np.array(inputs["logits"], dtype=float)
    if inputs["temperature"] == 0:
        probabilities = np.zeros(len(logits))
        probabilities[np.argmax(logits)] = 1.0
        return probabilities
    heated = logits / inputs["temperature"]
    probabilities = np.exp(heated - heated.max())
    probabilities /= probabilities.sum()
    order = np.argsort(-probabilities, kind="stable")
    before = np.cumsum(probabilities[order]) - probabilities[order]
    kept = order[before < inputs["top_p"]] if inputs["top_p"] < 1 else order
    cut = np.zeros(len(logits))
    cut[kept] = probabilities[kept]
    return cut / cut.sum()


def _clear(inputs: Json) -> bool:
    """Whether no sum of probabilities lies so near to top_p that rounding decides what is kept."""
    if inputs["top_p"] == 1 or inputs["temperature"] == 0:
        return True
    sums = np.cumsum(np.sort(_wanted({**inputs, "top_p": 1.0}))[::-1])
    return bool(np.abs(sums - inputs["top_p"]).min() > CLOSE)


def _draw(temperatures: list[float], shares: list[float], scale: float = 0.5) -> SearchStrategy[dict[str, Any]]:
    logits = st.lists(st.integers(-4, 6).map(lambda number: number * scale), min_size=2, max_size=7)
    return st.fixed_dictionaries({"logits": logits, "temperature": st.sampled_from(temperatures), "top_p": st.sampled_from(shares)}).filter(_clear)


def _same(inputs: Json, seen: Json) -> Mismatch | None:
    wanted, got = _wanted(inputs), np.array(seen["probabilities"], dtype=object)
    if got.shape != wanted.shape:
        return Mismatch(f"{len(wanted)} probabilities, one per logit", f"shape {got.shape}")
    if any(isinstance(number, dict) for number in got):
        return Mismatch(_shown(wanted), "nan or infinity")
    found = got.astype(float)
    return None if np.allclose(found, wanted, rtol=1e-6, atol=1e-9) else Mismatch(_shown(wanted), _shown(found))


def _leaves_them_alone(inputs: Json, seen: Json) -> Mismatch | None:
    if seen["logits"] != inputs["logits"]:
        return Mismatch(f"the array that was passed in, as it was: {inputs['logits']}", str(seen["logits"]))
    return _same(inputs, seen)


def _shown(probabilities: Any) -> str:
    return str([float(f"{number:.4g}") for number in probabilities])


NUCLEUS = Exercise(
    id="2.3-nucleus",
    title="Temperature and top-p",
    names=("nucleus",),
    observe="nucleus",
    hints=(
        "Do it in the order of the docstring. Heat: logits / temperature. Softmax: subtract the largest before np.exp, divide by the sum. Temperature 0 is a case of its own, before anything is divided.",
        "Sort from the most probable down with np.argsort(-p, kind='stable'), which keeps the order of equals. A token stays if the probabilities *before* it add up to less than top_p.",
        "before = np.cumsum(p[order]) - p[order]; the kept indices are order[before < top_p]. Put their probabilities into an array of zeros and divide by its sum.",
    ),
    properties=(
        Property(Criterion("temperature", "Temperature divides the logits, then softmax", 1), _draw([0.25, 0.5, 1.0, 2.0, 5.0], [1.0]), _same),
        Property(Criterion("greedy", "Temperature 0 is the largest logit, the first of equals", 1), _draw([0.0], [1.0, 0.9, 0.3], scale=2.0), _same),
        Property(Criterion("nucleus", "The smallest set that reaches top_p, rescaled", 2), _draw([1.0], [0.1, 0.3, 0.5, 0.8, 0.9, 0.95]), _same),
        Property(Criterion("order", "First the heat, then the cut", 1), _draw([0.3, 0.5, 2.0, 3.0], [0.3, 0.5, 0.8, 0.9]), _same),
        Property(Criterion("stable", "Logits in the thousands overflow nothing", 1), _draw([0.5, 1.0], [0.9, 1.0], scale=900.0), _same),
        Property(Criterion("untouched", "The logits themselves are not changed", 1), _draw([0.5, 2.0], [0.8, 1.0]), _leaves_them_alone),
    ),
)


STOPS = ("END", "###", "\n\n", "User:")
_pieces = st.sampled_from(["", "a ", "E", "N", "D", "EN", "#", "##", "\n", "Us", "er:", "END", "b\n"])


def _cut(inputs: Json) -> tuple[str, int | None]:
    """(what is to be given, how many chunks it takes until a stop sequence is complete; None if none ever is)."""
    text = "".join(inputs["chunks"])
    found = [(text.find(stop), stop) for stop in inputs["stops"] if stop in text]
    if not found:
        return text, None
    begin, stop = min(found)
    taken = next(n for n in range(len(inputs["chunks"]) + 1) if len("".join(inputs["chunks"][:n])) >= begin + len(stop))
    return text[:begin], taken


def _one_reading(inputs: Json) -> bool:
    """Whether the stop sequence that begins first is also the one that is complete first."""
    text = "".join(inputs["chunks"])
    found = [(text.find(stop), text.find(stop) + len(stop)) for stop in inputs["stops"] if stop in text]
    return not found or min(found)[1] == min(end for _, end in found)


def _stream(least: int = 0, *, ends: bool | None = None) -> SearchStrategy[dict[str, Any]]:
    """`ends`: only streams that do (or do not) hold a stop sequence."""
    stops = st.lists(st.sampled_from(STOPS), min_size=1, max_size=3, unique=True)
    drawn = st.fixed_dictionaries({"chunks": st.lists(_pieces, min_size=least, max_size=9), "stops": stops}).filter(_one_reading)
    return drawn if ends is None else drawn.filter(lambda inputs: (_cut(inputs)[1] is not None) == ends)


@st.composite
def _split(draw: st.DrawFn) -> dict[str, Any]:
    """A stop sequence that begins in one chunk and ends in the next."""
    stop = draw(st.sampled_from(STOPS))
    border = draw(st.integers(1, len(stop) - 1))
    before, after = draw(st.lists(_pieces, max_size=2)), draw(st.lists(_pieces, max_size=2))
    return {"chunks": [*before, "a ", stop[:border], stop[border:], "b", *after], "stops": [stop]}


@st.composite
def _twice(draw: st.DrawFn) -> dict[str, Any]:
    """Two stop sequences, one after the other; only the first counts."""
    first, second = draw(st.sampled_from(STOPS)), draw(st.sampled_from(STOPS))
    chunks = [*draw(st.lists(_pieces, max_size=2)), "a ", first, "b ", second, *draw(st.lists(_pieces, max_size=2))]
    return {"chunks": draw(st.sampled_from([chunks, ["".join(chunks)]])), "stops": sorted({first, second})}


def _given(seen: Json) -> str:
    pieces = [event[1] for event in seen["events"] if event[0] == "gave"]
    if not all(isinstance(piece, str) for piece in pieces):
        raise Impossible("something that is no text was given")
    return "".join(pieces)


def _right_text(inputs: Json, seen: Json) -> Mismatch | None:
    wanted, got = _cut(inputs)[0], _given(seen)
    return None if got == wanted else Mismatch(repr(wanted), repr(got))


def _possible_beginning(text: str, stops: list[str]) -> int:
    """Length of the longest end of `text` with which a stop sequence could begin."""
    return max((size for stop in stops for size in range(1, len(stop)) if text.endswith(stop[:size])), default=0)


def _passed_on_early(inputs: Json, seen: Json) -> Mismatch | None:
    """Before the next chunk is taken, all that cannot begin a stop sequence has been given."""
    taken, given = 0, ""
    for kind, what in [*seen["events"], ["took", None]]:
        if kind == "gave":
            given += what
            continue
        text = "".join(inputs["chunks"][:taken])
        sure = text[: len(text) - _possible_beginning(text, inputs["stops"])]
        if not given.startswith(sure) and len(sure) <= len(_cut(inputs)[0]):
            return Mismatch(f"{sure!r} given once {inputs['chunks'][:taken]} had come", repr(given))
        taken += 1
    return _right_text(inputs, seen)


def _takes_no_more(inputs: Json, seen: Json) -> Mismatch | None:
    _, needed = _cut(inputs)
    taken = sum(event[0] == "took" for event in seen["events"])
    if needed is not None and taken > needed:
        return Mismatch(f"{needed} of {len(inputs['chunks'])} chunks taken: then the stop sequence is complete", f"{taken} taken")
    return _right_text(inputs, seen)


STOP = Exercise(
    id="2.3-stop",
    title="A stop sequence across the border of two chunks",
    names=("until_stop",),
    observe="stop",
    hints=(
        "Keep what has not been yielded in a string `held`, and add each chunk to it. If a stop sequence is in `held`, yield what stands before the earliest of them and return.",
        "If none is, the end of `held` may still be the beginning of one: 'EN' may become 'END'. Find the longest end of `held` that some stop sequence begins with, keep that, and yield the rest.",
        "keep = max(size for stop in stops for size in range(len(stop)) if held.endswith(stop[:size])). With size 0 every text ends so. After the loop nothing more can come: yield what is held.",
    ),
    properties=(
        Property(Criterion("text", "All text before the first stop sequence, and nothing of it", 2), st.one_of(_stream(), _split(), _twice()).filter(_one_reading), _right_text),
        Property(Criterion("rest", "All text when there is no stop sequence", 1), _stream(1, ends=False), _right_text),
        Property(Criterion("early", "Passes on at once what cannot begin a stop sequence", 2), _stream(2), _passed_on_early),
        Property(Criterion("halts", "Takes no further chunk once it is complete", 1), _stream(2, ends=True), _takes_no_more),
    ),
)


REASONS = {
    "temperature": ("one alert, one wording", "alerts team"),
    "top_k": ("top_p does the cutting", "reports team"),
    "top_p": ("agreed with support in March", "M. Solheim"),
    "repeat_penalty": ("part numbers are repeated exactly", "support"),
    "num_predict": ("the list has at most ten lines", "mobile team"),
    "stop": ("one paragraph only", "mobile team"),
}
KNOBS = tuple(REASONS)
_VALUES: dict[str, SearchStrategy[Any]] = {
    "temperature": st.sampled_from([0, 0.2, 0.8, 1, 2]),
    "top_k": st.sampled_from([0, 1, 40]),
    "top_p": st.sampled_from([0.1, 0.9, 1, 1.0]),
    "repeat_penalty": st.sampled_from([1, 1.0, 1.1, 2]),
    "num_predict": st.sampled_from([1, 40, 400]),
    "stop": st.sampled_from([[], ["\n\n"], ["###", "END"]]),
}
_WRONG_KIND = (("temperature", "0.2"), ("temperature", True), ("num_predict", 12.5), ("top_k", True), ("repeat_penalty", True), ("top_p", "0.9"), ("stop", "###"), ("stop", ["END", 3]))
_OUT_OF_RANGE = (("temperature", -0.1), ("temperature", 2.5), ("top_p", 0), ("top_p", 1.2), ("top_k", -1), ("num_predict", 0), ("repeat_penalty", 0.5), ("stop", [""]))
_MISSPELT = ("temprature", "topp", "max_tokens", "stops")
_TASKS = ("summarise-alert", "answer-ticket")


def _entry(knob: str) -> SearchStrategy[dict[str, Any]]:
    why, owner = REASONS[knob]
    return _VALUES[knob].map(lambda value: {"value": value, "why": why, "owner": owner})


_settings = st.fixed_dictionaries({knob: _entry(knob) for knob in KNOBS})


@st.composite
def _file(draw: st.DrawFn, faults: SearchStrategy[list[tuple[str, Any]]] | None = None, *, elsewhere: bool = False) -> dict[str, Any]:
    """A file, a task that is asked for, and faults to be tried one by one: each replaces one entry of a task (None takes it out).

    A fault is drawn as (knob, what to change in its entry). `elsewhere`: they are in the task that is not asked for.
    """
    names = list(_TASKS) if elsewhere else draw(st.sampled_from([list(_TASKS[:1]), list(_TASKS), list(_TASKS[::-1])]))
    file = {name: draw(_settings) for name in names}
    changed = names[1] if elsewhere else names[0]
    chosen = draw(faults) if faults is not None else []
    return {"file": file, "task": names[0], "faults": [_fault(changed, file[changed], knob, change) for knob, change in chosen]}


def _fault(task: str, entries: dict[str, Any], knob: str, change: Any) -> dict[str, Any]:
    """`change` maps fields to what they become, or to None for taking them out. A bare value replaces the whole entry, None takes it out."""
    if not isinstance(change, dict):
        return {"task": task, "knob": knob, "entry": change}
    entry = {**entries.get(knob, entries["temperature"]), **change}
    return {"task": task, "knob": knob, "entry": {field: value for field, value in entry.items() if value is not None}}


def _some(faults: list[tuple[str, Any]]) -> SearchStrategy[list[tuple[str, Any]]]:
    places = st.lists(st.integers(0, len(faults) - 1), min_size=1, max_size=len(faults), unique=True)
    return places.map(lambda chosen: [faults[place] for place in chosen])


_kinds: list[tuple[str, Any]] = [(knob, {"value": value}) for knob, value in _WRONG_KIND]
_ranges: list[tuple[str, Any]] = [(knob, {"value": value}) for knob, value in _OUT_OF_RANGE]
_BLANKS: tuple[tuple[str, str | None], ...] = (("value", None), ("why", None), ("owner", None), ("why", ""), ("owner", "  "), ("why", " "))
_reasons: list[tuple[str, Any]] = [(knob, {field: text}) for knob in ("temperature", "stop") for field, text in _BLANKS]
_bare: list[tuple[str, Any]] = [("temperature", 0.2), ("num_predict", 40), ("stop", ["END"])]
_knobs: list[tuple[str, Any]] = [*((knob, None) for knob in KNOBS), *((knob, {}) for knob in _MISSPELT)]


def _options(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = {knob: entry["value"] for knob, entry in inputs["file"][inputs["task"]].items()}
    (outcome,) = seen
    if outcome.get("raised"):
        return Mismatch(str(wanted), _error(outcome))
    return None if outcome["options"] == wanted else Mismatch(str(wanted), str(outcome["options"]))


def _refused(inputs: Json, seen: Json) -> Mismatch | None:
    for fault, outcome in zip(inputs["faults"], seen, strict=True):
        knob, entry = fault["knob"], fault["entry"]
        place = f"{knob} of {fault['task']} is missing" if entry is None else f"{fault['task']} has {knob}: {entry}"
        if outcome.get("raised") != "ValueError" or knob not in outcome["message"]:
            return Mismatch(f"ValueError that names {knob}: {place}", _error(outcome) if "raised" in outcome else str(outcome["options"]))
    return None


def _error(outcome: Json) -> str:
    return f"{outcome['raised']}: {outcome['message']}"[:200]


DEFAULTS = Exercise(
    id="2.3-defaults",
    title="Every knob has a value, a why and an owner",
    names=("load_defaults",),
    observe="defaults",
    hints=(
        "yaml.safe_load gives nested dicts: task, then knob, then value, why and owner. Go through all tasks and all knobs first, whichever task is asked for; at the end return one task's values.",
        "Per task compare two sets: the knobs that are there and KNOBS. What is too much is a typing error, what is missing was forgotten; both are named in the ValueError.",
        "Write one small function per question: is this value allowed for this knob? Mind that True is an int in Python, that a string is not a list, that an entry may be a bare value instead of a dict, and that a reason may be None or only blanks: `not str(x or '').strip()`.",
    ),
    properties=(
        Property(Criterion("options", "Gives the options of a task", 1), _file(), _options, examples=15),
        Property(Criterion("reasons", "A value, why or owner that is missing or blank is refused by name", 2), _file(_some(_reasons + _bare)), _refused, examples=12),
        Property(Criterion("knobs", "A knob that is forgotten or misspelt is refused by name", 1), _file(_some(_knobs)), _refused, examples=12),
        Property(Criterion("kind", "A value of the wrong kind is refused by name", 1), _file(_some(_kinds)), _refused, examples=12),
        Property(Criterion("range", "A value out of range is refused by name", 1), _file(_some(_ranges)), _refused, examples=12),
        Property(Criterion("whole", "A fault in another task is found as well", 1), _file(_some(_ranges), elsewhere=True), _refused, examples=5),
    ),
)

EXERCISES = (NUCLEUS, STOP, DEFAULTS)
