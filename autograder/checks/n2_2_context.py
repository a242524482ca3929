"""Exercises of notebook 2.2, context costs: causal attention, a conversation kept inside its window, and the price of a call."""

from __future__ import annotations

import functools
import itertools
import json
import math
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..paths import datasets
from ..verdict import Criterion, Json, Judge, Mismatch
from .exercise import Exercise, Property

Matrix = Any


def _rows(count: int, width: int, numbers: SearchStrategy[float]) -> SearchStrategy[list[list[float]]]:
    return st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=count, max_size=count)


def _heads(*, fewer: bool, scale: float = 1.0) -> SearchStrategy[dict[str, Any]]:
    """Queries, keys and values of one head. `fewer`: queries for the last positions only, as in decoding."""
    numbers = st.integers(-3, 3).map(lambda number: number * scale)

    @st.composite
    def head(draw: st.DrawFn) -> dict[str, Any]:
        positions = draw(st.integers(2, 5))
        queries = draw(st.integers(1, positions - 1)) if fewer else positions
        width = draw(st.integers(1, 3))
        return {
            "queries": draw(_rows(queries, width, numbers)),
            "keys": draw(_rows(positions, width, numbers)),
            "values": draw(_rows(positions, draw(st.integers(1, 3)), st.integers(-5, 5).map(float))),
            "replaced_from": draw(st.integers(1, positions - 1)),
            "replaced_with": draw(st.sampled_from([9.0, -7.0])),
        }

    return head()


def _attended(inputs: Json) -> Matrix:
    """softmax(Q K^T / sqrt(d) + mask) V (Vaswani et al. 2017, eq. 1); query i of m stands at position n - m + i."""
    queries, keys, values = (np.array(inputs[name], dtype=float) for name in ("queries", "keys", "values"))
    scores = queries @ keys.T / math.sqrt(keys.shape[1])
    later = np.arange(len(keys))[None, :] > np.arange(len(queries))[:, None] + len(keys) - len(queries)
    scores[later] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ values


def _shown(matrix: Matrix) -> str:
    return str(np.round(matrix, 3).tolist())


def _equals_the_formula(inputs: Json, seen: Json) -> Mismatch | None:
    wanted, got = _attended(inputs), np.array(seen["output"], dtype=object)
    if got.shape != wanted.shape:
        return Mismatch(f"an array of shape {wanted.shape}, one row per query", f"shape {got.shape}")
    if any(isinstance(number, dict) for number in got.ravel()):
        return Mismatch(_shown(wanted), "nan or infinity")
    found = got.astype(float)
    return None if np.allclose(found, wanted, rtol=1e-6, atol=1e-8) else Mismatch(_shown(wanted), _shown(found))


def _sees_no_later_position(inputs: Json, seen: Json) -> Mismatch | None:
    """Rows of queries that stand before the replaced positions must be the same in both outputs, and right."""
    first, second = (np.array(seen[name], dtype=float) for name in ("output", "with_another_end"))
    offset = len(inputs["keys"]) - len(inputs["queries"])
    for row, before, after in zip(itertools.count(), first, second, strict=False):
        if row + offset < inputs["replaced_from"] and not np.allclose(before, after, atol=1e-9):
            return Mismatch(
                f"position {row + offset} unchanged when the positions from {inputs['replaced_from']} on are replaced",
                f"{_shown(before)} became {_shown(after)}",
            )
    return _equals_the_formula(inputs, seen)


_full, _last = _heads(fewer=False), _heads(fewer=True)

ATTENTION = Exercise(
    id="2.2-attention",
    title="Causal attention, whole and step by step",
    names=("causal_attention",),
    observe="attention",
    hints=(
        "Three steps: scores = queries @ keys.T / sqrt(d), with one row per query and one column per position; a softmax over each row; the weights times the values.",
        "A position that a query may not see gets the score -inf before the softmax, so that its weight is exactly 0. Query i of m stands at position n - m + i and sees everything up to and including itself.",
        "`np.arange(n)[None, :] > np.arange(m)[:, None] + n - m` is True where a column lies after its row's position. Subtract each row's largest score before np.exp.",
    ),
    properties=(
        Property(Criterion("formula", "softmax(QKᵀ/√d)V over what each position may see", 2), _full, _equals_the_formula),
        Property(Criterion("leak", "No position sees a later one", 2), _full, _sees_no_later_position),
        Property(Criterion("decode", "Queries for the last positions only give the last rows", 2), _last, _equals_the_formula),
        Property(Criterion("stable", "Scores in the thousands overflow nothing", 1), st.one_of(_heads(fewer=False, scale=40.0), _heads(fewer=True, scale=40.0)), _equals_the_formula),
    ),
)


_SYSTEMS = ("You answer for the cold-chain desk.", "Temperatures are in degrees Celsius.")
_words = st.integers(1, 6)


def _tokens(messages: list[dict[str, str]]) -> int:
    """As the observer counts."""
    return 3 + sum(4 + len(message["content"].split()) for message in messages)


def _turns(messages: list[dict[str, str]]) -> tuple[list[dict[str, str]], list[list[dict[str, str]]]]:
    """(system messages, turns): a turn begins with a user message and holds all up to the next."""
    system = [one for one in messages if one["role"] == "system"]
    turns: list[list[dict[str, str]]] = []
    for message in messages[len(system) :]:
        if message["role"] == "user":
            turns.append([])
        turns[-1].append(message)
    return system, turns


def _conversation(systems: int, turns: list[tuple[int, int]], answered: bool) -> list[dict[str, str]]:
    messages = [{"role": "system", "content": text} for text in _SYSTEMS[:systems]]
    for number, (asked, said) in enumerate(turns, start=1):
        messages.append({"role": "user", "content": f"question{number}" + " word" * (asked - 1)})
        messages.append({"role": "assistant", "content": f"answer{number}" + " word" * (said - 1)})
    return messages if answered else messages[:-1]


@st.composite
def _trimming(draw: st.DrawFn, *, fits: bool, turns: int = 1) -> dict[str, Any]:
    """A conversation and a budget near one of the lengths that decide; `fits`: the system messages and the last turn do."""
    talk = draw(st.lists(st.tuples(_words, _words), min_size=turns, max_size=5))
    messages = _conversation(draw(st.integers(0, 2)), talk, draw(st.booleans()))
    system, parts = _turns(messages)
    kept = draw(st.integers(1, len(parts)))
    length = _tokens([*system, *itertools.chain(*parts[-kept:])])
    least = _tokens([*system, *parts[-1]])
    if not fits:
        return {"messages": messages, "budget": least - draw(st.integers(1, 3))}
    return {"messages": messages, "budget": max(least, length + draw(st.sampled_from([-1, 0, 0, 1, 5])))}


def _kept(inputs: Json) -> list[dict[str, str]] | None:
    """What is to be sent; None when not even the last turn fits."""
    system, turns = _turns(inputs["messages"])
    fitting = [kept for start in range(len(turns)) if _tokens(kept := [*system, *itertools.chain(*turns[start:])]) <= inputs["budget"]]
    return fitting[0] if fitting else None


def _names(messages: Json) -> str:
    return str([f"{one['role']}: {one['content'].split()[0]}" for one in messages])


def _unless_refused(judge: Judge) -> Judge:
    def judged(inputs: Json, seen: Json) -> Mismatch | None:
        if "raised" in seen:
            return Mismatch(f"{_names(_kept(inputs))}: with {inputs['budget']} tokens that fits", f"ValueError: {seen['message']}"[:200])
        return judge(inputs, seen)

    return judged


def _keeps_what_must_stay(inputs: Json, seen: Json) -> Mismatch | None:
    system, turns = _turns(inputs["messages"])
    lost = [one for one in [*system, *turns[-1]] if one not in seen["kept"]]
    if lost:
        return Mismatch("the system messages and the whole last turn", f"without {_names(lost)}")
    length = _tokens(seen["kept"])
    return None if length <= inputs["budget"] else Mismatch(f"at most {inputs['budget']} tokens", f"{length} tokens")


def _keeps_the_most(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = _kept(inputs)
    return None if seen["kept"] == wanted else Mismatch(f"{_names(wanted)} ({inputs['budget']} tokens)", f"{_names(seen['kept'])} ({_tokens(seen['kept'])} tokens)")


def _refuses(inputs: Json, seen: Json) -> Mismatch | None:
    if seen.get("raised") == "ValueError":
        return None
    return Mismatch(f"ValueError: system messages and last turn are longer than {inputs['budget']} tokens", _names(seen["kept"]))


def _leaves_it_alone(inputs: Json, seen: Json) -> Mismatch | None:
    if seen["conversation"] != inputs["messages"]:
        return Mismatch("the list that was passed in, as it was", _names(seen["conversation"]))
    return _keeps_what_must_stay(inputs, seen)


TRIM = Exercise(
    id="2.2-trim",
    title="A conversation kept inside its window",
    names=("trim",),
    observe="trim",
    hints=(
        "First take the list apart: the system messages, and the rest as turns. A new turn begins at each user message.",
        "Start from what must stay (system messages and last turn). If `count` of that exceeds the budget, raise. Then put older turns before it, newest first, until one does not fit; stop there.",
        "For start in range(len(turns)): candidate = system + all messages of turns[start:]. The first candidate whose count is within the budget is the longest. If none is, raise ValueError.",
    ),
    properties=(
        Property(Criterion("keeps", "System messages and the last turn stay, within the budget", 1), _trimming(fits=True, turns=2), _unless_refused(_keeps_what_must_stay)),
        Property(Criterion("most", "As many whole turns as fit, the newest, without a gap", 2), _trimming(fits=True), _unless_refused(_keeps_the_most)),
        Property(Criterion("refuses", "What cannot fit is a ValueError", 1), _trimming(fits=False), _refuses),
        Property(Criterion("untouched", "The conversation itself is not changed", 1), _trimming(fits=True, turns=2), _unless_refused(_leaves_it_alone)),
    ),
)


FIELDS = ("prompt_tokens", "answer_tokens", "prompt_seconds", "answer_seconds")
SPOILT = 4
"""One call in so many may be spoilt."""
LONGEST, USUAL = 700, (180, 600)
"""Tokens in the prompt. A token of a much longer prompt costs more, one of a very short one less: two prices do not say that."""


@functools.cache
def _recorded() -> dict[str, list[dict[str, float]]]:
    """Measured calls by model, from the notebook's own fixture."""
    rows = json.loads((datasets() / "fixtures" / "2.2" / "notebook" / "timings.json").read_text(encoding="utf-8"))
    found: dict[str, list[dict[str, float]]] = {}
    for row in rows:
        found.setdefault(row["model"], []).append({name: row[name] for name in FIELDS})
    return found


def _from_recorded(model: str) -> SearchStrategy[dict[str, Any]]:
    """One recorded call of usual length to be predicted, and the others of its model to fit on; very long prompts are left out."""
    rows = [row for row in _recorded()[model] if row["prompt_tokens"] <= LONGEST]

    def case(held: dict[str, float]) -> dict[str, Any]:
        return {
            "measured": [row for row in rows if row is not held],
            "asked": [[held["prompt_tokens"], held["answer_tokens"]]],
            "took": [round(held["prompt_seconds"] + held["answer_seconds"], 3)],
        }

    return st.sampled_from([row for row in rows if USUAL[0] <= row["prompt_tokens"] <= USUAL[1]]).map(case)


@st.composite
def _machine(draw: st.DrawFn, *, spoilt: bool) -> dict[str, Any]:
    """Calls on a machine that nobody has seen, each a few percent off; `spoilt`: some ten times too slow or read from the cache."""
    read, write = draw(st.sampled_from([0.0004, 0.002, 0.006, 0.03])), draw(st.sampled_from([0.004, 0.01, 0.07, 0.2]))
    off = st.sampled_from([0.97, 0.99, 1.0, 1.02, 1.03])
    measured = []
    for _ in range(draw(st.integers(4, 9))):
        prompt, answer = draw(st.sampled_from([40, 90, 180, 350, 700, 1500])), draw(st.sampled_from([8, 16, 24, 60]))
        seconds = prompt * read * draw(off), answer * write * draw(off)
        measured.append(dict(zip(FIELDS, (prompt, answer, *(round(one, 5) for one in seconds)), strict=True)))
    for number in range(draw(st.integers(1, len(measured) // SPOILT)) if spoilt else 0):
        busy = draw(st.booleans())
        measured[number]["prompt_seconds"] = round(measured[number]["prompt_seconds"] * (10 if busy else 0.02), 5)
        measured[number]["answer_seconds"] = round(measured[number]["answer_seconds"] * (10 if busy else 1), 5)
    asked = [[draw(st.sampled_from([120, 260, 900])), draw(st.sampled_from([4, 40, 120]))] for _ in range(2)]
    return {"measured": draw(st.permutations(measured)), "asked": asked, "took": [round(p * read + a * write, 4) for p, a in asked]}


def _within(share: float) -> Judge:
    def judge(inputs: Json, seen: Json) -> Mismatch | None:
        for (prompt, answer), took, told in zip(inputs["asked"], inputs["took"], seen["seconds"], strict=True):
            if not isinstance(told, int | float) or isinstance(told, bool) or not math.isclose(told, took, rel_tol=share):
                shown = f"{told:.3g} s" if isinstance(told, int | float) else str(told)
                return Mismatch(f"{took:.3g} s for {prompt} tokens read and {answer} written, give or take {share:.0%}", shown)
        return None

    return judge


COST = Exercise(
    id="2.2-cost",
    title="The price of a call before it is made",
    names=("fit_costs", "predict_seconds"),
    observe="cost",
    hints=(
        "Each measured call gives two prices by itself: prompt_seconds / prompt_tokens and answer_seconds / answer_tokens. The question is how to make one of many.",
        "A mean follows a single bad call wherever it goes. The middle one of the sorted prices does not: `np.median`.",
        "fit_costs returns the two medians in a dict; predict_seconds is prompt_tokens times the one plus answer_tokens times the other.",
    ),
    properties=(
        Property(Criterion("machine", "Predicts calls of another length on a machine not seen before", 1), _machine(spoilt=False), _within(0.15)),
        Property(Criterion("spoilt", "One spoilt call in four does not move it", 2), _machine(spoilt=True), _within(0.15)),
        Property(Criterion("recorded", "Predicts recorded calls it was not fitted on within 25 %", 2), st.sampled_from(["smollm2:135m", "qwen2.5-coder:1.5b"]).flatmap(_from_recorded), _within(0.25)),
    ),
)

EXERCISES = (ATTENTION, TRIM, COST)
