"""Exercises of notebook 1.3, prompts, schemas, evals are code: a locked registry, strict rendering, one key, versions of schemas."""

from __future__ import annotations

import copy
import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jinja2
from hypothesis import strategies as st

from ..verdict import Criterion, Json, Mismatch
from .exercise import Exercise, Property


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()


def _refusal(seen: Json, names: Sequence[str], why: str) -> Mismatch | None:
    """A ValueError whose words hold all of `names`."""
    if "refused" not in seen:
        return Mismatch(f"ValueError: {why}", f"returned {str(seen['value'])[:200]}")
    silent = [name for name in names if name not in seen["refused"]]
    return Mismatch(f"a message that names {', '.join(silent)}", f"ValueError: {seen['refused'][:200]}") if silent else None


PATHS = ("prompts/desk/1.0.0.md", "prompts/desk/1.1.0.md", "prompts/refund/2.0.0.md", "schemas/refund.json", "evals/desks.jsonl")
TEXTS = ("Sort the ticket.\n", "Sort the ticket. \n", "Sort the tickets.\n", "Kühlgerät: {{ subject }}\nAnswer in one word.\n", "\n", "{}", "Sort\tthe ticket.\n\n")
_files = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(TEXTS), min_size=1, max_size=4)


def _locked(files: dict[str, str]) -> dict[str, str]:
    return {path: _digest(text) for path, text in files.items()}


_intact = _files.map(lambda files: {"files": files, "lock": _locked(files)})
_from_windows = _files.map(lambda files: {"files": {path: text.replace("\n", "\r\n") for path, text in files.items()}, "lock": _locked(files)})


@st.composite
def _changed(draw: st.DrawFn) -> dict[str, Any]:
    """One to three files whose text is no longer the locked one, by as little as a blank."""
    files = draw(_files)
    victims = draw(st.lists(st.sampled_from(sorted(files)), min_size=1, max_size=3, unique=True))
    new = {path: draw(st.sampled_from([text for text in TEXTS if text != files[path]])) for path in victims}
    return {"files": files | new, "lock": _locked(files)}


@st.composite
def _unlisted(draw: st.DrawFn) -> dict[str, Any]:
    """Files that the lock does not know, or locked ones that are gone; perhaps both."""
    files = draw(_files)
    there, locked = dict(files), _locked(files)
    for path in draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=2, unique=True)):
        if path in there:
            draw(st.sampled_from([there, locked])).pop(path)
        else:
            there[path] = draw(st.sampled_from(TEXTS))
    return {"files": there, "lock": locked}


def _at_fault(inputs: Json) -> list[str]:
    files, lock = inputs["files"], inputs["lock"]
    return sorted({path for path in files.keys() | lock.keys() if path not in files or _digest(files[path]) != lock.get(path)})


def _loads_or_refuses(inputs: Json, seen: Json) -> Mismatch | None:
    faulty = _at_fault(inputs)
    if faulty:
        found = _refusal(seen, faulty, f"not what was locked: {', '.join(faulty)}")
        innocent = [path for path in inputs["files"] if path not in faulty and path in seen.get("refused", "")]
        return found or (Mismatch(f"a message about {', '.join(faulty)} only", f"ValueError: {seen['refused'][:200]}") if innocent else None)
    wanted = {path: text.replace("\r\n", "\n") for path, text in inputs["files"].items()}
    return None if seen.get("value") == wanted else Mismatch(str(wanted), str(seen.get("value", f"ValueError: {seen.get('refused')}")))


LOCK = Exercise(
    id="1.3-lock",
    title="A registry that was changed without a word does not load",
    names=("load",),
    observe="lock",
    hints=(
        'Begin with the hash of one text: replace "\\r\\n" by "\\n", encode as UTF-8, `hashlib.sha256(...).hexdigest()`, and put "sha256:" in front. Nothing else may be tidied: a blank at the end is a change.',
        "Three things can be wrong with a path: its hash differs, it is locked and not there, it is there and not locked. Walk over all paths of both dictionaries (`files.keys() | lock.keys()`), and two of the three become one comparison.",
        "Collect the paths at fault in a list before you raise: somebody who has to mend five files wants to hear of all five. Only those belong in the message.",
    ),
    properties=(
        Property(Criterion("intact", "Files that are as locked are returned", 1), _intact, _loads_or_refuses),
        Property(Criterion("changed", "A changed text is refused and named, be it by one blank", 2), _changed(), _loads_or_refuses),
        Property(Criterion("unlisted", "Files that are missing, or in no lock, are refused and named", 1), _unlisted().filter(_at_fault), _loads_or_refuses),
        Property(Criterion("line_ends", "Line ends of another system are no change", 1), _from_windows, _loads_or_refuses),
    ),
)


TEMPLATES: tuple[tuple[str, dict[str, int]], ...] = (
    ("Which desk? {{ subject }}", {"subject": 1}),
    ("{{ subject }} ({{ language }})", {"subject": 1, "language": 1}),
    ("{% for desk in desks %}{{ loop.index }}. {{ desk }}\n{% endfor %}{{ subject }}", {"desks": 2, "subject": 1}),
    ("{% if urgent %}Call {{ person }} first. {% endif %}{{ subject }}", {"urgent": 3, "person": 1, "subject": 1}),
    ("{% set greeting = 'Dear ' ~ person %}{{ greeting }}, about {{ subject | upper }}", {"person": 1, "subject": 1}),
    ("Nothing varies here.", {}),
)
"""A template and its variables: 1 a text, 2 a list, 3 a truth value."""
_plain = st.sampled_from(["door open", "-18 °C", "", "Seats"])
_sharp = st.sampled_from(["{{ subject }}", "{% if x %}", "<b>5 & 6</b>", "{{ 7 * 7 }}", '"quoted"', "{# note #}"])


def _filled(text: st.SearchStrategy[str], kinds: dict[str, int]) -> st.SearchStrategy[dict[str, Any]]:
    by_kind: dict[int, st.SearchStrategy[Any]] = {1: text, 2: st.lists(text, max_size=3), 3: st.booleans()}
    return st.fixed_dictionaries({name: by_kind[kind] for name, kind in kinds.items()})


def _rendering(text: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(TEMPLATES).flatmap(lambda one: st.fixed_dictionaries({"template": st.just(one[0]), "variables": _filled(text, one[1])}))


@st.composite
def _lacking(draw: st.DrawFn) -> dict[str, Any]:
    template, kinds = draw(st.sampled_from([one for one in TEMPLATES if one[1]]))
    variables = draw(_filled(_plain, kinds))
    del variables[draw(st.sampled_from(sorted(variables)))]
    return {"template": template, "variables": variables}


@st.composite
def _excessive(draw: st.DrawFn) -> dict[str, Any]:
    drawn = draw(_rendering(_plain))
    extra = draw(st.sampled_from(["subjekt", "tenant", "greeting_text", "desk_name"]))
    return {"template": drawn["template"], "variables": drawn["variables"] | {extra: draw(_plain)}}


def _wanted_names(template: str) -> set[str]:
    return set(next(kinds for text, kinds in TEMPLATES if text == template))


def _rendered(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(inputs["template"]).render(inputs["variables"])
    return None if seen.get("value") == wanted else Mismatch(repr(wanted), repr(seen.get("value", f"ValueError: {seen.get('refused')}")))


def _names_what_is_off(inputs: Json, seen: Json) -> Mismatch | None:
    wanted, given = _wanted_names(inputs["template"]), set(inputs["variables"])
    if wanted - given:
        return _refusal(seen, sorted(wanted - given), f"{', '.join(sorted(wanted - given))} is missing")
    return _refusal(seen, sorted(given - wanted), f"the template has no {', '.join(sorted(given - wanted))}")


RENDER = Exercise(
    id="1.3-render",
    title="A prompt with a hole in it is not sent",
    names=("render",),
    observe="render",
    hints=(
        "`jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(template).render(variables)` renders. What it never notices: a variable in a branch that was not taken, and one that nobody uses.",
        "`jinja2.meta.find_undeclared_variables(environment.parse(template))` is the set of names that a template expects, without loop variables and those it sets itself.",
        "Compare that set with the names of `variables` before rendering: what is in one and not in the other is a ValueError that says its name. Then render once. The result is finished text; do not put it through a template again.",
    ),
    properties=(
        Property(Criterion("renders", "Fills in what is given", 1), _rendering(_plain), _rendered, examples=15),
        Property(Criterion("missing", "A missing variable is refused and named, even in a branch that is not taken", 2), _lacking(), _names_what_is_off, examples=20),
        Property(Criterion("extra", "A variable that the template does not have is refused and named", 1), _excessive(), _names_what_is_off, examples=10),
        Property(Criterion("literal", "Values are text: never read as a template, never escaped", 1), _rendering(_sharp), _rendered, examples=20),
    ),
)


DIGESTS = ("cc324af070c2", "b179c9523d0e6a0f98a330c7562b6827", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db")
TAGS = ("qwen2.5-coder:1.5b", "smollm2:135m")
UNPINNED = ("qwen2.5-coder:1.5b", "qwen2.5-coder:latest", "smollm2", "smollm2:135m@", "smollm2:135m@latest", "smollm2:135m@b179", "@cc324af070c2", "smollm2:135m@release-2026")
VERSIONS = ("1.0.0", "1.1.0", "1.10.0", "2.0.0")
_pinned = st.tuples(st.sampled_from(TAGS), st.sampled_from(DIGESTS)).map("@".join)
_template = st.sampled_from(["Sort: {{ subject }}", "Which desk? {{ subject }}", "{{ subject }}"])


def _versions(model: st.SearchStrategy[str], fewest: int = 1) -> st.SearchStrategy[dict[str, Any]]:
    entry = st.fixed_dictionaries({"model": model, "template": _template})
    return st.dictionaries(st.sampled_from(VERSIONS), entry, min_size=fewest, max_size=4)


@st.composite
def _choices(draw: st.DrawFn) -> dict[str, Any]:
    """A registry and the states of its one key over time: forward, and back again. Versions that are not live need no pin."""
    versions = draw(_versions(_pinned))
    live = draw(st.lists(st.sampled_from(sorted(versions)), min_size=1, max_size=3))
    idle = {v: {"model": draw(st.sampled_from(UNPINNED)), "template": "draft"} for v in VERSIONS if v not in versions and draw(st.booleans())}
    return {"name": "desk", "registry": {"desk": versions | idle, "refund": draw(_versions(_pinned))}, "states": [{"desk": v, "refund": "1.0.0"} for v in live]}


@st.composite
def _unpinned_live(draw: st.DrawFn) -> dict[str, Any]:
    versions = draw(_versions(_pinned))
    live = draw(st.sampled_from(sorted(versions)))
    versions[live] = versions[live] | {"model": draw(st.sampled_from(UNPINNED))}
    return {"name": "desk", "registry": {"desk": versions}, "states": [{"desk": live}]}


@st.composite
def _nowhere(draw: st.DrawFn) -> dict[str, Any]:
    """No such prompt, no key for it, or a key that points at no version."""
    registry = {"desk": draw(_versions(_pinned))}
    wrong = [v for v in (*VERSIONS, "latest", "", "1") if v not in registry["desk"]]
    name, state = draw(st.sampled_from([("invoice", {"desk": "1.0.0", "invoice": "1.0.0"}), ("desk", {}), ("desk", {"refund": "1.0.0"}), *[("desk", {"desk": v}) for v in wrong]]))
    return {"name": name, "registry": registry, "states": [state]}


def _resolved(inputs: Json, seen: Json) -> Mismatch | None:
    for state, got in zip(inputs["states"], seen, strict=True):
        version = state[inputs["name"]]
        entry = inputs["registry"][inputs["name"]][version]
        tag, _, digest = entry["model"].partition("@")
        wanted = {"version": version, "model": tag, "digest": digest, "template": entry["template"]}
        if got.get("value") != wanted:
            return Mismatch(f"{wanted} for {state}", str(got.get("value", f"ValueError: {got.get('refused')}")))
    return None


def _not_pinned(inputs: Json, seen: Json) -> Mismatch | None:
    model = inputs["registry"]["desk"][inputs["states"][0]["desk"]]["model"]
    return _refusal(seen[0], [model], f"{model!r} is not pinned")


def _leads_nowhere(inputs: Json, seen: Json) -> Mismatch | None:
    return _refusal(seen[0], [], f"{inputs['name']!r} is not in the registry, or {inputs['states'][0]} names no version of it")


ACTIVE = Exercise(
    id="1.3-active",
    title="One key says what is live",
    names=("resolve",),
    observe="active",
    hints=(
        "Three look-ups, and each may fail: the prompt in the registry, its version in `active`, that version among the prompt's versions. `dict.get` and a test, or `try` around a KeyError.",
        'Do not help: "latest", the newest version or the only version are guesses. If the key does not name a version that exists, raise ValueError.',
        'A pin is `tag@digest`: `re.fullmatch(r"([^@]+)@([0-9a-f]{12,64})", model)`. Look at the live version only; drafts may be as they are. Put the model into the message.',
    ),
    properties=(
        Property(Criterion("chosen", "The key decides, forward and back", 2), _choices(), _resolved, examples=15),
        Property(Criterion("unpinned", "A live version without a model's digest is refused", 2), _unpinned_live(), _not_pinned, examples=20),
        Property(Criterion("nowhere", "A key that leads nowhere is refused, not guessed", 1), _nowhere(), _leads_nowhere, examples=15),
    ),
)


PARTS = {
    "invoice": {"type": "string", "description": "Number of the invoice, such as 2026-0117."},
    "amount": {"type": "number", "description": "In the currency of the invoice."},
    "reason": {"type": "string", "enum": ["double", "returned", "goodwill"], "description": "Why."},
    "note": {"type": "string", "description": "For the file."},
    "notify": {"type": "boolean", "description": "Whether the customer gets a mail."},
}
BREAKING, WIDENING, WORDING = ("remove", "require", "retype", "narrow", "enclose", "add_required"), ("add", "relax", "widen", "open"), ("describe", "describe_part")
RANKS = ("none", "patch", "minor", "major")


Edit = tuple[str, int]
"""What is changed, and which of the properties that it fits (a number, taken modulo how many there are)."""
CHOICES = [("reason", *others) for size in range(4) for others in itertools.combinations([name for name in sorted(PARTS) if name != "reason"], size)]
FITS: dict[str, Callable[[str, Json, Json], bool]] = {
    "remove": lambda name, part, schema: len(schema["properties"]) > 1,
    "require": lambda name, part, schema: name not in schema["required"],
    "relax": lambda name, part, schema: name in schema["required"],
    "retype": lambda name, part, schema: "enum" not in part,
    "narrow": lambda name, part, schema: len(part.get("enum", [])) > 1,
    "widen": lambda name, part, schema: "enum" in part,
    "open": lambda name, part, schema: "enum" in part,
    "enclose": lambda name, part, schema: part["type"] == "string" and "enum" not in part,
}
"""Which properties an edit can change; all of them if it is not listed."""


def _apply(schema: dict[str, Any], edit: str, which: int) -> None:
    """Change a schema in one way; where it has nothing to change in that way, it stays as it is."""
    parts, required = schema["properties"], schema["required"]
    fits = FITS.get(edit)
    fitting = [name for name, part in parts.items() if fits is None or fits(name, part, schema)]
    if not fitting:
        return
    name = fitting[which % len(fitting)]
    part = parts[name]
    if edit in ("remove", "relax") and name in required:
        required.remove(name)
    if edit == "remove":
        del parts[name]
    elif edit == "require":
        required.append(name)
    elif edit == "retype":
        part["type"] = "integer" if part["type"] == "string" else "string"
    elif edit in ("narrow", "widen"):
        part["enum"] = part["enum"][:-1] if edit == "narrow" else [*part["enum"], "warranty"]
    elif edit == "enclose":
        part["enum"] = ["a", "b"]
    elif edit == "open":
        del part["enum"]
    elif edit in ("add", "add_required"):
        parts["ticket"] = {"type": "string", "description": "Number of the ticket."}
        required += ["ticket"] * (edit == "add_required" and "ticket" not in required)
    else:
        (schema if edit == "describe" else part)["description"] = "See the handbook."


def _pair(names: Sequence[str], mask: int, edits: Sequence[Edit]) -> dict[str, Any]:
    """A schema of these properties, of which `mask` says bit by bit which are required, and what the edits make of it."""
    required = [name for bit, name in enumerate(names) if mask >> bit & 1]
    parts = {name: copy.deepcopy(PARTS[name]) for name in names}
    old = {"type": "object", "description": "Refund an invoice.", "properties": parts, "required": required, "additionalProperties": False}
    new = copy.deepcopy(old)
    for edit, which in edits:
        _apply(new, edit, which)
    return {"old": old, "new": new}


def _edited(certain: tuple[str, ...], possible: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """At least one of the `certain` edits, if there are any, and perhaps one of the `possible` ones."""
    which = st.integers(0, 3)
    nothing: st.SearchStrategy[list[Edit]] = st.just([])
    first = st.tuples(st.sampled_from(certain), which).map(lambda edit: [edit]) if certain else nothing
    further = nothing | st.tuples(st.sampled_from(possible), which).map(lambda edit: [edit])
    return st.builds(lambda names, mask, one, other: _pair(names, mask, one + other), st.sampled_from(CHOICES), st.integers(0, 15), first, further)


def _part_changes(name: str, old: Json, new: Json) -> Iterator[tuple[int, str]]:
    before, after = old.get("enum"), new.get("enum")
    if old["type"] != new["type"]:
        yield 3, f"{name} has another type"
    if after is not None and (before is None or set(before) - set(after)):
        yield 3, f"{name} allows fewer values"
    if before is not None and (after is None or set(after) - set(before)):
        yield 2, f"{name} allows more values"


def _changes(old: Json, new: Json) -> Iterator[tuple[int, str]]:
    """(rank, what): by whether old calls may fail (3), new calls become possible (2), or words changed (1)."""
    before, after = old["properties"], new["properties"]
    yield from ((3, f"{name} is gone") for name in before.keys() - after.keys())
    yield from ((3, f"{name} is newly required") for name in set(new["required"]) - set(old["required"]))
    yield from ((2, f"{name} is new") for name in after.keys() - before.keys())
    yield from ((2, f"{name} is no longer required") for name in set(old["required"]) - set(new["required"]))
    for name in before.keys() & after.keys():
        yield from _part_changes(name, before[name], after[name])
    yield (1, "only words changed") if old != new else (0, "nothing changed")


def _needed(inputs: Json) -> str:
    """The part of the version that has to rise."""
    return RANKS[max(rank for rank, _ in _changes(inputs["old"], inputs["new"]))]


def _raises(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = _needed(inputs)
    if seen == wanted:
        return None
    reasons = sorted(what for rank, what in _changes(inputs["old"], inputs["new"]) if RANKS[rank] == wanted)
    return Mismatch(f"{wanted!r}: {', '.join(reasons)}", repr(seen))


BUMP = Exercise(
    id="1.3-bump",
    title="Which part of a schema's version has to rise?",
    names=("bump",),
    observe="bump",
    hints=(
        "Ask in this order, and return at the first yes: can a call that used to be valid fail now? Is a call possible that was refused before? Did anything else change?",
        "A call can fail if a field is gone (the schema is closed), a field has become required, a type changed, or an `enum` lost a value or appeared where there was none. For enums treat missing as: everything is allowed.",
        "A call becomes possible if a field is new, one is no longer required, or an `enum` gained a value or went away. What is left, if `old != new`, is words.",
    ),
    properties=(
        Property(Criterion("major", "major: a call that was valid may fail", 2), _edited(BREAKING, BREAKING + WIDENING + WORDING).filter(lambda i: _needed(i) == "major"), _raises, examples=50),
        Property(Criterion("minor", "minor: what was valid still is, and more is possible", 1), _edited(WIDENING, WIDENING + WORDING).filter(lambda i: _needed(i) == "minor"), _raises, examples=30),
        Property(Criterion("patch", "patch: only words changed; none: nothing did", 1), _edited((), WORDING), _raises, examples=10),
    ),
)

EXERCISES = (LOCK, RENDER, ACTIVE, BUMP)
