"""Exercises of notebook 2.4, streaming: records from any bytes, a bounded read-ahead, and a reader who leaves.

The observers record what was taken, handed on, closed and left running, in the order it happened; what follows is worked out here
from the drawn case.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..verdict import Criterion, Json, Judge, Mismatch
from .exercise import Exercise, Impossible, Property

LETTERS = ["a", " ", "°", "é", "冷", "🧊", "\u2028", "\x85", '"', "\\", "\n", "{", "}"]
"""Of one to four bytes in UTF-8; two that Unicode, but not NDJSON, takes for the end of a line; and some that JSON escapes."""

_text = st.lists(st.sampled_from(LETTERS), max_size=6).map("".join)
_record = st.fixed_dictionaries({"message": st.fixed_dictionaries({"content": _text}), "done": st.booleans()})
_records = st.lists(_record, min_size=1, max_size=4)
_cuts = st.lists(st.integers(0, 400), max_size=12)
_many_cuts = st.lists(st.integers(0, 400), min_size=6, max_size=40)


def _stream(
    lines: SearchStrategy[list[Any]],
    cuts: SearchStrategy[list[int]],
    ending: SearchStrategy[str] = st.just("\n"),
    lost: SearchStrategy[int] = st.just(0),
) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"lines": lines, "cuts": cuts, "ending": ending, "lost": lost})


def _with_blanks(records: list[Any]) -> SearchStrategy[list[Any]]:
    return st.lists(st.integers(0, len(records)), min_size=1, max_size=3).map(
        lambda places: [line for number in range(len(records) + 1) for line in [""] * places.count(number) + records[number : number + 1]]
    )


def _pieces(inputs: Json) -> list[bytes]:
    lines = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in inputs["lines"]]
    stream = "".join(line + inputs["ending"] for line in lines).encode()
    stream = stream[: len(stream) - inputs["lost"]]
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in inputs["cuts"]), len(stream)]
    return [stream[begin:end] for begin, end in itertools.pairwise(edges)]


def _course(pieces: list[bytes]) -> tuple[list[list[Any]], bytes]:
    """What each piece completes, and what is left after the last."""
    given = []
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        given.append([json.loads(line) for line in lines if line.strip()])
    return given, rest


def _shown(pieces: list[bytes]) -> str:
    return ", ".join(map(repr, pieces[:4])) + (", …" if len(pieces) > 4 else "")


def _all_records(inputs: Json, seen: Json) -> Mismatch | None:
    pieces = _pieces(inputs)
    wanted = [record for given in _course(pieces)[0] for record in given]
    got = [record for given in seen["given"] for record in given]
    return None if got == wanted else Mismatch(f"{wanted}, from the pieces {_shown(pieces)}", f"{got}")


def _as_they_come(inputs: Json, seen: Json) -> Mismatch | None:
    pieces = _pieces(inputs)
    wanted = _course(pieces)[0]
    for number, (want, got) in enumerate(zip(wanted, seen["given"], strict=True), start=1):
        if want != got:
            return Mismatch(f"{want} from call {number} of {len(pieces)}, whose chunk is {pieces[number - 1]!r}", f"{got}")
    return None


def _rest(inputs: Json, seen: Json) -> Mismatch | None:
    pieces = _pieces(inputs)
    wanted, got = _course(pieces)[1], bytes.fromhex(seen["rest"])
    return None if got == wanted else Mismatch(f"the rest {wanted!r} after the pieces {_shown(pieces)}", f"{got!r}")


NDJSON = Exercise(
    id="2.4-ndjson",
    title="Records from bytes, wherever they are cut",
    names=("take_records",),
    observe="ndjson",
    hints=(
        "Put `rest` in front of `chunk` before you look at anything. What stands after the last newline is the new rest, even if it looks complete.",
        "Stay in bytes: a cut may go through the middle of a character, but never through the byte of a newline. Decode whole lines only; `json.loads` takes bytes.",
        'bytes.split(b"\\n") gives one piece more than there are newlines: `*lines, rest = (rest + chunk).split(b"\\n")`. Skip lines that are blank after strip().',
    ),
    properties=(
        Property(Criterion("split", "The same records, wherever the bytes are cut", 2), _stream(_records, _many_cuts), _all_records),
        Property(Criterion("prompt", "Each record comes from the call that brought its newline", 2), _stream(_records, _cuts), _as_they_come),
        Property(
            Criterion("blank", "Blank lines and \\r\\n are no records", 1),
            _stream(_records.flatmap(_with_blanks), _cuts, st.sampled_from(["\n", "\r\n"])),
            _all_records,
        ),
        Property(
            Criterion("rest", "What follows the last newline is kept, byte for byte", 1),
            _stream(_records, _cuts, lost=st.integers(0, 30)),
            _rest,
        ),
    ),
)


_fragments = st.lists(st.sampled_from(["", " the", " fridge", " is", " warm", "."]), min_size=4, max_size=9)
_few = st.lists(st.sampled_from(["", " the", " fridge"]), max_size=4)


def _reading(
    items: SearchStrategy[list[str]] = _fragments,
    *,
    pause: tuple[int, ...] = (0, 2),
    slow: tuple[int, ...] = (0, 3),
    fails: bool = False,
    leaves: tuple[int | None, ...] = (None,),
) -> SearchStrategy[dict[str, Any]]:
    """How a source is read: `pause` and `slow` are turns of the event loop per item, of the source and of the reader."""
    return items.flatmap(
        lambda drawn: st.fixed_dictionaries(
            {
                "items": st.just(drawn),
                "limit": st.integers(1, 4),
                "pause": st.sampled_from(pause),
                "slow": st.sampled_from(slow),
                "fails_at": st.integers(0, len(drawn) - 1) if fails else st.none(),
                "leaves_after": st.sampled_from(leaves),
            }
        )
    )


def _told(inputs: Json, seen: Json) -> dict[str, Any]:
    """What a record of events says; raises `Impossible` when the reader had what the source had not given."""
    given: list[str] = []
    handed: list[str] = []
    most, how = 0, ""
    closed = closed_then = False
    for event in seen["events"]:
        if event[0] == "take":
            given.append(event[1])
        elif event[0] == "hand":
            handed.append(event[1])
            if len(handed) > len(given):
                raise Impossible("the reader was handed more than the source gave")
        elif event[0] == "closed":
            closed = True
        elif event[0] == "over":
            how, closed_then = event[1], closed
        most = max(most, len(given) - len(handed))
    if given != inputs["items"][: len(given)]:
        raise Impossible("the source gave what it does not have")
    return {"given": given, "handed": handed, "most": most, "how": how, "closed": closed_then, "left": seen["events"][-1][1]}


def _everything(inputs: Json, seen: Json) -> Mismatch | None:
    told = _told(inputs, seen)
    if told["handed"] == inputs["items"] and told["how"] == "StopAsyncIteration":
        return None
    return Mismatch(f"{inputs['items']}, then the end", f"{told['handed']}, then {_ending(told['how'])}")


def _ending(how: str) -> str:
    return {"StopAsyncIteration": "the end", "leave": "more", "ConnectionError": "the source's ConnectionError"}.get(how, how)


def _bounded(inputs: Json, seen: Json) -> Mismatch | None:
    most, limit = _told(inputs, seen)["most"], inputs["limit"]
    if most <= limit + 2:
        return None
    return Mismatch(f"at most {limit} in the queue and one in each hand: {limit + 2} taken and not handed on", f"{most} of {len(inputs['items'])}")


def _ahead(inputs: Json, seen: Json) -> Mismatch | None:
    most, wanted = _told(inputs, seen)["most"], min(inputs["limit"], len(inputs["items"]) - 1)
    return None if most >= wanted else Mismatch(f"{wanted} taken ahead while the reader is busy with one", f"{most}")


def _failure(inputs: Json, seen: Json) -> Mismatch | None:
    told, wanted = _told(inputs, seen), inputs["items"][: inputs["fails_at"]]
    if told["handed"] == wanted and told["how"] == "ConnectionError":
        return None
    return Mismatch(f"{wanted}, then the source's ConnectionError", f"{told['handed']}, then {_ending(told['how'])}")


def _closes(inputs: Json, seen: Json) -> Mismatch | None:
    told = _told(inputs, seen)
    where = f"the reader leaves after {inputs['leaves_after']} of {len(inputs['items'])}"
    if told["how"] != "leave":
        return Mismatch(f"{where}", f"it got {told['handed']}, then {_ending(told['how'])}")
    if not told["closed"]:
        return Mismatch(f"{where}, and the source is closed when aclose() returns", "it is still open")
    if told["left"]:
        return Mismatch(f"{where}, and nothing is left running", f"{told['left']} task{'s' if told['left'] > 1 else ''} still running")
    return None


QUEUE = Exercise(
    id="2.4-queue",
    title="Read ahead, but only so far",
    names=("read_ahead",),
    observe="queue",
    hints=(
        "Two things run at once: a task that reads `source` and puts into an `asyncio.Queue(maxsize=limit)`, and the generator itself, which gets and yields. `put` waits while the queue is full: that is the whole back-pressure.",
        "The task must also tell how it ended, through the same queue: a sentinel of your own (`end = object()`) for the end, the exception itself for a failure. An empty string is an item like any other.",
        "Leaving a generator raises GeneratorExit at its `yield`, so clean up in `finally`: cancel the task, and wait for it (`await asyncio.gather(task, return_exceptions=True)`). In the task, a `finally: await source.aclose()` closes what it read from.",
    ),
    properties=(
        Property(Criterion("order", "Every item, once and in order, then the end", 1), _reading(st.one_of(_few, _fragments, _fragments), slow=(0, 8)), _everything),
        Property(Criterion("bounded", "Never more than `limit` in the queue and one in each hand", 2), _reading(pause=(0,), slow=(3, 8)), _bounded),
        Property(Criterion("ahead", "Reads ahead while its reader is busy", 1), _reading(pause=(0, 1), slow=(25,)), _ahead),
        Property(Criterion("failure", "A failure of the source arrives after what came before it", 1), _reading(fails=True), _failure),
        Property(Criterion("close", "Closing it closes the source and leaves nothing running", 2), _reading(pause=(0, 2, 6), leaves=(1, 2, 3)), _closes),
    ),
)


def _visit(steps: SearchStrategy[int], leaves: SearchStrategy[int | None], *, fails: bool = False, stopped: SearchStrategy[int | None] = st.none()) -> SearchStrategy[dict[str, Any]]:
    """`steps` of work, of `leaves_after` turns of watching; `closing` turns are what it takes to close the work."""
    return st.fixed_dictionaries(
        {
            "steps": steps,
            "fails": st.just(fails),
            "closing": st.integers(0, 5),
            "leaves_after": leaves,
            "stopped_after": stopped,
        }
    )


_short, _long = st.integers(0, 8), st.integers(25, 60)
_stays = st.one_of(st.none(), _long)


def _ends(outcome: Json, *, reached: bool = False) -> Judge:
    """`until_gone` ends with this outcome, when everything is closed; `reached`: all steps of the work were done."""

    def judge(inputs: Json, seen: Json) -> Mismatch | None:
        if seen["steps"] > inputs["steps"]:
            raise Impossible("more steps were done than there are")
        if seen["outcome"] != outcome or type(seen["outcome"]) is not type(outcome):
            return Mismatch(f"{_case(inputs)}: {outcome}", f"{seen['outcome']}")
        if (seen["steps"] == inputs["steps"]) != reached:
            return Mismatch(f"{_case(inputs)}: {'all' if reached else 'not all'} steps done", f"{seen['steps']} of {inputs['steps']}")
        if seen["closed"] != ["gone", "work"]:
            open_still = " and ".join(f"`{name}`" for name in ("work", "gone") if name not in seen["closed"])
            return Mismatch(f"{_case(inputs)}: both are over when until_gone comes back", f"{open_still} still open")
        return Mismatch("nothing left running", f"{seen['left']} tasks") if seen["left"] else None

    return judge


def _case(inputs: Json) -> str:
    work = f"work of {inputs['steps']} steps" + (" that fails at its end" if inputs["fails"] else "")
    leaves = "the reader stays" if inputs["leaves_after"] is None else f"the reader leaves after {inputs['leaves_after']} turns"
    stopped = "" if inputs["stopped_after"] is None else f", until_gone is cancelled after {inputs['stopped_after']}"
    return f"{work}, {leaves}{stopped}"


CANCEL = Exercise(
    id="2.4-cancel",
    title="The reader leaves, and everything upstream ends",
    names=("until_gone",),
    observe="cancel",
    hints=(
        "Both coroutines have to run at the same time: make tasks of them (`asyncio.ensure_future`), and wait until the first is done: `asyncio.wait({...}, return_when=asyncio.FIRST_COMPLETED)`.",
        "`task.cancel()` only asks. The task still has to run its `finally` blocks, and that is where connections are closed: wait for it with `await asyncio.gather(..., return_exceptions=True)`.",
        "Do the cancelling in a `finally`, for both tasks: it is then done as well when until_gone itself is cancelled. Afterwards `working.result()` raises what the work raised.",
    ),
    properties=(
        Property(Criterion("whole", "Work that ends first is done: True", 1), _visit(_short, _stays), _ends(True, reached=True), examples=15),
        Property(Criterion("gone", "A reader who leaves ends the work, and its cleaning up is awaited: False", 2), _visit(_long, _short), _ends(False), examples=15),
        Property(Criterion("failure", "What the work raised is raised", 1), _visit(_short, _stays, fails=True), _ends("ConnectionError", reached=True), examples=15),
        Property(
            Criterion("cancelled", "Cancelled itself, it takes both with it", 1),
            _visit(_long, _stays, stopped=st.integers(4, 10)),
            _ends("CancelledError"),
            examples=15,
        ),
    ),
)

EXERCISES = (NDJSON, QUEUE, CANCEL)
