"""What a model knows of the company without its documents: questions asked closed book, answers compared as everywhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from ..matching.answers import matches
from ..metrics import wilson_interval
from .company import draw, home
from .questions import Question

if TYPE_CHECKING:
    from ..gateway import Gateway

SYSTEM = "You work for the company that the question is about. Answer in a few words. If you are not sure, give your best guess."
OPTIONS = {"temperature": 0, "seed": 0, "num_predict": 48, "num_ctx": 2048}


@dataclass(frozen=True)
class Said:
    """A question, what the model said to it without any document, and whether that is right."""

    question: Question
    said: str
    right: bool


def asked(seed: int, count: int, folder: Path | None = None) -> list[Question]:
    """`count` questions of this seed, in English, with an answer that the seed decides (a fixed answer could be guessed from the world)."""
    company = draw(seed, 1, folder or home())
    eligible = [q for q in company.questions if q.answerable and not q.fixed and not q.hidden and q.language == "en"]
    random.Random(seed).shuffle(eligible)
    return eligible[:count]


def closed_book(questions: Sequence[Question], model: str, gateway: Gateway, progress: Callable[[str], None] = lambda text: None) -> list[Said]:
    """Ask every question in its first wording. Raises `httpx.HTTPStatusError` when the gateway refuses."""
    out = []
    with httpx.Client(base_url=gateway.url, timeout=600, trust_env=False) as client:
        for number, question in enumerate(questions, start=1):
            said = answer(client, model, question.wordings[0])
            out.append(Said(question, said, matches(question.accept, said)))
            progress(f"{number} of {len(questions)}")
    return out


def answer(client: httpx.Client, model: str, question: str) -> str:
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}]
    body: dict[str, Any] = {"model": model, "messages": messages, "stream": False, "options": OPTIONS}
    reply = client.post("/api/chat", json=body)
    reply.raise_for_status()
    return str(reply.json()["message"]["content"])


def summary(rows: Sequence[Said], model: str) -> str:
    """The share of right answers with its 95 % Wilson interval, and every answer that was right."""
    right = [row for row in rows if row.right]
    low, high = wilson_interval(len(right), len(rows))
    lines = [f"{model}, closed book: {len(right)} of {len(rows)} right (95 % interval {low:.2f} to {high:.2f})"]
    lines += [f"  {row.question.id} ({row.question.slice}): {row.said!r}, accepted: {row.question.accept[0]!r}" for row in right]
    return "\n".join(lines)
