"""Who asked what: one row per model call, and the budget that is held against the rows."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from .budget import Budget
from .errors import OverBudget


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a model. `status` is the HTTP status it got (499: the client went away first, 0: still open);
    tokens are the engine's own counts, 0 when it gave none; `seconds` wall time; `format` whether output was constrained."""

    number: int
    endpoint: str
    model: str
    digest: str
    request_sha256: str
    format: bool = False
    stream: bool = False
    replayed: bool = False
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    status: int = 0
    error: str | None = None


class Entry:
    """A call that is being answered: fill in what becomes known, then `close` it once."""

    def __init__(self, ledger: Ledger, call: Call) -> None:
        self._ledger = ledger
        self._call = call
        self._began = time.perf_counter()
        self.replayed = False
        self.prompt_tokens = 0
        self.completion_tokens = 0

    def close(self, status: int, error: str | None = None) -> None:
        done = replace(
            self._call,
            replayed=self.replayed,
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens,
            seconds=round(time.perf_counter() - self._began, 6),
            status=status,
            error=error,
        )
        self._ledger._replace(done)


class Ledger:
    """Thread-safe. `exceeded` names the limit that refused a call first: calls, tokens or seconds."""

    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = budget or Budget()
        self.exceeded: str | None = None
        self._calls: list[Call] = []
        self._lock = threading.Lock()

    def open(
        self, endpoint: str, model: str, digest: str, request_sha256: str, *, format: bool = False, stream: bool = False
    ) -> Entry:
        """Admit a call and give it a number, or record the refusal and raise `OverBudget`."""
        with self._lock:
            call = Call(len(self._calls) + 1, endpoint, model, digest, request_sha256, format, stream)
            used = self._used()
            spent = self.budget.spent(calls=used["calls"], tokens=used["tokens"], seconds=used["seconds"])
            if spent is None:
                self._calls.append(call)
                return Entry(self, call)
            refusal = OverBudget(*spent)
            self.exceeded = self.exceeded or refusal.limit
            self._calls.append(replace(call, status=refusal.status, error=str(refusal)))
        raise refusal

    def _used(self) -> dict[str, Any]:
        admitted = [c for c in self._calls if c.status != OverBudget.status]
        return {
            "calls": len(admitted),
            "tokens": sum(c.prompt_tokens + c.completion_tokens for c in admitted),
            "seconds": sum(c.seconds for c in admitted),
        }

    def _replace(self, done: Call) -> None:
        with self._lock:
            self._calls[done.number - 1] = done

    @property
    def calls(self) -> list[Call]:
        with self._lock:
            return list(self._calls)

    def totals(self) -> dict[str, Any]:
        """`calls` counts answered ones; `replayed` those among them that came from a cassette; `failed` the rest, refusals included."""
        rows = self.calls
        answered = [c for c in rows if c.status == 200]
        return {
            "calls": len(answered),
            "replayed": sum(c.replayed for c in answered),
            "failed": sum(c.status not in (0, 200) for c in rows),
            "prompt_tokens": sum(c.prompt_tokens for c in rows),
            "completion_tokens": sum(c.completion_tokens for c in rows),
            "seconds": round(sum(c.seconds for c in rows), 3),
        }

    def as_json(self) -> dict[str, Any]:
        """Plain JSON: `{"calls": [...], "totals": {...}, "exceeded": null | "calls" | "tokens" | "seconds"}`."""
        return {"calls": [asdict(c) for c in self.calls], "totals": self.totals(), "exceeded": self.exceeded}
