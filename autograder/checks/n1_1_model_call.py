"""Exercises of notebook 1.1, a model call is an HTTP call: retries, idempotency, bounded concurrency.

The observers run beside the learner's code and can be made to write anything. So they record decisions only (a call, a sleep, a start,
an end), and what follows from those is worked out here from the drawn case. Evidence that was never observed has to be a consistent
course of such decisions, right for inputs nobody has seen: it takes a program that solves the exercise to write it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..verdict import Criterion, Json, Judge, Mismatch
from .exercise import Exercise, Impossible, Property

RETRYABLE = (429, 500, 502, 503, 504)
FINAL = (200, 400, 401, 404, 422)


def _step(statuses: tuple[int, ...], *, retry_after: bool = True, timeouts: bool = True) -> SearchStrategy[dict[str, Any]]:
    """One scripted reply: how long the server takes, and what it says (or that it never answers)."""
    takes = st.sampled_from([0.0, 0.1, 0.25, 0.5])
    reply = st.fixed_dictionaries({"takes": takes, "status": st.sampled_from(statuses)})
    options = [reply]
    if retry_after:
        after = st.sampled_from([0.5, 1.0, 2.0, 3.0])
        options.append(st.fixed_dictionaries({"takes": takes, "status": st.sampled_from([429, 503]), "retry_after": after}))
    if timeouts:
        options.append(st.fixed_dictionaries({"takes": st.just(3600.0)}))
    return st.one_of(options)


def _plan(script: SearchStrategy[list[dict[str, Any]]], attempts: SearchStrategy[int], deadline: SearchStrategy[float]) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"script": script, "max_attempts": attempts, "deadline": deadline})


GENEROUS = st.just(100_000.0)
_failing = st.lists(_step(RETRYABLE, timeouts=False), min_size=1, max_size=4)
_ending = st.lists(_step(FINAL, retry_after=False, timeouts=False), min_size=1, max_size=1)


def _told(inputs: Json) -> str:
    return ", then ".join(
        "no answer" if "status" not in step else f"{step['status']}" + (f" (Retry-After: {step['retry_after']:g})" if "retry_after" in step else "")
        for step in inputs["script"]
    )


def _attempts(number: int) -> str:
    return "1 attempt" if number == 1 else f"{number} attempts"


def _course(inputs: Json, seen: Json) -> dict[str, Any]:
    """When each attempt began and ended, and how long the whole took, as the script has it. Raises `Impossible`."""
    now = 0.0
    attempts: list[dict[str, Any]] = []
    sleeps: list[float] = []
    for kind, seconds in seen["events"]:
        if kind == "sleep":
            if not 0 <= seconds < math.inf:
                raise Impossible(f"slept {seconds} s")
            now += seconds
            sleeps.append(seconds)
            continue
        step = inputs["script"][len(attempts)] if len(attempts) < len(inputs["script"]) else {"takes": 0.0, "status": 200}
        waits = step["takes"] if seconds is None else min(step["takes"], seconds)
        answered = waits == step["takes"] and "status" in step
        attempts.append({"at": now, "timeout": seconds, "ended": now + waits, "reply": step["status"] if answered else "TimeoutError"})
        now += waits
    if seen["outcome"] not in [attempt["reply"] for attempt in attempts]:
        raise Impossible(f"{seen['outcome']} was never answered")
    return {"attempts": attempts, "sleeps": sleeps, "elapsed": now, "outcome": seen["outcome"]}


def _followed(judge: Judge) -> Judge:
    """Judges the course of events that a record of decisions stands for."""
    return lambda inputs, seen: judge(inputs, _course(inputs, seen))


def _retry_only_what_helps(inputs: Json, seen: Json) -> Mismatch | None:
    script = inputs["script"]
    last = next(i for i, step in enumerate(script) if step["status"] in FINAL)
    wanted = {"attempts": last + 1, "outcome": script[last]["status"]}
    got = {"attempts": len(seen["attempts"]), "outcome": seen["outcome"]}
    if got == wanted:
        return None
    return Mismatch(
        f"{_attempts(wanted['attempts'])} and the reply {wanted['outcome']}",
        f"{_attempts(got['attempts'])} and {got['outcome']} (the server said {_told(inputs)})",
    )


def _attempts_are_bounded(inputs: Json, seen: Json) -> Mismatch | None:
    final = inputs["script"][inputs["max_attempts"] - 1]
    wanted = final.get("status", "TimeoutError")
    if len(seen["attempts"]) == inputs["max_attempts"] and seen["outcome"] == wanted:
        return None
    return Mismatch(
        f"{_attempts(inputs['max_attempts'])}, then the last failure itself ({wanted})",
        f"{_attempts(len(seen['attempts']))}, then {seen['outcome']}",
    )


def _pauses(inputs: Json, seen: Json) -> Mismatch | None:
    for number, (step, (before, after)) in enumerate(zip(inputs["script"], itertools.pairwise(seen["attempts"]), strict=False), start=1):
        waited = after["at"] - before["ended"]
        least = step.get("retry_after", 0.0)
        if waited < least - 1e-9 or waited <= 0.0:
            wish = f"at least {least:g} s, as Retry-After says" if least else "some time"
            return Mismatch(f"a wait of {wish} after attempt {number}", f"{waited:g} s")
        if least and waited > 2 * least + 1:
            return Mismatch(f"a wait near {least:g} s after attempt {number}", f"{waited:g} s")
    if len(seen["attempts"]) < 2:
        return Mismatch("a second attempt after a failure that may pass", "one attempt only")
    return None


def _keeps_the_deadline(inputs: Json, seen: Json) -> Mismatch | None:
    deadline = inputs["deadline"]
    if seen["elapsed"] > deadline + 1e-9:
        return Mismatch(f"back within the deadline of {deadline:g} s", f"came back after {seen['elapsed']:g} s")
    late = next((a for a in seen["attempts"] if a["timeout"] is None or a["timeout"] <= 0 or a["at"] + a["timeout"] > deadline + 1e-6), None)
    if late:
        left = deadline - late["at"]
        return Mismatch(f"an attempt at {late['at']:g} s gets a timeout of at most the {left:g} s that are left", f"timeout = {late['timeout']}")
    return None


def _does_not_wait_in_vain(inputs: Json, seen: Json) -> Mismatch | None:
    """The script's only step asks for more patience than the deadline holds."""
    if len(seen["attempts"]) == 1 and not seen["sleeps"] and seen["outcome"] == inputs["script"][0]["status"]:
        return None
    step = inputs["script"][0]
    return Mismatch(
        f"{step['status']} handed back at once: Retry-After is {step['retry_after']:g} s and the deadline {inputs['deadline']:g} s",
        f"{_attempts(len(seen['attempts']))}, slept {sum(seen['sleeps']):g} s, then {seen['outcome']}",
    )


RETRY = Exercise(
    id="1.1-retry",
    title="Retry what may pass, within a deadline",
    names=("call_with_retry",),
    observe="retry",
    hints=(
        "Write the loop first: for each attempt call `transport(timeout=…)`, and decide from the status alone whether another attempt could help. 400, 401, 404 and 422 will say the same thing next time.",
        "Two numbers rule each turn: how long you would wait (Retry-After if the server names it, else a backoff that doubles) and how long is left (`deadline - (clock.now() - start)`). If the wait does not fit, stop.",
        "Give each attempt `timeout=` the seconds that are left. Keep the last reply or the last TimeoutError in a variable: when attempts or time run out, that is what you return or raise.",
    ),
    properties=(
        Property(
            Criterion("retryable", "Retries 429 and 5xx; returns everything else at once", 2),
            st.tuples(st.lists(_step(RETRYABLE, timeouts=False), max_size=3), _ending).map(lambda parts: parts[0] + parts[1]).flatmap(
                lambda script: _plan(st.just(script), st.just(10), GENEROUS)
            ),
            _followed(_retry_only_what_helps),
        ),
        Property(
            Criterion("bounded", "Retries a timeout too, stops after max_attempts, and hands back the last failure", 1),
            st.integers(1, 5).flatmap(lambda n: _plan(st.lists(_step(RETRYABLE), min_size=n + 2, max_size=n + 2), st.just(n), st.just(1e9))),
            _followed(_attempts_are_bounded),
        ),
        Property(
            Criterion("pauses", "Waits between attempts, as long as Retry-After asks", 2),
            _plan(_failing, st.just(8), GENEROUS),
            _followed(_pauses),
        ),
        Property(
            Criterion("deadline", "Never exceeds the deadline, and gives each attempt the time that is left", 2),
            _plan(st.lists(_step(RETRYABLE), min_size=6, max_size=6), st.just(6), st.sampled_from([0.5, 1.0, 2.5, 5.0])),
            _followed(_keeps_the_deadline),
        ),
        Property(
            Criterion("in_vain", "Does not sleep towards a deadline it cannot meet", 1),
            _plan(
                st.lists(st.fixed_dictionaries({"takes": st.just(0.1), "status": st.just(429), "retry_after": st.sampled_from([5.0, 30.0, 60.0])}), min_size=1, max_size=1),
                st.just(5),
                st.sampled_from([1.0, 2.0, 4.0]),
            ),
            _followed(_does_not_wait_in_vain),
        ),
    ),
)


_bodies = st.sampled_from([{"invoice": 7, "amount": 20}, {"amount": 20, "invoice": 7}, {"invoice": 7, "amount": 25}, {"invoice": 8, "amount": 20}, {}])
_keys = st.sampled_from(["k-1", "k-2", "k-3"])


def _requests(*, fails: bool) -> SearchStrategy[dict[str, Any]]:
    request = st.fixed_dictionaries({"key": _keys, "body": _bodies, "fails": st.booleans() if fails else st.just(False)})
    return st.fixed_dictionaries({"requests": st.lists(request, min_size=1, max_size=5)})


def _ledger(inputs: Json) -> list[dict[str, Any]]:
    """What a correct handler says to each request: its own account of keys, bodies and effects."""
    first: dict[str, tuple[Any, dict[str, Any]]] = {}
    replies: list[dict[str, Any]] = []
    effects = 0
    for request in inputs["requests"]:
        known = first.get(request["key"])
        if known is None and request["fails"]:
            replies.append({"status": 502, "body": None, "acts": True})
        elif known is None:
            effects += 1
            first[request["key"]] = (request["body"], {"receipt": effects, "amount": request["body"].get("amount")})
            replies.append({"status": 200, "body": first[request["key"]][1], "acts": True})
        elif known[0] == request["body"]:
            replies.append({"status": 200, "body": known[1], "acts": False})
        else:
            replies.append({"status": 409, "body": None, "acts": False})
    return replies


def _handled(kind: Callable[[Json, Json, Json], bool], wish: str) -> Judge:
    """Compare reply by reply, looking only at requests for which `kind(request, expected, earlier expected)` holds."""

    def judge(inputs: Json, seen: Json) -> Mismatch | None:
        wanted = _ledger(inputs)
        for number, (request, want, got) in enumerate(zip(inputs["requests"], wanted, seen["replies"], strict=True), start=1):
            if not kind(request, want, wanted[: number - 1]):
                continue
            body_fits = want["body"] is None or got["body"] == want["body"]
            if got["status"] != want["status"] or not body_fits or got["acted"] != want["acts"]:
                reply = f"{want['status']} {want['body']}" if want["body"] else f"{want['status']}"
                return Mismatch(
                    f"request {number} ({request['key']}, {request['body']}): {wish}: {reply}, {'acting' if want['acts'] else 'without acting'}",
                    f"{got['status']} {got['body']}, {'acted' if got['acted'] else 'did not act'}",
                )
        return None

    return judge


IDEMPOTENT = Exercise(
    id="1.1-idempotent",
    title="The same key twice is one effect",
    names=("handle",),
    observe="idempotent",
    hints=(
        "Ask `store` before you act: a key you have seen needs no second effect, whatever else happens.",
        "Remember two things under a key: what was asked (to notice another body) and what was answered (to answer the same again).",
        "Only write to `store` once `act` has returned. If it raised, reply 502 and remember nothing: the caller's retry must get a real chance.",
    ),
    properties=(
        Property(
            Criterion("once", "A repeated request acts once and gets the identical reply", 2),
            _requests(fails=False),
            _handled(lambda request, want, earlier: want["status"] == 200, "the reply to this key"),
        ),
        Property(
            Criterion("conflict", "The same key with another body is refused with 409", 1),
            _requests(fails=False),
            _handled(lambda request, want, earlier: want["status"] == 409, "another body under a known key"),
        ),
        Property(
            Criterion("failure", "A failed action is 502 and is not remembered", 1),
            _requests(fails=True),
            _handled(lambda request, want, earlier: want["acts"], "a failure is no effect"),
        ),
    ),
)


_jobs = st.lists(
    st.fixed_dictionaries({"steps": st.integers(0, 4), "fails": st.booleans()}),
    min_size=0,
    max_size=8,
)


def _batch(jobs: SearchStrategy[list[dict[str, Any]]]) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"jobs": jobs, "limit": st.integers(1, 4)})


def _turns(inputs: Json, seen: Json) -> tuple[int, int]:
    """(most jobs under way at once, turns in which a place was free although a job had not been started).

    Raises `Impossible` for a record in which a job does not start once, take its steps and end.
    """
    jobs, limit = inputs["jobs"], inputs["limit"]
    started: dict[int, int] = {}
    ended: set[int] = set()
    most = idle = last = 0
    for kind, number, turn in seen["events"]:
        if type(turn) is not int or turn < last:
            raise Impossible("time runs backwards")
        if len(started) - len(ended) < limit and len(started) < len(jobs):
            idle += turn - last
        last = turn
        if kind == "start" and number not in started:
            started[number] = turn
        elif kind == "end" and number in started and number not in ended and turn - started[number] >= jobs[number]["steps"] - 1:
            ended.add(number)
        else:
            raise Impossible(f"job {number} cannot have had its {kind} in turn {turn}")
        most = max(most, len(started) - len(ended))
    if ended != set(range(len(jobs))):
        raise Impossible("not every job was run to its end")
    return most, idle


def _within_limit(inputs: Json, seen: Json) -> Mismatch | None:
    most, _ = _turns(inputs, seen)
    return None if most <= inputs["limit"] else Mismatch(f"at most {inputs['limit']} calls in flight", f"{most} at once")


def _uses_the_limit(inputs: Json, seen: Json) -> Mismatch | None:
    most, idle = _turns(inputs, seen)
    wanted = min(inputs["limit"], len(inputs["jobs"]))
    if most < wanted:
        return Mismatch(f"{wanted} of {len(inputs['jobs'])} calls in flight together", f"{most} at once")
    if idle > 4 * len(inputs["jobs"]) + 4:
        return Mismatch("the next call started as soon as one ends", f"a free place was left empty for {idle} turns of the event loop")
    return None


def _in_order(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = [{"value": number} for number in range(len(inputs["jobs"]))]
    if seen["results"] == wanted:
        _turns(inputs, seen)
        return None
    return Mismatch(f"results in the order of the jobs: {[w['value'] for w in wanted]}", str([r.get("value", r) for r in seen["results"]]))


def _keeps_the_others(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = [{"error": "RuntimeError"} if job["fails"] else {"value": n} for n, job in enumerate(inputs["jobs"])]
    if seen["results"] == wanted:
        _turns(inputs, seen)
        return None
    return Mismatch(f"each failure in its own place, as an exception object: {wanted}", str(seen["results"]))


_calm = _jobs.map(lambda jobs: [{**job, "fails": False} for job in jobs])
_uneven = st.lists(st.fixed_dictionaries({"steps": st.sampled_from([1, 3, 120]), "fails": st.just(False)}), max_size=8)
_one_slow = st.integers(3, 7).map(lambda others: [{"steps": 120, "fails": False}, *[{"steps": 1, "fails": False}] * others])
"""The first call takes as long as all the others together; whoever waits for it has free places."""

GATHER = Exercise(
    id="1.1-gather",
    title="Many calls at once, but not too many",
    names=("gather_bounded",),
    observe="gather",
    hints=(
        "`asyncio.gather` keeps the order and starts everything at once. What is missing is a doorman: `asyncio.Semaphore(limit)`.",
        "Wrap each job: `async with semaphore: return await job()`. The semaphore is made once, outside the wrapper.",
        "One failure must not cancel or hide the rest: catch `Exception` inside the wrapper and return it, or use `return_exceptions=True`.",
    ),
    properties=(
        Property(Criterion("limit", "Never more than `limit` calls in flight", 1), _batch(_calm), _within_limit),
        Property(Criterion("together", "As many in flight as the limit allows, at all times", 1), _batch(st.one_of(_uneven, _one_slow)), _uses_the_limit),
        Property(Criterion("order", "Results in the order of the jobs", 1), _batch(_calm), _in_order),
        Property(Criterion("failures", "One failure does not lose the others", 1), _batch(_jobs), _keeps_the_others),
    ),
)

EXERCISES = (RETRY, IDEMPOTENT, GATHER)
