"""Which questions are asked in public and which in secret: two draws without a question in common, each spread over the slices."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .chance import Chance
from .questions import SLICES, TYPO, Question
from .typos import LANGUAGES, mistyped

GOLDEN, GOLDEN_ANSWERED = 60, 10
GRADING, GRADING_ANSWERED = 120, 20
SHARES = {  # of the questions with an answer, in percent: what is asked most comes most, and no slice too seldom for an interval
    "numeric": 16, "plain": 14, "sku": 13, "table": 13, "version": 12, "multi_hop": 8, "contradiction": 8, "multilingual": 8, "typo": 8,
}  # fmt: skip
UNANSWERABLE_SHARE = 5  # one in so many of the questions to be answered
UNANSWERABLE = "unanswerable"
ANSWERABLE = (*(name for name in SLICES if name != UNANSWERABLE), TYPO)
MISTYPED = ("plain", "numeric")  # what typo questions are made from


@dataclass(frozen=True)
class Asked:
    """One question in one wording, as a learner is asked it."""

    id: str
    split: str
    question: Question
    wording: int  # which of the question's wordings
    text: str
    answer_this: bool = False


def draws(questions: Sequence[Question], seed: int) -> tuple[list[Asked], list[Asked]]:
    """The public draw and the one for grading. Questions about unreadable documents are in neither; what is declared as fixed is
    never in the grading draw."""
    pool = pools([question for question in questions if not question.hidden], seed)
    grading = drawn(pool, GRADING, GRADING_ANSWERED, "grading", seed)
    golden = drawn(pool, GOLDEN, GOLDEN_ANSWERED, "golden", seed)
    return golden, grading


def pools(questions: Sequence[Question], seed: int) -> dict[str, list[Question]]:
    """The questions of each slice in drawn order. Some plain and numeric ones are set aside to be mistyped."""
    pool: dict[str, list[Question]] = defaultdict(list)
    for question in Chance(seed, "pool").shuffled(questions):
        pool[question.slice].append(question)
    aside_of_each = -(-sum(quotas(count)[TYPO] for count in (GOLDEN, GRADING)) // len(MISTYPED))
    for name in MISTYPED:
        fit = [question for question in pool[name] if question.language in LANGUAGES]
        aside = fit[-aside_of_each:]
        pool[TYPO].extend(replace(question, slice=TYPO) for question in aside)
        taken = {question.id for question in aside}
        pool[name] = [question for question in pool[name] if question.id not in taken]
    return pool


def drawn(pool: dict[str, list[Question]], count: int, answered: int, split: str, seed: int) -> list[Asked]:
    """`count` questions taken out of the pool, one in ten unanswerable, the others in the shares of SHARES as far as there are any."""
    silent = max(answered // UNANSWERABLE_SHARE + (answered % UNANSWERABLE_SHARE > 2), count // 10)
    picked = [asked(question, split, seed) for question in take(pool, (UNANSWERABLE,), silent, split)]
    for name, size in quotas(count - len(picked)).items():
        picked += [asked(question, split, seed) for question in take(pool, (name,), size, split)]
    picked += [asked(question, split, seed) for question in take(pool, ANSWERABLE, count - len(picked), split)]
    chosen = to_answer(picked, answered)
    order = Chance(seed, split, "order").shuffled(picked)
    return [replace(one, answer_this=one.id in chosen) for one in order]


def quotas(count: int) -> dict[str, int]:
    """`count` divided in the shares of SHARES, by largest remainders."""
    whole = sum(SHARES.values())
    sizes = {name: count * share // whole for name, share in SHARES.items()}
    rest = sorted(SHARES, key=lambda name: -(count * SHARES[name] % whole))
    return {name: size + (name in rest[: count - sum(sizes.values())]) for name, size in sizes.items()}


def take(pool: dict[str, list[Question]], slices: Sequence[str], count: int, split: str) -> list[Question]:
    found: list[Question] = []
    while len(found) < count and any(allowed(pool[name], split) for name in slices):
        for name in slices:
            at = allowed(pool[name], split)
            if at and len(found) < count:
                found.append(pool[name].pop(at - 1))
    return found


def allowed(questions: Sequence[Question], split: str) -> int:
    """The place, counted from 1, of the first question that this split may ask; 0 when there is none."""
    return next((place for place, one in enumerate(questions, start=1) if split == "golden" or not one.fixed), 0)


def to_answer(picked: Sequence[Asked], count: int) -> set[str]:
    """Which are answered end to end: one in five unanswerable, the rest from the slices in turn."""
    by_slice: dict[str, list[Asked]] = defaultdict(list)
    for one in picked:
        by_slice[one.question.slice].append(one)
    silent = by_slice.pop(UNANSWERABLE, [])[: round(count / UNANSWERABLE_SHARE)]
    chosen = [one.id for one in silent]
    while len(chosen) < count and any(by_slice.values()):
        for row in by_slice.values():
            if row and len(chosen) < count:
                chosen.append(row.pop(0).id)
    return set(chosen)


def asked(question: Question, split: str, seed: int) -> Asked:
    chance = Chance(seed, split, question.id, "wording")
    wording = chance.below(len(question.wordings))
    text = question.wordings[wording]
    if question.slice == TYPO:
        text = mistyped(text, chance)
    return Asked(blind_id(seed, split, question.id), split, question, wording, text)


def blind_id(seed: int, split: str, name: str) -> str:
    """An id that tells nothing about its question."""
    return "q" + hashlib.sha256(f"{seed}\n{split}\n{name}".encode()).hexdigest()[:10]
