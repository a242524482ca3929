"""Do the recordings still hold? A few recorded requests are asked again, live, and the answers compared.

Temperature 0 and a seed do not promise the same text twice (batching and caches change the last bits of a sum), so equal
text is enough but not necessary: the same JSON keys and a token F1 of at least 0.8 hold as well.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from .cassette import Cassette, Recording
from .errors import UpstreamRefused
from .server import Gateway

F1_FLOOR = 0.8
_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Held:
    """The answer came back as recorded, or near enough; `f1` is between 0 and 1."""

    key: str
    model: str
    f1: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Drifted:
    """The answer is another one now: the recording is stale."""

    key: str
    model: str
    f1: float
    recorded: str
    now: str
    why: str


def verify(cassette: Cassette, sample: Sequence[Recording], ask: Callable[[Recording], Any]) -> list[Held | Drifted]:
    """Ask every recording of the sample again. `ask` returns the whole answer record; what it raises counts as drift.
    A recording that is not (any more) in the cassette counts as drift too."""
    known = {(one.key, one.repeat): one for one in cassette.read()}
    out: list[Held | Drifted] = []
    for one in sample:
        if known.get((one.key, one.repeat)) != one:
            out.append(Drifted(one.key, one.model, 0.0, spoken(one.endpoint, one.response), "", f"not in {cassette.path.name}"))
            continue
        try:
            out.append(compared(one, ask(one)))
        except (httpx.HTTPError, UpstreamRefused) as error:
            out.append(Drifted(one.key, one.model, 0.0, spoken(one.endpoint, one.response), "", f"no answer: {error}"))
    return out


def spot_check(
    gateway: Gateway, cassette: Cassette, keys: Collection[str] | None = None, n: int = 3, seed: int = 0
) -> list[Held | Drifted]:
    """Ask `n` recordings again, drawn with `seed` from those with one of `keys` (None: all), of the gateway's model but
    outside its ledger and budget. Only requests that pin their answer (temperature 0, or a seed) are drawn."""
    fit = [one for one in cassette.read() if (keys is None or one.key in keys) and repeatable(one)]
    sample = random.Random(seed).sample(fit, min(n, len(fit)))
    if not sample:
        return []
    with gateway.beside() as live, httpx.Client(base_url=live.url, timeout=_SECONDS, trust_env=False) as client:
        return verify(cassette, sample, lambda one: ask_again(client, one))


def ask_again(client: httpx.Client, one: Recording) -> Any:
    """The whole answer to a recorded request, from whoever `client` talks to."""
    body = one.request | {"model": one.model, "stream": False}
    answer = client.post(f"/api/{one.endpoint}", json=body, headers={"X-Cassette-Mode": "live"})
    if answer.status_code != 200:
        raise UpstreamRefused(answer.status_code, answer.text[:200])
    return answer.json()


def repeatable(one: Recording) -> bool:
    """Whether a recorded request asks for the same answer each time."""
    if one.endpoint not in ("chat", "generate"):
        return False
    options = one.request.get("options") or {}
    return options.get("temperature") == 0 or options.get("seed", -1) >= 0


def compared(one: Recording, answer: Any) -> Held | Drifted:
    recorded, now = spoken(one.endpoint, one.response), spoken(one.endpoint, answer)
    f1 = token_f1(recorded, now)
    if _keys(recorded) != _keys(now):
        return Drifted(one.key, one.model, f1, recorded, now, "its JSON has other keys")
    if recorded != now and f1 < F1_FLOOR:
        return Drifted(one.key, one.model, f1, recorded, now, f"token F1 is {f1:.2f}, below {F1_FLOOR}")
    return Held(one.key, one.model, f1, recorded == now)


def spoken(endpoint: str, response: Any) -> str:
    """What an answer says: its text and its tool calls."""
    if endpoint != "chat":
        return str(response.get("response") or "")
    message = response.get("message") or {}
    calls = message.get("tool_calls")
    return str(message.get("content") or "") + (json.dumps(calls, sort_keys=True) if calls else "")


def token_f1(one: str, other: str) -> float:
    """Harmonic mean of precision and recall over word tokens, as in SQuAD; 1.0 when both are empty."""
    left, right = Counter(re.findall(r"\w+", one.lower())), Counter(re.findall(r"\w+", other.lower()))
    if not left or not right:
        return float(left == right)
    return 2 * (left & right).total() / (left.total() + right.total())


def _keys(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return _shape(value)


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(inner) if isinstance(inner, dict) else None for key, inner in value.items()}
    return type(value).__name__
