"""Exercises of notebook 0.1, your machine is a parameter: rates from a reply's timings, and a timeout from rates."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..verdict import Criterion, Json, Mismatch
from .exercise import Exercise, Property

HALVES = (("prompt", "prompt_eval_count", "prompt_eval_duration"), ("generation", "eval_count", "eval_duration"))
_count = st.sampled_from([1, 26, 48, 310, 4096])
_duration = st.sampled_from([1_000, 40_000_000, 1_500_000_000, 12_345_678_901])
_unknown = st.one_of(st.none(), st.just(0))
_FIELDS = {name: kind for _, count, duration in HALVES for name, kind in ((count, _count), (duration, _duration))}

_whole = st.fixed_dictionaries({"reply": st.fixed_dictionaries(_FIELDS)})
_patchy = st.fixed_dictionaries({"reply": st.fixed_dictionaries({}, optional={name: st.one_of(kind, _unknown) for name, kind in _FIELDS.items()})})


def _with_gap(gap: tuple[str, Any]) -> SearchStrategy[dict[str, Any]]:
    """A whole reply but for one field, which is missing, null or zero."""
    name, value = gap
    others = {other: kind for other, kind in _FIELDS.items() if other != name}
    return st.fixed_dictionaries({"reply": st.fixed_dictionaries(others | ({} if value == "missing" else {name: st.just(value)}))})


_gap = st.sampled_from([(name, value) for name in _FIELDS for value in ("missing", None, 0)]).flatmap(_with_gap)


def _expected(reply: Json) -> dict[str, float | None]:
    return {kind: reply[count] / reply[duration] * 1e9 if reply.get(count) and reply.get(duration) else None for kind, count, duration in HALVES}


def _same(wanted: float | None, got: Json) -> bool:
    if wanted is None or got is None or isinstance(got, bool):
        return wanted is None and got is None
    return isinstance(got, int | float) and math.isclose(got, wanted, rel_tol=1e-6)


def _rates(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = _expected(inputs["reply"])
    if set(seen) == set(wanted) and all(_same(wanted[kind], seen[kind]) for kind in wanted):
        return None
    shown = {kind: None if rate is None else float(f"{rate:.6g}") for kind, rate in wanted.items()}
    return Mismatch(str(shown), str(seen))


def _some_unknown(inputs: Json) -> bool:
    return None in _expected(inputs["reply"]).values()


RATE = Exercise(
    id="0.1-rate",
    title="Tokens per second from one reply",
    names=("tokens_per_second",),
    observe="rate",
    hints=(
        "A rate is a count divided by a duration. The durations are in nanoseconds: there are 1e9 of them in a second.",
        "`reply.get(name)` gives None for a missing field, and the field itself may be None too. Both mean: unknown.",
        "One small inner function rate(count, nanoseconds) serves both halves: if either is missing or zero it returns None, else count / nanoseconds * 1e9.",
    ),
    properties=(
        Property(
            Criterion("rates", "Both rates, in tokens per second", 2),
            _whole,
            _rates,
        ),
        Property(
            Criterion("unknown", "Missing, null and zero are unknown: None", 2),
            st.one_of(_gap, _gap, _patchy.filter(_some_unknown)),
            _rates,
            examples=40,
        ),
    ),
)


_rate = st.sampled_from([2.0, 5.0, 12.5, 40.0, 150.0])
_tokens = st.sampled_from([0, 1, 60, 300, 450, 4000])


def _call(rates: SearchStrategy[float | None], tokens: SearchStrategy[int] = _tokens, floors: tuple[float, ...] = (0.0, 5.0, 30.0)) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "prompt_tokens": tokens,
            "answer_tokens": tokens,
            "machine": st.fixed_dictionaries({"prompt": rates, "generation": rates}),
            "margin": st.sampled_from([1.0, 2.0, 3.0]),
            "floor": st.sampled_from(floors),
        }
    )


_short = _call(_rate, st.sampled_from([0, 1, 8]), (30.0,))
"""Calls for which the floor decides."""


def _needs_an_unknown_rate(inputs: Json) -> bool:
    pairs = (("prompt", inputs["prompt_tokens"]), ("generation", inputs["answer_tokens"]))
    return any(tokens and not (inputs["machine"][kind] or 0) > 0 for kind, tokens in pairs)


def _estimate(inputs: Json) -> float:
    machine = inputs["machine"]
    reading = inputs["prompt_tokens"] / machine["prompt"] if inputs["prompt_tokens"] else 0.0
    writing = inputs["answer_tokens"] / machine["generation"] if inputs["answer_tokens"] else 0.0
    return float(max(inputs["floor"], inputs["margin"] * (reading + writing)))


def _timeout_fits(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = _estimate(inputs)
    got = seen.get("seconds")
    if isinstance(got, int | float) and math.isclose(got, wanted, rel_tol=1e-6, abs_tol=1e-9):
        return None
    return Mismatch(f"{wanted:g} s", str(got if got is not None else seen))


def _unknown_is_said(inputs: Json, seen: Json) -> Mismatch | None:
    if seen.get("raised") == "ValueError":
        return None
    return Mismatch("ValueError: a rate that is needed is unknown", str(seen.get("seconds", seen)))


BUDGET = Exercise(
    id="0.1-budget",
    title="A timeout from measured rates",
    names=("timeout_for",),
    observe="budget",
    hints=(
        "Two terms: tokens read divided by the reading rate, tokens written divided by the writing rate. Then the margin, then the floor.",
        "The floor is a minimum of the *result*, after the margin: `max(floor, margin * seconds)`.",
        "Look at each half by itself. If its tokens are zero, skip it, whatever the rate. Otherwise its rate must be a number above zero, or it is a ValueError.",
    ),
    properties=(
        Property(Criterion("estimate", "Margin times both halves, at least the floor", 2), st.one_of(_call(_rate), _short), _timeout_fits),
        Property(
            Criterion("idle_half", "A half with zero tokens needs no rate", 1),
            _call(st.one_of(st.none(), _rate)).filter(lambda i: not _needs_an_unknown_rate(i) and None in i["machine"].values()),
            _timeout_fits,
        ),
        Property(
            Criterion("unknown", "An unknown rate that is needed is an error, not a guess", 1),
            _call(st.one_of(st.none(), st.just(0.0), _rate)).filter(_needs_an_unknown_rate),
            _unknown_is_said,
        ),
    ),
)

EXERCISES = (RATE, BUDGET)
