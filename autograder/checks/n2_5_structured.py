"""Exercises of notebook 2.5, structured output fails fast: a strict reader, at most one repair, and figures kept apart.

What a text deserves is worked out here, from the text, without pydantic: the learner's side has that.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..paths import datasets
from ..verdict import Criterion, Json, Mismatch
from .exercise import Exercise, Impossible, Property

ALERT = ("device", "kind", "celsius", "urgent")
ROUTE = ("queue", "confidence", "reason")
KINDS = ("too_warm", "too_cold", "door_open", "battery", "offline")
QUEUES = ("billing", "devices", "software")

_device = st.tuples(st.sampled_from(["FR", "FZ", "CR", "VN", "GW", "QX"]), st.integers(0, 9999)).map(lambda pair: f"{pair[0]}-{pair[1]:04d}")
_celsius = st.sampled_from([None, 4, -18, 0, 7.5, -0.3, 31.25])
_alert = st.fixed_dictionaries({"device": _device, "kind": st.sampled_from(KINDS), "celsius": _celsius, "urgent": st.booleans()})
_route = st.fixed_dictionaries({"queue": st.sampled_from(QUEUES), "confidence": st.integers(0, 5), "reason": st.sampled_from(["battery", "wrong invoice", "zu warm"])})
_good = st.one_of(st.tuples(st.just("alert"), _alert), st.tuples(st.just("route"), _route))

WRONG: dict[str, list[Any]] = {
    "device": [712, "fr-0712", "FR-712", "FR-07123", "FR-0712\n", None],
    "kind": ["warm", "TOO_WARM", "", None, ["too_warm"]],
    "celsius": ["4.5", "4.5 °C", True, [4], math.nan],
    "urgent": ["true", "yes", 1, 0, None],
    "queue": ["Billing", "sales", 1, None],
    "confidence": [6, -1, 2.5, "3", True, None],
    "reason": ["", 7, None],
}
"""Per field, values that are not allowed, however well they are meant."""


def _texts(record: dict[str, Any]) -> SearchStrategy[str]:
    return st.sampled_from([json.dumps(record), json.dumps(record, indent=2, ensure_ascii=False)])


def _about(kind: str, record: dict[str, Any]) -> SearchStrategy[str]:
    """Texts with one kind of drift, made from a record that has none."""
    names = sorted(record)
    if kind == "empty":
        return st.sampled_from(["", " ", "\n\n"])
    if kind == "no_json":
        return st.sampled_from([str(record), "The fridge is too warm.", "I am sorry, I cannot help with that.", ", ".join(f"{n}: {record[n]}" for n in names)])
    if kind == "cut_off":
        whole = st.one_of(_texts(record), _texts({"result": record, "done": True}))
        return st.tuples(st.sampled_from(["", "```json\n"]), whole, st.integers(0, 200)).map(lambda t: t[0] + t[1][: 1 + t[2] % (len(t[1]) - 1)])
    if kind == "wrapped":
        around = [("```json\n", "\n```"), ("```\n", "\n```"), ("Here is the JSON:\n", ""), ("", "\n\nLet me know if you need more."), ("JSON: ", ".")]
        return st.tuples(st.sampled_from(around), _texts(record)).map(lambda t: t[0][0] + t[1] + t[0][1])
    if kind == "no_object":
        return st.sampled_from([json.dumps([record]), json.dumps(json.dumps(record)), "null", "42", json.dumps(names)])
    if kind == "fields":
        less = [{n: v for n, v in record.items() if n != name} for name in names]
        more = [{**record, "priority": "high"}, {**record, "note": None}]
        other = [{("type" if n == name else n): v for n, v in record.items()} for name in names]
        return st.sampled_from([less, more, more, [*other, {}, {"result": record}]]).flatmap(st.sampled_from).map(json.dumps)
    return st.sampled_from([{**record, name: value} for name in names for value in WRONG[name]]).map(json.dumps)


DRIFTS = ("empty", "no_json", "cut_off", "wrapped", "no_object", "fields", "values")
_malformed = st.tuples(st.sampled_from([*DRIFTS, "fields", "values"]), _good).flatmap(
    lambda drawn: st.fixed_dictionaries({"model": st.just(drawn[1][0]), "text": _about(drawn[0], drawn[1][1])})
)
_valid = st.tuples(_good, st.sampled_from(["", "\n", "  "])).flatmap(
    lambda drawn: st.fixed_dictionaries({"model": st.just(drawn[0][0]), "text": _texts(drawn[0][1]).map(lambda text: drawn[1] + text + drawn[1])})
)


def recorded() -> list[dict[str, str]]:
    """Twenty replies of the course's two models that are no alert: {"model", "text"}, and who wrote it."""
    lines = (datasets() / "fixtures" / "2.5" / "drift.jsonl").read_text(encoding="utf-8").splitlines()
    return [{"model": "alert", "text": json.loads(line)["text"]} for line in lines]


def drift(text: str, model: str) -> str:
    """The kind of drift of a text; "" when there is none."""
    if not text.strip():
        return "empty"
    try:
        value = json.loads(text)
    except ValueError:
        return _broken(text)
    if not isinstance(value, dict):
        return "no_object"
    if set(value) != set(ALERT if model == "alert" else ROUTE):
        return "fields"
    return "" if (_is_alert if model == "alert" else _is_route)(value) else "values"


def _broken(text: str) -> str:
    start = text.find("{")
    if start < 0:
        return "no_json"
    try:
        json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        return "cut_off" if text.count("{", start) > text.count("}", start) else "no_json"
    return "wrapped"


def _is_alert(value: dict[str, Any]) -> bool:
    celsius = value["celsius"]
    return (
        isinstance(value["device"], str)
        and re.fullmatch(r"[A-Z]{2}-[0-9]{4}", value["device"]) is not None
        and value["kind"] in KINDS
        and (celsius is None or (type(celsius) in (int, float) and math.isfinite(celsius)))
        and type(value["urgent"]) is bool
    )


def _is_route(value: dict[str, Any]) -> bool:
    return (
        value["queue"] in QUEUES
        and type(value["confidence"]) is int
        and 0 <= value["confidence"] <= 5
        and isinstance(value["reason"], str)
        and value["reason"] != ""
    )


def _said(seen: Json) -> str:
    return f"SchemaDrift {seen['drift']!r}" if "drift" in seen else f"returned {seen['returned']}"


def _returned(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = json.loads(inputs["text"])
    if "returned" in seen and _same(seen["returned"], wanted):
        return None
    return Mismatch(f"{wanted}, since {inputs['text']!r} is valid", _said(seen))


def _same(got: Json, wanted: Json) -> bool:
    return got == wanted and isinstance(got, dict) and all(isinstance(got[name], bool) == isinstance(wanted[name], bool) for name in wanted)


def _refused(inputs: Json, seen: Json) -> Mismatch | None:
    if "drift" in seen:
        return None
    return Mismatch(f"SchemaDrift ({drift(inputs['text'], inputs['model'])}) for {_short(inputs['text'])}", _said(seen))


def _kind(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = drift(inputs["text"], inputs["model"])
    if seen.get("drift") == wanted:
        return None
    return Mismatch(f"SchemaDrift {wanted!r} for {_short(inputs['text'])}", _said(seen))


def _short(text: str) -> str:
    return repr(text if len(text) <= 160 else text[:80] + " … " + text[-60:])


PARSE = Exercise(
    id="2.5-parse",
    title="Valid, or an exception that says how it is not",
    names=("read_reply", "SchemaDrift"),
    observe="parse",
    hints=(
        "Go down the list of kinds in order; each test is one or two lines, and what passes all of them is returned. json.loads and model.model_validate do the hard part, and both raise ValueError.",
        "When json.loads fails, look for the first brace: `start = text.find('{')`. None: no_json. `json.JSONDecoder().raw_decode(text, start)` reads one object and ignores what follows: if that works, it was wrapped. Else it is cut_off when more braces are opened than closed from there on.",
        "`value.keys() != model.model_fields.keys()` finds both missing and additional fields. After that, whatever model_validate complains about is in the values. Return `value` itself.",
    ),
    properties=(
        Property(Criterion("valid", "What is valid is returned as it stands", 1), _valid, _returned),
        Property(Criterion("raises", "Whatever is not valid raises SchemaDrift and nothing else", 2), _malformed, _refused, examples=50),
        Property(Criterion("kind", "The kind of drift is the first that fits", 2), _malformed, _kind, examples=50),
        Property(Criterion("recorded", "Twenty recorded replies of two models are told apart", 1), st.deferred(lambda: st.sampled_from(recorded())), _kind, examples=20),
    ),
)


_system = st.sampled_from(["Reply with JSON only.", "Extract the alert."])
_user = st.sampled_from(["FR-0712 reads 9.4 °C.", "Low battery on FR-0904.", "GW-0051 is silent."])
_messages = st.tuples(_system, _user).map(lambda t: [{"role": "system", "content": t[0]}, {"role": "user", "content": t[1]}])
_number = st.integers(100, 999)


def _replies(*kinds: str) -> SearchStrategy[list[dict[str, Any]]]:
    """Scripted replies, each with a text and a complaint of its own."""
    return st.lists(_number, min_size=len(kinds), max_size=len(kinds), unique=True).map(
        lambda numbers: [
            {"kind": kind, "text": f"{{reply {number}", "complaint": f"field {number} is missing"} for kind, number in zip(kinds, numbers, strict=True)
        ]
    )


def _asking(*scripts: tuple[str, ...]) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"messages": _messages, "replies": st.sampled_from(scripts).flatmap(lambda kinds: _replies(*kinds))})


def _wanted(inputs: Json) -> tuple[int, Json]:
    """(calls, outcome): what an exchange with this script comes to."""
    for number, reply in enumerate(inputs["replies"], start=1):
        if reply["kind"] == "down":
            return number, "ConnectionError: the model server does not answer"
        if reply["kind"] == "good":
            return number, [{"read": reply["text"]}, number == 2]
        if number == 2:
            return number, f"ValueError: {reply['complaint']}"
    raise Impossible("the script ends before the exchange does")


def _exchange(inputs: Json, seen: Json) -> Mismatch | None:
    calls, outcome = _wanted(inputs)
    script = ", then ".join({"good": "a valid reply", "bad": "a reply that does not parse", "down": "no connection"}[reply["kind"]] for reply in inputs["replies"])
    if len(seen["asked"]) != calls or seen["outcome"] != outcome:
        return Mismatch(f"{script}: {calls} call{'s' * (calls > 1)}, then {outcome}", f"{len(seen['asked'])}, then {seen['outcome']}")
    if seen["asked"][0] != inputs["messages"]:
        return Mismatch(f"the first call has the messages as given: {inputs['messages']}", f"{seen['asked'][0]}")
    return None


def _complains(inputs: Json, seen: Json) -> Mismatch | None:
    if found := _exchange(inputs, seen):
        return found
    first, again = inputs["replies"][0], seen["asked"][1]
    kept = len(inputs["messages"])
    if again[:kept] != inputs["messages"]:
        return Mismatch("the second call begins with the messages as given", f"{again[:kept]}")
    if again[kept:-1] != [{"role": "assistant", "content": first["text"]}]:
        return Mismatch(f"then the model's own reply, as the assistant's: {first['text']!r}", f"{again[kept:-1]}")
    last = again[-1]
    if last.get("role") != "user" or first["complaint"] not in str(last.get("content")):
        return Mismatch(f"last, as the user's, what is wrong with it: {first['complaint']!r}", f"{last}")
    if not seen["untouched"]:
        return Mismatch("the caller's list of messages stays as it was", "it was changed")
    return None


REPAIR = Exercise(
    id="2.5-repair",
    title="Ask again once, with the complaint",
    names=("ask_valid",),
    observe="repair",
    hints=(
        "Two attempts written one after the other are clearer than a loop: the first inside `try`, the second in its `except ValueError as error`.",
        "The second call needs a new list: the messages, the bad reply as {'role': 'assistant', ...}, and one more of role 'user' that has str(error) in it. `messages.append` would change the caller's list.",
        "Only `parse` belongs inside the `try`: a ConnectionError of `ask` is no reason to complain to the model. The second `parse` stands outside of any `try`, so its error goes up by itself.",
    ),
    properties=(
        Property(Criterion("first", "A valid reply is returned at once", 1), _asking(("good",)), _exchange, examples=8),
        Property(Criterion("complains", "A repair shows the model its reply and what is wrong with it", 2), _asking(("bad", "good")), _complains, examples=12),
        Property(Criterion("once", "Never more than one repair: the second drift is raised", 2), _asking(("bad", "bad", "good"), ("bad", "bad", "bad")), _exchange, examples=12),
        Property(Criterion("network", "Failures of the network are neither hidden nor repaired", 1), _asking(("down", "good"), ("bad", "down", "good")), _exchange, examples=12),
    ),
)


NAMES = ["device", "kind", "celsius", "urgent"]
_near = st.tuples(_alert, _alert, st.sets(st.sampled_from(NAMES))).map(lambda t: [{n: t[1][n] if n in t[2] else t[0][n] for n in NAMES}, t[0]])
_drifted = _alert.map(lambda want: [None, want])


def _outcomes(pairs: SearchStrategy[Any], least: int = 1) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"outcomes": st.lists(pairs, min_size=least, max_size=8), "names": st.just(NAMES)})


def _mixed() -> SearchStrategy[dict[str, Any]]:
    return st.tuples(st.lists(_near, min_size=1, max_size=5), st.lists(_drifted, min_size=1, max_size=4), st.randoms(use_true_random=False)).map(
        lambda t: {"outcomes": _shuffled([*t[0], *t[1]], t[2]), "names": NAMES}
    )


def _shuffled(items: list[Any], dice: Any) -> list[Any]:
    dice.shuffle(items)
    return items


def _figures(inputs: Json) -> dict[str, Any]:
    pairs = inputs["outcomes"]
    valid = [(got, want) for got, want in pairs if got is not None]
    right = {name: sum(got[name] == want[name] for got, want in valid) / len(valid) if valid else None for name in inputs["names"]}
    whole = sum(got == want for got, want in valid)
    return {"valid": len(valid) / len(pairs) if pairs else None, "fields": right, "usable": whole / len(pairs) if pairs else None}


def _close(wanted: Json, got: Json) -> bool:
    if isinstance(wanted, dict):
        return isinstance(got, dict) and wanted.keys() == got.keys() and all(_close(wanted[name], got[name]) for name in wanted)
    if wanted is None or got is None or isinstance(got, bool):
        return wanted is None and got is None
    return isinstance(got, int | float) and math.isclose(wanted, got, abs_tol=1e-9)


def _figure(*names: str) -> Any:
    def judge(inputs: Json, seen: Json) -> Mismatch | None:
        wanted = {name: value for name, value in _figures(inputs).items() if name in names}
        got = {name: seen[name] for name in names}
        return None if _close(wanted, got) else Mismatch(f"{wanted}", f"{got}")

    return judge


SCORE = Exercise(
    id="2.5-score",
    title="Validity and accuracy, apart",
    names=("score",),
    observe="score",
    hints=(
        "Mind the denominators: valid and usable are shares of all outcomes, the fields are shares of the valid ones.",
        "First `valid = [(got, want) for got, want in outcomes if got is not None]`. Each field's share is the mean of `got[name] == want[name]` over that list.",
        "Where there is nothing to divide by, the share is None, not 0 and not 1: no outcomes at all, or no valid ones. `usable` needs all fields right at once: `got == want`.",
    ),
    properties=(
        Property(Criterion("valid", "The share of outcomes that are valid", 1), _mixed(), _figure("valid")),
        Property(Criterion("fields", "Each field's share among the valid ones only", 2), _mixed(), _figure("fields")),
        Property(Criterion("usable", "The share of all that are valid and right in every field", 1), st.one_of(_mixed(), _outcomes(_near)), _figure("usable")),
        Property(Criterion("nothing", "Nothing to divide by is None", 1), _outcomes(_drifted, least=0), _figure("valid", "fields", "usable"), examples=8),
    ),
)

EXERCISES = (PARSE, REPAIR, SCORE)
