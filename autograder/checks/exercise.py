"""What an exercise is: cases drawn from a strategy, an observer that drives the learner's code, and judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis.strategies import SearchStrategy

from ..verdict import Criterion, Json, Judge, Mismatch


class Impossible(ValueError):
    """An observation that no run can have left, in words for the learner."""


@dataclass(frozen=True)
class Property:
    """One criterion of an exercise: where its cases come from and how one observation is judged.

    `cases` draws plain JSON; `judge(inputs, value)` is pure and returns None when the criterion is met.
    """

    criterion: Criterion
    cases: SearchStrategy[Json]
    judge: Judge
    examples: int = 25

    def mismatch(self, inputs: Json, observation: Json) -> Mismatch | None:
        """Judge what the probe recorded: an exception of the learner's, or the observer's value."""
        if not isinstance(observation, dict) or ("value" not in observation and "raised" not in observation):
            return Mismatch("an observation", "nothing that the probe would record")
        if "raised" in observation:
            return Mismatch("no exception", told(observation["raised"]))
        try:
            return self.judge(inputs, observation["value"])
        except Impossible as error:
            return Mismatch("a course of events that the case allows", str(error))
        except Exception:  # the observation is whatever the learner's process wrote: a fault in reading it is a fault of its shape
            return Mismatch("a result of the shape that the docstring describes", shortened(observation["value"]))


@dataclass(frozen=True)
class Exercise:
    """`names` are what the learner defines; `observe` names the observer in `autograder.probe.observers`."""

    id: str
    title: str
    names: tuple[str, ...]
    observe: str
    hints: tuple[str, str, str]
    properties: tuple[Property, ...]

    @property
    def notebook(self) -> str:
        """The number of the notebook it belongs to: "1.1" of "1.1-retry"."""
        return self.id.partition("-")[0]

    @property
    def cell(self) -> str:
        """The grade_id of its solution cell: "retry" of "1.1-retry"."""
        return self.id.partition("-")[2]

    def __iter__(self) -> Iterator[Property]:
        return iter(self.properties)


def shortened(value: Json, limit: int = 200) -> str:
    try:
        return str(value)[:limit]
    except (ValueError, RecursionError):  # a number of more digits than Python writes out
        return "something that cannot be written out"


def told(raised: Json) -> str:
    """A learner's exception in a sentence, with the learner's own line."""
    if not isinstance(raised, dict):
        return "an exception"
    where = raised.get("lines") or []
    at = f" ({where[-1]})" if isinstance(where, list) and where else ""
    return f"{str(raised.get('type', 'an exception'))[:60]}: {str(raised.get('message', ''))[:200]}{at}"
