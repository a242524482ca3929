"""The answer step: one schema-constrained call, checked against the passages, with a citation or silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import ollama
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json

from .index import Passage

SHOWN = 3
MIN_SIMILARITY, MIN_SUPPORT = 0.43, 0.6
PROMPT = """You answer questions about one company from numbered passages of its documents.
First choose the passage that contains the answer; 0 if none does.
Then give the answer in a few words, copied from that passage: keep numbers, units, names and codes exactly.
If the passages speak about another plan, product or case than the question, choose 0."""


class Citation(BaseModel):
    document: str
    quote: str = Field(min_length=8, max_length=400)


class Answer(BaseModel):
    answerable: bool
    answer: str = Field(max_length=600)
    citations: list[Citation]


SILENCE = Answer(answerable=False, answer="", citations=[])


class Draft(BaseModel):  # the model's part: choose a passage, copy the fact. A docstring here would go into the schema and to the model
    passage: int = Field(ge=0, le=SHOWN)
    answer: str = Field(max_length=160)


def draft_stream(question: str, passages: list[Passage], model: str) -> Iterator[str]:
    """The model's reply in pieces, as they come: PROMPT as the system message, the numbered passages with their context and the question as the user's.

    One streaming chat call with Draft's JSON schema as `format`, temperature 0, a seed, and a bounded number of tokens.
    Closing the iterator closes the model's stream.
    """
    ### BEGIN SOLUTION
    shown = "\n\n".join(f"[{number}] {p.context}\n{p.text}" for number, p in enumerate(passages, start=1))
    stream = ollama.chat(
        model=model,
        messages=[{"role": "system", "content": PROMPT}, {"role": "user", "content": f"{shown}\n\nQuestion: {question}"}],
        format=Draft.model_json_schema(),
        options={"temperature": 0, "seed": 0, "num_predict": 96, "num_ctx": 2048},
        stream=True,
    )
    with closing(stream):
        for part in stream:
            yield part.message.content or ""
    ### END SOLUTION


def words_so_far(reply: str) -> str:
    """The words of the answer in a reply that is still being written; none as long as no passage is chosen."""
    written = from_json(reply, allow_partial="trailing-strings") if reply.strip() else {}
    return written.get("answer", "") if written.get("passage") else ""


COMMON = set("the a an of to is in for and or on by at it be are with per you your".split())


def normal(text: str) -> str:
    return " ".join(re.sub(r"[*_`|#]+", " ", text).casefold().split())


def terms(text: str) -> set[str]:
    """The words, numbers and codes of a text that carry meaning."""
    return set(re.findall(r"\w[\w.,:-]*\w|\w", normal(text))) - COMMON


def support(reply: str, passage: str) -> float:
    """Share of the answer's terms that stand in the passage; 0 for an answer without any."""
    return len(terms(reply) & terms(passage)) / max(1, len(terms(reply)))


def checked(question: str, draft: Draft, shown: list[Passage]) -> Answer:
    """The draft as an answer with a citation, or SILENCE when it chooses no passage or no passage supports what it says.

    A passage supports an answer when `support` is MIN_SUPPORT or more; of the shown ones the best may stand in for the one chosen.
    The quote is the sentence of the supporting passage that shares most with the answer, cut by code: a model that is asked to
    copy a quotation will improve it.
    """
    ### BEGIN SOLUTION
    if not 1 <= draft.passage <= len(shown) or not terms(draft.answer):
        return SILENCE
    best = max([shown[draft.passage - 1], *shown], key=lambda p: support(draft.answer, p.text))
    if support(draft.answer, best.text) < MIN_SUPPORT:
        return SILENCE
    sentences = [s.strip() for line in best.text.splitlines() for s in re.split(r"(?<=[.!?])\s+", line)]
    candidates = [s for s in sentences if len(s) >= 8] or [best.text]
    quote = max(candidates, key=lambda s: (support(draft.answer, s), len(terms(question) & terms(s))))
    return Answer(answerable=True, answer=draft.answer.strip(), citations=[Citation(document=best.document, quote=quote[:400])])
    ### END SOLUTION


def stream_answer(question: str, passages: list[Passage], model: str) -> Iterator[str | Answer]:
    """The pieces of the draft as the model writes them, then exactly one Answer.

    A piece is what `words_so_far` has gained since the last one, never JSON; joined, the pieces are the draft's answer.
    The Answer may be SILENCE although pieces came before it: the draft is checked when it is complete, and a reply that ends in the
    middle of its JSON is no draft. No model call without passages, or when the best of the first SHOWN is less similar to the question
    than MIN_SIMILARITY; at most one otherwise. What the model server raises is not caught.
    """
    ### BEGIN SOLUTION
    shown = passages[:SHOWN]
    if not shown or np.nanmax([-1.0, *(p.similarity for p in shown)]) < MIN_SIMILARITY:
        yield SILENCE
        return
    reply = told = ""
    with closing(draft_stream(question, shown, model)) as pieces:
        for piece in pieces:
            reply += piece
            words = words_so_far(reply)
            if len(words) > len(told):
                yield words[len(told) :]
                told = words
    try:
        draft = Draft.model_validate_json(reply)
    except ValidationError:  # cut off at the limit of tokens: half a draft is none
        draft = Draft(passage=0, answer="")
    yield checked(question, draft, shown)
    ### END SOLUTION


def answer(question: str, passages: list[Passage], model: str) -> Answer:
    """What `stream_answer` ends in."""
    *_, last = stream_answer(question, passages, model)
    assert isinstance(last, Answer), "stream_answer must end in an Answer"
    return last
