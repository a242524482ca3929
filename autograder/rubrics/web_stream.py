"""An answer that came as server-sent events: its draft, how it ended, and what is wrong with it."""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..contracts import WebReply
from ..evidence import first_violation, loads
from ..probe.web import events

M = TypeVar("M", bound=BaseModel)
FINAL = ("answer", "error")
ENDED = {
    "timeout": "the stream was not complete after all the time there was",
    "flood": "the stream did not end before it was longer than any answer",
    "broken": "the stream broke off",
    "nothing": "no reply came",
    "left": "the stream was left",
}


class Told(BaseModel):
    """The data of an event. Fields beyond these are no fault."""

    model_config = ConfigDict(strict=True)


class Draft(Told):
    text: str


class Source(Told):
    document: str
    quote: str = Field(min_length=1)
    href: str


class Answer(Told):
    answerable: bool
    answer: str
    citations: list[Source]


class Error(Told):
    message: str = Field(min_length=1)


class Wrong(Exception):
    """What is wrong with a stream."""


class Stream:
    def __init__(self, reply: WebReply) -> None:
        self.reply = reply
        self.drafts: list[str] = []
        self.answer: Answer | None = None
        self.error: Error | None = None
        self.problem = ""
        try:
            self._read()
        except Wrong as wrong:
            self.problem = str(wrong)

    @property
    def said(self) -> str:
        return self.answer.answer if self.answer else ""

    def _read(self) -> None:
        reply = self.reply
        if reply.status != 200:
            raise Wrong(f"the reply had status {reply.status}" if reply.status else f"no reply came ({reply.problem})")
        kind = reply.headers.get("content-type", "")
        if not kind.lower().startswith("text/event-stream"):
            raise Wrong(f"the reply is {kind or 'of no content type'}, not text/event-stream")
        ended = ""
        for name, data in events(self._text(len(reply.pieces))):
            if name not in ("draft", *FINAL):
                continue
            if ended:
                raise Wrong(f"an event {name!r} came after the event {ended!r}")
            if name == "draft":
                self.drafts.append(parsed(name, data, Draft).text)
            elif name == "answer":
                self.answer = parsed(name, data, Answer)
            else:
                self.error = parsed(name, data, Error)
            ended = name if name in FINAL else ""
        if reply.ended != "complete":
            raise Wrong(f"{ENDED[reply.ended]} ({reply.problem})" if reply.problem else ENDED[reply.ended])
        if not ended:
            raise Wrong("the stream ended with neither an answer nor an error event")
        if self.answer and not self.answer.answerable and (self.answer.answer or self.answer.citations):
            raise Wrong("an abstention came with an answer or citations")

    def _text(self, pieces: int) -> str:
        return "".join(piece.bytes for piece in self.reply.pieces[:pieces]).encode("latin-1").decode("utf-8", "replace")

    @cached_property
    def early(self) -> bool:
        """Whether the first draft event was complete while the model had not sent its last line."""
        for number, piece in enumerate(self.reply.pieces, start=1):
            if piece.over or piece.lines == 0:
                return False
            if any(name == "draft" for name, _ in events(self._text(number))):
                return True
        return False


def parsed(name: str, data: str, model: type[M]) -> M:
    try:
        return model.model_validate(loads(data))
    except ValidationError as error:
        raise Wrong(f"the data of an event {name!r} is wrong: {first_violation(error)}") from None
    except (ValueError, RecursionError) as error:
        raise Wrong(f"the data of an event {name!r} is not JSON: {error}") from None
