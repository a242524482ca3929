"""What is judged: one rubric per assignment. Milestones have a module here; every phase notebook gets one from its exercises."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from ..paths import datasets
from ..verdict import Criterion, Finding, Json

if TYPE_CHECKING:
    from ..gateway.budget import Budget
    from ..sandbox.limits import Limits
    from ..world.own_inputs import Own

DEFAULT_MODEL = "qwen2.5-coder:1.5b"

MILESTONES = {
    "a_document_qa": "autograder.rubrics.a_document_qa:DocumentQA",
}
"""Assignment -> `module:class` of its rubric. The clean judge process imports by the same name."""


@runtime_checkable
class Rubric(Protocol):
    """What grading asks of an assignment.

    `prepare` runs in the grader, before the learner's code; `judge` runs in a clean process, after it.
    A rubric may also carry `model` (the tag it wants unless told otherwise), `models` (further tags the run may call)
    and `cassettes(seed) -> list[Path]` (where answers are recorded): see the functions of those names below. With `plans_doubles` the
    learner's code may say what the model doubles answer, which is for runs in which no answer of a double is judged; `modules` are what
    most solutions import that takes long to load; `parts` are what a submission holds beside its notebook, without which it is not whole.
    """

    assignment: str
    title: str
    pass_mark: float
    """Share of the maximal score, 0 to 1."""
    criteria: tuple[Criterion, ...]
    budget: Budget
    limits: Limits

    def prepare(self, seed: int, inputs: Path, *, model: str) -> Json:
        """Write what the learner's code may see into the empty folder `inputs`; return, as plain JSON, what only the judge sees."""
        ...

    def judge(self, expected: Json, evidence: Path, ledger: Json) -> list[Finding]:
        """Pure. `evidence` is the folder of artefacts, to be read through `autograder.evidence`.

        `ledger` is `{"calls": [...], "totals": {...}}` as the gateway kept it. Criteria without a finding become `error`,
        or get the run's own status if it ended early.
        """
        ...


@runtime_checkable
class OwnDocuments(Protocol):
    """A rubric that can also be prepared from documents and questions of the learner's own."""

    def prepare_own(self, seed: int, inputs: Path, own: Own) -> Json:
        """Like `prepare`."""
        ...


def find(assignment: str) -> Rubric:
    """The rubric of an assignment: a milestone's name, or a phase notebook's number such as "1.1". Raises `KeyError`."""
    if assignment in MILESTONES:
        return load(MILESTONES[assignment])
    from .exercises import Exercises

    return Exercises.of(assignment)


def reference(assignment: str) -> str:
    """How another process loads the same rubric with `load`: `module:class`, or `exercises:<number>` for a phase notebook."""
    return MILESTONES.get(assignment, f"exercises:{assignment}")


def load(name: str) -> Rubric:
    """The rubric behind a `reference`."""
    module, _, attribute = name.partition(":")
    if module == "exercises":
        from .exercises import Exercises

        return Exercises.of(attribute)
    return cast(Rubric, getattr(import_module(module), attribute)())


def preferred_model(rubric: Rubric) -> str:
    return str(getattr(rubric, "model", DEFAULT_MODEL))


def allowed_models(rubric: Rubric, model: str) -> tuple[str, ...]:
    """The models a graded run may call: the one it is graded with, the embedding model, and what the rubric adds."""
    return tuple(dict.fromkeys((model, "all-minilm", *getattr(rubric, "models", ()))))


def plans_doubles(rubric: Rubric) -> bool:
    return bool(getattr(rubric, "plans_doubles", False))


def modules(rubric: Rubric) -> tuple[str, ...]:
    return tuple(getattr(rubric, "modules", ()))


def parts(rubric: Rubric) -> tuple[str, ...]:
    return tuple(getattr(rubric, "parts", ()))


def cassette(rubric: Rubric, seed: int) -> Path:
    """Where the answers of a graded run on this seed are recorded."""
    return datasets() / "cassettes" / rubric.assignment / f"seed-{seed}.jsonl"


def cassettes(rubric: Rubric, seed: int) -> list[Path]:
    """The recordings that exist for this assignment and seed."""
    chosen = getattr(rubric, "cassettes", None)
    folder = datasets() / "cassettes"
    paths = chosen(seed) if chosen else [cassette(rubric, seed), folder / f"{rubric.assignment}.jsonl"]
    return [path for path in paths if path.is_file()]
