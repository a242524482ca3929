"""Milestone A on a domain of the learner's own: is the golden set worth measuring with, do the documented failures fail, is the history true?

The documents are taken as the learner's reader gave them; what is judged is whether questions, citations, README.md and results agree.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from ..contracts import HistoryRow, OwnDocument, OwnQuestion, Readme
from ..matching.answers import holds, matches
from ..matching.mentions import FEW, count, named
from ..metrics import hit_at, mean, reciprocal_rank
from ..probe.own import MOST_ANSWERED
from ..verdict import Criterion, Finding, Status
from ..world.copied import content_words, copied
from .qa_case import Case, relevant

GOLDEN_SET = Criterion(
    "golden_set",
    "A golden set of your own that is worth measuring with",
    5,
    "Write questions as somebody asks who has not read the documents, copy the quotes out of the documents with the mouse, and keep the questions that no document answers.",
)
FAILURES = Criterion(
    "failures",
    "README.md explains three questions by id that really fail",
    5,
    "Run the notebook, take three questions that its table shows as failed, and find for each the first step that lost the answer: reader, cut, search, limit or model.",
)

FEWEST_QUESTIONS, FEWEST_UNANSWERABLE, FEWEST_DOCUMENTS, FEWEST_FAILURES = 20, 3, 3, 3
EXAMPLES = ("example-with-an-answer", "example-without-an-answer")
"""Ids of the two questions that the released golden.jsonl shows the form with."""
ROOM = 0.005


class Domain:
    """What was handed in of the own domain."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.lines = case.evidence.records("own_questions", OwnQuestion)
        self.documents = {document.path: document.text for document in case.evidence.records("own_documents", OwnDocument)}

    @cached_property
    def read(self) -> list[OwnQuestion]:
        """The lines that could be read, the released examples aside."""
        return [line for line in self.lines if not line.problem and line.id not in EXAMPLES]

    @cached_property
    def questions(self) -> dict[str, OwnQuestion]:
        """By id; of two with the same id the last, as in the notebook."""
        return {line.id: line for line in self.lines if not line.problem}

    @cached_property
    def readme(self) -> str:
        return "\n".join(record.text for record in self.case.evidence.records("readme", Readme))

    def ranks(self, question: OwnQuestion) -> list[bool] | None:
        """Relevance by rank; None when no search for it was handed in."""
        record = self.case.retrievals.get(("own", question.id, 1))
        return relevant(record.passages, [(one.document, one.quote) for one in question.citations]) if record else None


def golden_set(case: Case) -> Finding:
    """A share of the points for the share of demands that are met, and in proportion to a set that is too small to meet them."""
    domain = Domain(case)
    if not domain.read:
        why = "golden.jsonl holds the two examples it came with and no question of your own" if domain.lines else "golden.jsonl holds no question"
        return Finding.missing(GOLDEN_SET, Status.FAIL, why, "a golden set of your own beside the notebook")
    broken = [found for demand in DEMANDS if (found := demand(domain))]
    expected = (
        f"{FEWEST_QUESTIONS} questions or more of your own, {FEWEST_UNANSWERABLE} or more of them unanswerable, ids and wordings that occur once, "
        f"quotes that stand in the document they name, {FEWEST_DOCUMENTS} or more documents, and questions in other words than their quotes"
    )
    silent = sum(not line.citations for line in domain.read)
    right = f"{len(domain.read)} questions, {silent} unanswerable, on {len(domain.documents)} documents"
    detail = {"questions": len(domain.read), "unanswerable": silent, "documents": len(domain.documents), "broken": [name for name, _ in broken]}
    observed = " ".join(sentence for _, sentence in broken) or right
    share = (1 - len(broken) / len(DEMANDS)) * min(1.0, len(domain.read) / FEWEST_QUESTIONS)
    return Finding.of(GOLDEN_SET, share, expected=expected, observed=observed, detail=detail)


Demand = Callable[[Domain], tuple[str, str] | None]
"""None when it is met; else its name and a sentence with the smallest example."""


def readable(domain: Domain) -> tuple[str, str] | None:
    line = next((line for line in domain.lines if line.problem), None)
    return ("readable", f"Line {line.line} of golden.jsonl cannot be read: {line.problem.rstrip('.')}.") if line else None


def own(domain: Domain) -> tuple[str, str] | None:
    line = next((line for line in domain.lines if line.id in EXAMPLES), None)
    return ("own", f"{line.id!r} is the example that golden.jsonl came with; write your own in its place.") if line else None


def enough(domain: Domain) -> tuple[str, str] | None:
    size = len(domain.read)
    return None if size >= FEWEST_QUESTIONS else ("enough", f"There are {size} questions of your own; {FEWEST_QUESTIONS} are the fewest.")


def unanswerable(domain: Domain) -> tuple[str, str] | None:
    silent = sum(not line.citations and not line.answers for line in domain.read)
    if silent >= FEWEST_UNANSWERABLE:
        return None
    return "unanswerable", f"{silent} are unanswerable (no answers, no citations); {FEWEST_UNANSWERABLE} are the fewest that say anything about silence."


def unique(domain: Domain) -> tuple[str, str] | None:
    seen: dict[str, int] = {}
    for line in domain.read:
        if line.id in seen:
            return "unique", f"The id {line.id!r} stands in lines {seen[line.id]} and {line.line}; give each question its own."
        seen[line.id] = line.line
    return None


def resolves(domain: Domain) -> tuple[str, str] | None:
    for line in domain.read:
        if line.answers and not line.citations:
            return "resolves", f"{line.id!r} has the answer {line.answers[0]!r} and no citation; say where it stands."
        for one in line.citations:
            if one.document not in domain.documents:
                return "resolves", f"{line.id!r} cites {one.document}, which is not among the {len(domain.documents)} documents that were read."
            if not one.quote:
                return "resolves", f"{line.id!r} cites {one.document} without a quote, so any of its passages would count as a hit."
            if not holds(domain.documents[one.document], one.quote):
                return "resolves", f"The quote of {line.id!r} does not stand in {one.document}: {shorten(one.quote)!r}."
    return None


def spread(domain: Domain) -> tuple[str, str] | None:
    cited = sorted({one.document for line in domain.read for one in line.citations})
    if len(cited) >= FEWEST_DOCUMENTS:
        return None
    listed = f" ({', '.join(cited)})" if cited else ""
    return "spread", f"{len(cited)} of the documents {'is' if len(cited) == 1 else 'are'} cited{listed}; {FEWEST_DOCUMENTS} are the fewest."


def own_words(domain: Domain) -> tuple[str, str] | None:
    taken = [line for line in domain.read if copied(line.question, [one.quote for one in line.citations])]
    if not taken:
        return None
    line = min(taken, key=lambda one: len(one.question))
    words = content_words(line.question)
    shared = words & content_words(" ".join(one.quote for one in line.citations))
    return "own_words", f"{line.id!r} takes {len(shared)} of its {len(words)} content words from its quote: {shorten(line.question)!r}; ask as somebody who has not read it."


def different(domain: Domain) -> tuple[str, str] | None:
    """Capitals, punctuation and the order of words make no other question."""
    seen: dict[frozenset[str], str] = {}
    for line in domain.read:
        words = content_words(line.question) or frozenset([line.question.casefold()])
        if words in seen:
            return "different", f"{line.id!r} asks the same as {seen[words]!r}: {shorten(line.question)!r}."
        seen[words] = line.id
    return None


DEMANDS: tuple[Demand, ...] = (readable, own, enough, unanswerable, unique, resolves, spread, own_words, different)


def failures(case: Case) -> Finding:
    """Full marks when three or more are named with a cause and every one named fails; only those that were answered count."""
    domain = Domain(case)
    asked = {name: line.question for name, line in domain.questions.items() if name not in EXAMPLES}
    told = dict(list(named(domain.readme, asked).items())[:MOST_ANSWERED])
    expected = f"{FEWEST_FAILURES} or more questions of golden.jsonl named in README.md by id, each with its cause in a few words, and each failing in this run"
    if not told:
        why = "README.md names no question of golden.jsonl by its id" if domain.readme.strip() else "there is no README.md, or nothing in it"
        return Finding.missing(FAILURES, Status.FAIL, why, expected)
    fine = {name: well for name in told if (well := succeeds(domain, domain.questions[name]))}
    bare = [name for name, cause in told.items() if count(cause) < FEW]
    good = [name for name in told if name not in fine and name not in bare]
    remarks = [f"README.md names {len(told)} of your questions ({', '.join(told)})"] if len(told) < FEWEST_FAILURES else []
    remarks += [f"{name!r} does not fail in this run: {well}" for name, well in list(fine.items())[:1]]
    remarks += [f"{name!r} is named without a cause ({count(told[name])} words beside it)" for name in bare[:1]]
    observed = "; ".join(remarks) or "; ".join(f"{name!r}: {fault(domain, domain.questions[name])}" for name in good)
    detail = {"named": list(told), "failing": [name for name in told if name not in fine], "without_cause": bare}
    return Finding.of(FAILURES, len(good) / max(FEWEST_FAILURES, len(told)), expected=expected, observed=observed, detail=detail)


def succeeds(domain: Domain, question: OwnQuestion) -> str:
    """Why a question counts as no failure, or '' when it failed in this run."""
    if fault(domain, question):
        return ""
    given = domain.case.answers.get(("own", question.id))
    if not question.citations:
        return "it is left unanswered, as it should be" if given else "no answer was handed in"
    place = domain.ranks(question)
    found = f"the search finds it at rank {place.index(True) + 1}" if place else "no search for it was handed in"
    return f"{found}, and the answer {shorten(given.answer)!r} is right" if given else f"{found}, and no answer was handed in"


def fault(domain: Domain, question: OwnQuestion) -> str:
    """What went wrong with a question in this run; '' when nothing did, or nothing was handed in."""
    given = domain.case.answers.get(("own", question.id))
    if not question.citations:
        return f"answered with {shorten(given.answer)!r}, though the documents are silent" if given and given.answerable else ""
    place = domain.ranks(question)
    if place is not None and not hit_at(place, 5):
        return "the search misses it at 5"
    if given is None or not question.answers:
        return ""
    if not given.answerable:
        return "left unanswered"
    return "" if matches(question.answers, given.answer) else f"answered with {shorten(given.answer)!r}"


def last_row(case: Case) -> str:
    """'' when the last row of eval_history.csv on the own documents agrees with this run's searches; else what does not."""
    domain = Domain(case)
    rows = [row for row in case.evidence.records("history", HistoryRow) if row.corpus.strip().casefold() == "own"]
    if not rows:
        return 'eval_history.csv has no row on your own documents (corpus "own")'
    answerable = [line for line in domain.questions.values() if line.citations]
    found = [place for line in answerable if (place := domain.ranks(line)) is not None]
    if len(found) < len(answerable) or not found:
        return f"{len(found)} of your {len(answerable)} answerable questions were searched in this run, so the last row of eval_history.csv cannot be checked"
    wanted = {"questions": float(len(found)), "hit_rate_at_5": mean([hit_at(row, 5) for row in found]), "mrr": mean([reciprocal_rank(row) for row in found])}
    apart = [said for name, value in wanted.items() if (said := differs(name, getattr(rows[-1], name), value))]
    return f"the last row of eval_history.csv on your own documents: {'; '.join(apart)}" if apart else ""


def differs(name: str, said: str, wanted: float) -> str:
    """'' when the cell says what was recomputed, with a point or a comma."""
    shown = f"{wanted:.0f}" if name == "questions" else f"{wanted:.3f}"
    try:
        off = abs(float(said.strip().replace(",", ".")) - wanted)
    except ValueError:
        return f"{name} is {shorten(said)!r}, recomputed {shown}"
    return "" if off <= (0 if name == "questions" else ROOM) + 1e-9 else f"{name} is {said.strip()}, recomputed {shown}"


def shorten(text: str, limit: int = 100) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"

