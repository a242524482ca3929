"""Exercises of notebook 1.4, one thin interface: the key of a recording, what a failed call amounts to, a client from configuration."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..verdict import Criterion, Json, Mismatch
from .exercise import Exercise, Property

Asked = dict[str, Any]

DIGESTS = ("b179c9523d0e", "cc324af070c2", "53aa51172d14")
VAN = "Is van 7 cold?"
MESSAGES: list[tuple[list[list[str]], list[list[str]]]] = [
    ([["user", VAN]], [["user", "Is van 8 cold?"]]),
    ([["user", VAN]], [["user", VAN + " "]]),
    ([["user", VAN]], [["user", "\n" + VAN]]),
    ([["user", VAN]], [["user", "is Van 7 cold?"]]),
    ([["user", "PX-7A"]], [["user", "PX-7a"]]),
    ([["user", "-18"]], [["user", "18"]]),
    ([["user", "Kühlung"]], [["user", "Ku\u0308hlung"]]),
    ([["user", VAN]], [["system", VAN]]),
    ([["user", VAN]], [["assistant", VAN]]),
    ([["user", "Is van 7"], ["user", " cold?"]], [["user", "Is van"], ["user", " 7 cold?"]]),
    ([["user", "Van 7"], ["user", "is cold."]], [["user", "Van 7useris cold."]]),
    ([["system", "Be brief."], ["user", "why?"]], [["system", "Be brief.userwhy?"]]),
    ([["user", VAN], ["assistant", "Yes."]], [["assistant", "Yes."], ["user", VAN]]),
    ([["user", "-18"], ["user", "18"]], [["user", "18"], ["user", "-18"]]),
    ([["system", "Be brief."], ["user", VAN]], [["user", VAN]]),
    ([["system", "Be exact."], ["user", VAN]], [["system", "Be brief."], ["user", VAN]]),
]
"""Pairs of (role, content) lists that are not the same to a model."""
OPTIONS: list[tuple[dict[str, Json], dict[str, Json]]] = [
    ({}, {"temperature": 0}),
    ({}, {"seed": 0}),
    ({}, {"num_predict": 7}),
    ({"temperature": 0}, {"temperature": 0.5}),
    ({"temperature": 0.5}, {"temperature": 0.7}),
    ({"temperature": 1}, {"temperature": 1.5}),
    ({"seed": 1}, {"seed": 7}),
    ({"seed": 7}, {"num_predict": 7}),
    ({"seed": 1, "num_predict": 7}, {"seed": 7, "num_predict": 1}),
    ({"stop": ["."]}, {"stop": [".", "\n"]}),
]
"""Pairs of options that are not the same to a model."""

Part = tuple[str, list[list[str]], dict[str, Json]]
PLAIN: Part = (DIGESTS[0], [["system", "Be brief."], ["user", VAN]], {"seed": 1})
PAIRS: dict[str, list[tuple[Part, Part]]] = {
    "digest": [((one, *PLAIN[1:]), (other, *PLAIN[1:])) for one, other in itertools.permutations(DIGESTS, 2)],
    "messages": [((PLAIN[0], one, PLAIN[2]), (PLAIN[0], other, PLAIN[2])) for one, other in MESSAGES],
    "options": [((*PLAIN[:2], one), (*PLAIN[:2], other)) for one, other in OPTIONS],
}
COMMON: list[dict[str, Json]] = [{}, {"top_k": 40}, {"top_k": 40, "min_p": 0.5}, {"top_k": 20, "min_p": 1}]
ORDERS = list(itertools.permutations(range(3)))


def _written(part: Part, common: dict[str, Json]) -> Asked:
    digest, messages, options = part
    told = [{"role": role, "content": content} for role, content in messages]
    return {"digest": digest, "request": {"messages": told, "options": {**options, **common}, "timeout": 30, "stream": False}}


def _backwards(request: Json) -> Json:
    messages = [dict(reversed(message.items())) for message in request["messages"]]
    return {**request, "messages": messages, "options": dict(reversed(request["options"].items()))}


def _floats(request: Json) -> Json:
    return {**request, "options": {name: float(value) if type(value) is int else value for name, value in request["options"].items()}}


SPELLINGS: tuple[Callable[[Json], Json], ...] = (
    lambda request: {**request, "timeout": 5},
    lambda request: {**request, "stream": True},
    lambda request: {"options": request["options"], "messages": request["messages"]},
    lambda request: {**request, "options": {"mirostat": None, **request["options"]}},
    _backwards,
    _floats,
)


def _three(*differ: str, respell: bool = False) -> SearchStrategy[Json]:
    """A request, the same once more, perhaps in another spelling, and another request, in any order."""
    pairs = [pair for name in differ for pair in PAIRS[name]]
    spellings = SPELLINGS if respell else (dict,)

    def built(drawn: tuple[tuple[Part, Part], dict[str, Json], int, tuple[int, ...]]) -> Json:
        (one, other), common, spelling, order = drawn
        first = _written(one, common)
        three = [first, {**first, "request": spellings[spelling](first["request"])}, _written(other, common)]
        return {"asked": [three[place] for place in order]}

    parts = st.tuples(st.sampled_from(pairs), st.sampled_from(COMMON), st.integers(0, len(spellings) - 1), st.sampled_from(ORDERS))
    return parts.map(built)


def _parts(asked: Asked) -> dict[str, str]:
    """What decides the answer, part by part, in one spelling."""
    options = {name: value for name, value in asked["request"]["options"].items() if value is not None}
    plain = {name: int(value) if isinstance(value, float) and value.is_integer() else value for name, value in options.items()}
    parts = {"the model": asked["digest"], "the messages": asked["request"]["messages"], "the options": plain}
    return {name: json.dumps(part, sort_keys=True) for name, part in parts.items()}


def _keyed(inputs: Json, seen: Json) -> Mismatch | None:
    for number, key in enumerate(seen, start=1):
        if not isinstance(key, str) or not re.fullmatch("[0-9a-f]{64}", key):
            return Mismatch("a key of 64 hexadecimal digits", f"{key!r} for request {number}")
    if len(seen) != len(inputs["asked"]):
        return Mismatch("one key for each request", f"{len(seen)} keys")
    parts = [_parts(one) for one in inputs["asked"]]
    for i, j in itertools.combinations(range(len(parts)), 2):
        apart = [name for name in parts[i] if parts[i][name] != parts[j][name]]
        if apart and seen[i] == seen[j]:
            return Mismatch(f"different keys for requests {i + 1} and {j + 1}, which differ in {' and '.join(apart)}", "the same key for both")
        if not apart and seen[i] != seen[j]:
            return Mismatch(f"the same key for requests {i + 1} and {j + 1}: the model is told the same", "different keys")
    return None


KEY = Exercise(
    id="1.4-key",
    title="The key of a recording",
    names=("cassette_key",),
    observe="key",
    hints=(
        "Put what decides the answer into one list (the digest, the messages, the options) and leave everything else of the request out. Then turn the list into text and the text into a digest.",
        "`json.dumps(…, sort_keys=True)` keeps the borders between messages and does not care in which order a dict was built. `hashlib.sha256(text.encode()).hexdigest()` gives the 64 digits.",
        "Before that, bring the options into one spelling: drop those that are None (not those that are 0), and turn a float such as 1.0, for which `value.is_integer()` holds, into an int.",
    ),
    properties=(
        Property(Criterion("model", "Another model is another key", 1), _three("digest"), _keyed),
        Property(Criterion("messages", "Any change in the messages is another key", 2), _three("messages"), _keyed, examples=60),
        Property(Criterion("options", "Any change in the options is another key", 2), _three("options"), _keyed, examples=50),
        Property(Criterion("same", "The same request in another spelling has the same key", 2), _three("digest", "messages", "options", respell=True), _keyed, examples=50),
    ),
)


SENTENCES = ("the queue is full", "no such model: cold-7b", "key k-19 is not known", "context of 4096 tokens exceeded", "try later")
UNSENT = ("ConnectError", "ConnectTimeout", "PoolTimeout")
UNANSWERED = ("ReadTimeout", "ReadError", "RemoteProtocolError")
KINDS = {429: "rate_limited", 401: "denied", 402: "denied", 403: "denied", 504: "no_answer"}
STATUSES = (400, 401, 402, 403, 404, 413, 422, 429, 500, 502, 503, 504, 529)


def _body(style: str, sentence: str, code: str | None = None) -> str:
    """An error body as Ollama, OpenAI, FastAPI or a proxy writes it."""
    bodies: dict[str, Json] = {
        "ollama": {"error": sentence},
        "openai": {"error": {"message": sentence, "type": "error", "param": None, "code": code}},
        "bare": {"error": {"message": sentence}},
        "detail": {"detail": sentence},
        "null": {"error": None, "note": sentence},
        "list": [sentence],
    }
    return json.dumps(bodies[style]) if style in bodies else f"<html><h1>{sentence}</h1></html>"


def _reply(
    statuses: tuple[int, ...], styles: tuple[str, ...] = ("ollama", "openai"), waits: tuple[str | None, ...] = (None,), codes: tuple[str | None, ...] = (None,)
) -> SearchStrategy[Json]:
    """A failed reply. `codes` are OpenAI's; `waits` the values of Retry-After."""

    def written(parts: tuple[int, str, str, str | None, str | None]) -> Json:
        status, style, sentence, wait, code = parts
        headers = {} if wait is None else {"Retry-After": wait}
        return {"reply": {"status": status, "headers": headers, "body": _body(style, sentence, code)}}

    return st.tuples(*(st.sampled_from(pool) for pool in (statuses, styles, SENTENCES, waits, codes))).map(written)


_unreadable = st.sampled_from(['{"model":"smollm2', "", "<html>Sign in to the guest network</html>"]).map(
    lambda body: {"reply": {"status": 200, "headers": {}, "body": body}}
)
_failure = st.fixed_dictionaries({"failure": st.sampled_from(UNSENT + UNANSWERED), "text": st.sampled_from(["timed out", "connection refused", ""])})


def _error_of(reply: Json) -> Json:
    try:
        return json.loads(reply["body"])["error"]
    except (ValueError, KeyError, TypeError):
        return None


def _kind_of(inputs: Json) -> str:
    if "failure" in inputs:
        return "unavailable" if inputs["failure"] in UNSENT else "no_answer"
    status, error = inputs["reply"]["status"], _error_of(inputs["reply"])
    if status < 400:
        return "no_answer"
    if isinstance(error, dict) and error.get("code") == "insufficient_quota":
        return "denied"
    return KINDS.get(status) or ("unavailable" if status >= 500 else "bad_request")


def _what(inputs: Json) -> str:
    if "failure" in inputs:
        return f"httpx.{inputs['failure']}"
    return f"status {inputs['reply']['status']} with the body {inputs['reply']['body'][:80]!r}"


def _kind_fits(inputs: Json, seen: Json) -> Mismatch | None:
    kind, _, _ = seen
    wanted = _kind_of(inputs)
    return None if kind == wanted else Mismatch(f"{wanted!r} for {_what(inputs)}", repr(kind))


def _says_what_the_server_said(inputs: Json, seen: Json) -> Mismatch | None:
    _, message, _ = seen
    body, error = inputs["reply"]["body"], _error_of(inputs["reply"])
    if isinstance(error, str | dict):
        sentence = error if isinstance(error, str) else error["message"]
        return None if message == sentence else Mismatch(f"the server's own sentence, {sentence!r}", repr(message))
    sentence = next(one for one in SENTENCES if one in body)
    return None if isinstance(message, str) and sentence in message else Mismatch(f"the body as text, since it has no sentence of a known form: {body!r}", repr(message))


def _names_the_wait(inputs: Json, seen: Json) -> Mismatch | None:
    kind, _, wait = seen
    given = inputs["reply"]["headers"].get("Retry-After")
    wanted = float(given) if given is not None and re.fullmatch(r"[\d.]+", given) else None
    if kind != _kind_of(inputs):
        return _kind_fits(inputs, seen)
    if (wanted is None and wait is None) or (wanted is not None and type(wait) in (int, float) and wait == wanted):
        return None
    return Mismatch(f"retry_after {wanted}, since the header is {given!r}", repr(wait))


DIAGNOSE = Exercise(
    id="1.4-diagnose",
    title="What a failed call amounts to",
    names=("diagnose",),
    observe="diagnose",
    hints=(
        "Two cases: there is a `failure` (httpx raised, nothing came back) or a `reply` (its status decides). Settle the first in two lines and return.",
        "Of the failures, ConnectError, ConnectTimeout and PoolTimeout happen before anything was sent: unavailable. After that nobody knows: no_answer. A reply below 400 is here because nobody could read it: no_answer as well.",
        'Read the sentence in a `try`: `reply.json()["error"]` is a text (Ollama) or a dict with "message" and "code" (OpenAI); on ValueError, KeyError or TypeError keep `reply.text`. The code insufficient_quota overrules the status. Retry-After may be a date: float() in a `try`, too.',
    ),
    properties=(
        Property(Criterion("status", "The status decides between five kinds", 2), _reply(STATUSES), _kind_fits, examples=40),
        Property(Criterion("silence", "No reply, or none that can be read: was anything sent?", 2), st.one_of(_failure, _failure, _unreadable), _kind_fits, examples=20),
        Property(
            Criterion("quota", "A 429 for want of credit will not pass by waiting", 1),
            _reply((429,), ("openai",), codes=("insufficient_quota", "rate_limit_exceeded", None)),
            _kind_fits,
        ),
        Property(
            Criterion("words", "The server's own sentence, in either dialect, and whatever a proxy says", 2),
            _reply((400, 404, 429, 502, 503), ("ollama", "openai", "bare", "detail", "null", "list", "html")),
            _says_what_the_server_said,
            examples=40,
        ),
        Property(
            Criterion("wait", "Retry-After in seconds, or None", 1),
            _reply((429, 503), waits=("2", "0.5", "30", None, "Wed, 21 Oct 2026 07:28:00 GMT")),
            _names_the_wait,
        ),
    ),
)


KIND_NAMES = ("ollama", "compatible", "cassette")
URLS = {"laptop": "http://127.0.0.1:11434", "office": "http://models.office:8000", "hosted": "https://api.models.example"}
VARIABLES = {"OFFICE_KEY": "k-office-1", "HOSTED_KEY": "k-hosted-2"}
WEIGHTS = ("b179c9523d0e6a0f98a3", "b179c9523d0e6a0f98a4", "cc324af070c2ecbfd324")
"""Digests, two of them alike in all but the last digit."""

_provider = st.fixed_dictionaries(
    {"client": st.sampled_from(KIND_NAMES), "model": st.sampled_from(["smollm2:135m", "qwen2.5-coder:1.5b"]), "digest": st.sampled_from(WEIGHTS)},
    optional={"api_key_env": st.sampled_from(sorted(VARIABLES))},
)


@st.composite
def _configured(draw: DrawFn, *spoils: str) -> Json:
    """A configuration, the environment and the weights each server has. One of `spoils` breaks the active provider; the others may be broken anyway."""
    names: list[str] = list(draw(st.permutations(sorted(URLS))))[: draw(st.integers(1, 3))]
    active: str = draw(st.sampled_from(names))
    providers = {name: {**draw(_provider), "base_url": URLS[name]} for name in names}
    weights = {URLS[name]: providers[name]["digest"] for name in names}
    inputs: dict[str, Any] = {"config": {"active": active, "providers": providers}, "clients": list(KIND_NAMES), "environ": dict(VARIABLES), "server_has": weights}
    others = [name for name in names if name != active]
    if draw(st.booleans()) and others:
        providers[others[0]] |= {"client": "abandoned", "api_key_env": "NOT_SET"}
    if spoils and (spoil := draw(st.sampled_from(spoils))):
        SPOILERS[spoil](draw, inputs, providers[active])
    return inputs


def _no_such_provider(draw: DrawFn, inputs: Json, provider: Json) -> None:
    inputs["config"]["active"] = draw(st.sampled_from(["offfice", "labtop", "none"]))


def _no_such_client(draw: DrawFn, inputs: Json, provider: Json) -> None:
    provider["client"] = draw(st.sampled_from(["olama", "vertex"]))


def _not_pinned(draw: DrawFn, inputs: Json, provider: Json) -> None:
    provider["digest"] = draw(st.sampled_from([None, ""]))
    if draw(st.booleans()):
        del provider["digest"]


def _moved(draw: DrawFn, inputs: Json, provider: Json) -> None:
    inputs["server_has"][provider["base_url"]] = draw(st.sampled_from([digest for digest in WEIGHTS if digest != provider["digest"]]))


def _no_key(draw: DrawFn, inputs: Json, provider: Json) -> None:
    provider["api_key_env"] = draw(st.sampled_from(sorted(VARIABLES)))
    if draw(st.booleans()):
        inputs["environ"][provider["api_key_env"]] = ""
    else:
        del inputs["environ"][provider["api_key_env"]]


SPOILERS = {"active": _no_such_provider, "client": _no_such_client, "digest": _not_pinned, "moved": _moved, "key": _no_key}


def _fault(inputs: Json) -> tuple[str, str]:
    """(what the error must name, what is wrong) before anything is made; two empty texts when nothing is."""
    config, active = inputs["config"], inputs["config"]["active"]
    provider = config["providers"].get(active)
    if provider is None:
        return active, f"there is no provider {active!r}"
    if provider["client"] not in inputs["clients"]:
        return provider["client"], f"there is no client {provider['client']!r}"
    if not provider.get("digest"):
        return active, f"provider {active!r} pins no digest"
    variable = provider.get("api_key_env")
    if variable and not inputs["environ"].get(variable):
        return variable, f"the variable {variable} is not set"
    return "", ""


def _ending(seen: Json) -> str:
    """How the learner's function ended, in words."""
    if "raised" in seen:
        return f"{seen['raised']}: {seen['message']}"
    return "the client came back" if type(seen["returned"]) is int else f"a value of type {seen['returned']} came back"


def _connected(inputs: Json, seen: Json) -> Mismatch | None:
    """The whole contract: whatever is drawn, one of four endings is right."""
    names, wrong = _fault(inputs)
    if wrong:
        if seen.get("raised") != "ValueError":
            return Mismatch(f"ValueError: {wrong}", _ending(seen))
        if names not in seen["message"]:
            return Mismatch(f"an error that names {names!r}: {wrong}", repr(seen["message"]))
        return Mismatch("an error before any client is made", f"{len(seen['made'])} made first") if seen["made"] else None
    provider = inputs["config"]["providers"][inputs["config"]["active"]]
    key = inputs["environ"][provider["api_key_env"]] if "api_key_env" in provider else None
    wanted = [{"client": provider["client"], "base_url": provider["base_url"], "model": provider["model"], "api_key": key}]
    if seen["made"] != wanted:
        return Mismatch(f"one client, made with {wanted[0]}", f"{seen['made']}, then {_ending(seen)}")
    there = inputs["server_has"][provider["base_url"]]
    if not seen["asked"]:
        return Mismatch("client.digest() is asked before the client is handed out", "it was never asked")
    if there == provider["digest"]:
        return None if seen.get("returned") == 0 else Mismatch("the client, since the server has the pinned weights", _ending(seen))
    if seen.get("raised") != "ValueError":
        return Mismatch(f"ValueError: {provider['digest']} is pinned, the server has {there}", _ending(seen))
    absent = [digest for digest in (provider["digest"], there) if digest not in seen["message"]]
    return Mismatch(f"an error that names both digests, {provider['digest']} and {there}", repr(seen["message"])) if absent else None


CONNECT = Exercise(
    id="1.4-connect",
    title="A client from configuration",
    names=("connect",),
    observe="connect",
    hints=(
        'Take the active provider first: `config["providers"].get(config["active"])`. Then refuse, one `if` each, what is missing; only then make a client.',
        'The config holds the *name* of an environment variable. Look it up in `environ`; unset and empty are the same mistake. Without "api_key_env" the key is None.',
        "Make the client with `clients[kind](base_url=…, model=…, api_key=…)`, compare `client.digest()` with the whole pinned digest, and raise a ValueError that names both when they differ.",
    ),
    properties=(
        Property(Criterion("active", "The active provider's client, and no other", 2), _configured(), _connected),
        Property(
            Criterion("refused", "What is missing is refused by name, before anything is made", 2),
            _configured("active", "client", "digest"),
            _connected,
            examples=30,
        ),
        Property(Criterion("secret", "The key comes from the environment, or the error names the variable", 1), _configured("key", "", "key"), _connected),
        Property(Criterion("pinned", "Weights that are not the pinned ones are refused", 2), _configured("moved", "moved", ""), _connected),
    ),
)

EXERCISES = (KEY, DIAGNOSE, CONNECT)
