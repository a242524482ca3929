"""What a learner hands in: one strict pydantic model per line of every artefact.

Strict means exact types (no "1" for 1), no unknown fields and bounded sizes. The field descriptions are the words the
milestone's brief uses, so that a contract and its explanation cannot drift apart.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(min_length=1, max_length=200)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Split = Literal["golden", "grading", "own"]


class Artefact(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class Passage(Artefact):
    """A piece of a document that the search returned."""

    document: Id = Field(description="path of the document inside the corpus folder, with forward slashes")
    text: str = Field(min_length=1, max_length=50_000, description="the passage's own words, as the reader would see them")


class Retrieval(Artefact):
    """What the search returned for one question, best first."""

    question_id: Id
    split: Split
    revision: Literal[1, 2] = Field(description="the revision of the corpus that was indexed when the search ran")
    passages: list[Passage] = Field(max_length=10)


class Citation(Artefact):
    """Where an answer stands."""

    document: Id
    quote: str = Field(min_length=8, max_length=400, description="words copied from the document that support the answer")


class Answer(Artefact):
    """The answer to one question, or an honest 'not in these documents'."""

    question_id: Id
    split: Split
    answerable: bool
    answer: str = Field(max_length=600, description="empty when not answerable")
    citations: list[Citation] = Field(max_length=5, description="empty when not answerable")


class Scores(Artefact):
    """The learner's own figures on the golden set: the last row of eval_history.csv."""

    questions: int = Field(ge=1)
    hit_rate_at_5: Share
    mrr: Share
    answers: int = Field(ge=1, description="golden questions that were answered end to end")
    answer_accuracy: Share
    abstention_accuracy: Share


class OwnDocument(Artefact):
    """A document of the learner's own domain, as the learner's reader gave it."""

    path: Id = Field(description="inside the folder documents/, with forward slashes")
    text: str = Field(min_length=1, max_length=1_000_000)


class OwnCitation(Artefact):
    """Where the answer to an own question stands."""

    document: str = Field(max_length=200)
    quote: str = Field(max_length=2_000, description="words of the document that a passage must hold to count as a hit")


class OwnQuestion(Artefact):
    """A line of the learner's golden.jsonl; one that cannot be read has a problem and nothing else."""

    line: int = Field(ge=1)
    problem: str = Field(max_length=300)
    id: str = Field(max_length=200)
    question: str = Field(max_length=1_000)
    answers: list[Annotated[str, Field(max_length=400)]] = Field(max_length=50, description="accepted forms; empty for an unanswerable question")
    citations: list[OwnCitation] = Field(max_length=50, description="empty for an unanswerable question")


class Readme(Artefact):
    """The learner's README.md."""

    text: str = Field(max_length=100_000)


Cell = Annotated[str, Field(max_length=200)]


class HistoryRow(Artefact):
    """A row of eval_history.csv, as it is written there; figures on answers may be left empty."""

    when: Cell
    corpus: Cell
    model: Cell
    chunk_chars: Cell
    questions: Cell
    hit_rate_at_5: Cell
    mrr: Cell
    answers: Cell
    answer_accuracy: Cell
    abstention_accuracy: Cell


Bytes = Annotated[str, Field(max_length=400_000, pattern=r"^[\x00-\xff]*$")]
"""Bytes as they were received, each as the character of that number."""


class WebPiece(Artefact):
    """What arrived at once, and how many lines of its answer the model had sent by then; `over` when that was all."""

    bytes: Bytes
    lines: int = Field(ge=0)
    over: bool


class WebCall(Artefact):
    """A request for an answer that the application sent to the model; `left` when it hung up before the last line was sent."""

    path: str = Field(max_length=200)
    body: str = Field(max_length=100_000)
    streams: bool
    lines: int = Field(ge=0)
    last: bool
    left: bool


class WebReply(Artefact):
    """One step of driving the web page: what was asked for, and what came back."""

    step: Id
    target: str = Field(max_length=12_000)
    status: int = Field(ge=0, le=999)
    headers: dict[str, str]
    pieces: list[WebPiece] = Field(max_length=2_000)
    ended: Literal["complete", "left", "timeout", "flood", "broken", "nothing"]
    problem: str = Field(max_length=1_000)
    calls: list[WebCall] = Field(max_length=5)
    log: str = Field(max_length=4_000)
