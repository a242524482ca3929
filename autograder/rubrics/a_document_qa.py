"""Milestone A, a document Q&A: what is asked, and how the raw results are judged.

Every figure is recomputed here from the passages and answers that were handed in; the figures a learner reports
count for agreement only. The gates come from the reference's own distribution over seeds (`a_document_qa.gates.json`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..contracts import Scores
from ..evidence import EvidenceError
from ..gateway.budget import Budget
from ..matching.answers import holds, supports
from ..metrics import bootstrap_interval, hit_at, mean, reciprocal_rank
from ..sandbox.limits import Limits
from ..verdict import Criterion, Finding, Json, Status
from ..world.inputs import write_inputs
from .a_own import FAILURES, GOLDEN_SET, failures, golden_set, last_row
from .a_web import WEB_APP, web_app
from .qa_case import PASSAGE_CHARS, Case, abstention_accuracy

if TYPE_CHECKING:
    from ..world.own_inputs import Own

CONTRACT = Criterion(
    "contract",
    "Every record fits its contract",
    5,
    "Read the first violation above: it names the artefact, the line and the field. Answers must come from chat calls whose `format` is a JSON schema.",
)
PASSAGES = Criterion(
    "passages",
    f"Passages a person can check (at most {PASSAGE_CHARS:,} characters)",
    5,
    "Cut documents into passages of a few hundred characters; the embedding model reads about 256 tokens of each and nobody checks a citation to three pages.",
)
HIT_RATE = Criterion(
    "hit_rate",
    "Hit rate@5: the supporting words are in the first five passages",
    15,
    "Look at three misses: is the sentence missing from the index (reader), cut in two (chunks), or ranked below five (search)? Mend the first cause first.",
)
MRR = Criterion(
    "mrr",
    "MRR: the first passage that holds them ranks high",
    5,
    "Vectors alone miss codes, full-text search alone misses paraphrases: merge both by reciprocal rank, and let a passage carry its title and heading.",
)
CITATIONS = Criterion(
    "citation_precision",
    "Citation precision: quotes stand in a document that answers the question",
    10,
    "Let the model name a passage by number and cut the quote from that passage in code; check that the answer's words stand in it.",
)
CORRECT = Criterion(
    "answer_correctness",
    "Answer correctness: the right fact, in few words",
    15,
    "Take ten wrong answers whose passage was right: is the fact from another plan, the sentence cut off, or the answer too long? An answer of more than 60 words is not an answer.",
)
ABSTENTION = Criterion(
    "abstention",
    "Abstention: silent where the documents are silent, and only there",
    10,
    "Decide from evidence (similarity of the best passage, support of the answer in a passage), tune it on the golden set, and do not rely on the model's own flag.",
)
FRESHNESS = Criterion(
    "freshness",
    "Freshness: no outdated passage after the revision, and the new facts are found",
    10,
    "Delete what is gone or changed before you add what is new; a chunk's identity is its document and its words.",
)
HONESTY = Criterion(
    "honest_figures",
    "The scores you report are the scores recomputed from your results",
    5,
    "Compute the scores from the very results you hand in, after the last change, and read the definitions in `evaluate`'s docstring. Run the notebook once more before you hand in, so that the last row of eval_history.csv is today's.",
)


TOLERANCE = {"questions": 0, "hit_rate_at_5": 0.005, "mrr": 0.005, "answers": 0, "answer_accuracy": 0.005, "abstention_accuracy": 0.005}
"""How far a reported figure may lie from the recomputed one; room for rounding to two places, not for another definition."""


def shorten(text: str, limit: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


class DocumentQA:
    assignment = "a_document_qa"
    title = "Milestone A: a document Q&A that knows what it does not know"
    pass_mark = 0.8
    """Above what everything but right answers with their citations is worth together."""
    criteria = (CONTRACT, PASSAGES, HIT_RATE, MRR, CITATIONS, CORRECT, ABSTENTION, FRESHNESS, HONESTY, WEB_APP, GOLDEN_SET, FAILURES)
    budget = Budget(calls=900, tokens=400_000, seconds=5400)
    limits = Limits(wall_seconds=7200, cell_seconds=5400)
    parts = ("qa", "app.py")
    modules = ("lancedb", "lancedb.index", "matplotlib.pyplot", "numpy", "ollama", "pydantic", "pypdfium2")

    @cached_property
    def gates(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = json.loads(Path(__file__).with_name("a_document_qa.gates.json").read_text(encoding="utf-8"))["gates"]
        return found

    def prepare(self, seed: int, inputs: Path, *, model: str) -> Json:
        """Write the company, its golden set and the questions into `inputs`; return what only the judge may see."""
        return write_inputs(seed, inputs)

    def prepare_own(self, seed: int, inputs: Path, own: Own) -> Json:
        """The same from a learner's own documents and golden set. The search is held against plain full-text search there."""
        from ..world.own_inputs import write_own_inputs

        return write_own_inputs(own, seed, inputs)

    def judge(self, expected: Json, evidence: Path, ledger: Json) -> list[Finding]:
        case = Case(expected, evidence, ledger)
        steps: tuple[tuple[Criterion, Callable[[Case], Finding]], ...] = (
            (CONTRACT, contract),
            (PASSAGES, passages),
            (HIT_RATE, self.hit_rate),
            (MRR, self.mrr),
            (CITATIONS, self.citations),
            (CORRECT, self.correctness),
            (ABSTENTION, self.abstention),
            (FRESHNESS, self.freshness),
            (HONESTY, honesty),
            (WEB_APP, web_app),
            (GOLDEN_SET, golden_set),
            (FAILURES, failures),
        )
        return [judged(criterion, step, case) for criterion, step in steps]

    def gated(self, case: Case, criterion: Criterion, values: Sequence[float], what: str, example: str) -> Finding:
        """Full marks at the gate, none at the floor, linear in between; shows the figure with its bootstrap interval."""
        gates = self.gates | case.gates
        gate, floor = gates[criterion.id]["gate"], gates[criterion.id]["floor"]
        value = mean(values)
        low, high = bootstrap_interval(values)
        share = 1.0 if value >= gate else max(0.0, (value - floor) / (gate - floor)) * 0.99
        observed = f"{value:.2f} (95 % interval {low:.2f} to {high:.2f}, n = {len(values)})"
        if share < 1.0 and example:
            observed += f". For example: {example}"
        detail = {"value": round(value, 6), "low": low, "high": high, "n": len(values), "gate": gate, "floor": floor}
        return Finding.of(criterion, share, expected=f"{what} of at least {gate:.2f}", observed=observed, detail=detail)

    def hit_rate(self, case: Case) -> Finding:
        asked = case.asked("grading", answerable=True)
        found = {q.id: hit_at(case.ranks(q), 5) for q in asked}
        missed = next((q for q in asked if not found[q.id]), None)
        example = f"{missed.question!r} ({missed.slice}) should find a passage of {missed.sources[0][0]}" if missed else ""
        return self.gated(case, HIT_RATE, list(found.values()), "a hit rate@5", example)

    def mrr(self, case: Case) -> Finding:
        asked = case.asked("grading", answerable=True)
        values = {q.id: reciprocal_rank(case.ranks(q)) for q in asked}
        worst = min(asked, key=lambda q: values[q.id])
        example = f"{worst.question!r} has it at 1/rank = {values[worst.id]:.2f}"
        finding = self.gated(case, MRR, list(values.values()), "a mean reciprocal rank", example)
        ndcg, recall = (mean(row) for row in zip(*map(case.graded, asked), strict=True))
        observed = f"{finding.observed}. For comparison: nDCG@10 {ndcg:.3f}, recall@10 {recall:.3f}"
        return replace(finding, observed=observed, detail={**finding.detail, "ndcg_at_10": round(ndcg, 6), "recall_at_10": round(recall, 6)})

    def citations(self, case: Case) -> Finding:
        """Precision over all citations given for answerable questions; answering nothing is no evidence of precision."""
        good: list[float] = []
        example = ""
        for question in case.asked("grading", answered=True, answerable=True):
            given = case.answer(question)
            for citation in given.citations if given and given.answerable else []:
                text = case.documents.get(citation.document, "")
                right = citation.document in {document for document, _ in question.sources}
                good.append(float(right and supports(text, citation.quote)))
                if not good[-1] and not example:
                    reason = "does not answer it" if not right else "does not hold these words"
                    example = f"{question.question!r} cites {citation.document}, which {reason}: {shorten(citation.quote, 80)!r}"
        if not good:
            return Finding.missing(CITATIONS, Status.FAIL, "no answerable question was answered with a citation")
        return self.gated(case, CITATIONS, good, "a citation precision", example)

    def correctness(self, case: Case) -> Finding:
        asked = case.asked("grading", answered=True, answerable=True)
        right = {q.id: float(case.correct(q)) for q in asked}
        wrong = next((q for q in asked if not right[q.id]), None)
        example = ""
        if wrong:
            given = case.answer(wrong)
            said = repr(shorten(given.answer, 80)) if given and given.answerable else "nothing"
            example = f"{wrong.question!r} should say {wrong.answer!r}, and said {said}"
        return self.gated(case, CORRECT, list(right.values()), "a share of right answers", example)

    def abstention(self, case: Case) -> Finding:
        asked = case.asked("grading", answered=True)
        value = abstention_accuracy(case, asked)
        gate, floor = self.gates["abstention"]["gate"], self.gates["abstention"]["floor"]
        share = 1.0 if value >= gate else max(0.0, (value - floor) / (gate - floor)) * 0.99
        answers = [(q, case.answer(q)) for q in asked]
        spoke = sum(bool(a and a.answerable) for q, a in answers if not q.answerable)
        silent = sum(not (a and a.answerable) for q, a in answers if q.answerable)
        unanswerable = sum(not q.answerable for q in asked)
        observed = f"balanced accuracy {value:.2f}: answered {spoke} of {unanswerable} unanswerable questions, silent on {silent} of {len(asked) - unanswerable} answerable ones"
        detail = {"value": round(value, 6), "gate": gate, "floor": floor, "n": len(asked)}
        return Finding.of(ABSTENTION, share, expected=f"a balanced accuracy of at least {gate:.2f}", observed=observed, detail=detail)

    def freshness(self, case: Case) -> Finding:
        """Zero stale passages anywhere in revision 2's results, and the changed facts found again."""
        records = [r for (split, _, revision), r in case.retrievals.items() if split == "grading" and revision == 2]
        if not records:
            return Finding.missing(FRESHNESS, Status.ERROR, "nothing was handed in for revision 2", "results of the updated index")
        stale = [(p, span) for r in records for p in r.passages for span in case.stale.get(p.document, ()) if holds(p.text, span)]
        moved = [q for q in case.asked("grading", answerable=True) if q.changed and q.sources_next]
        found = [hit_at(case.ranks(q, 2), 10) for q in moved]
        gate = self.gates["freshness"]["gate"]
        fresh = mean(found) >= gate
        observed = f"{len(stale)} outdated passages; {sum(found):.0f} of {len(found)} changed facts found in the first ten"
        if stale:
            observed += f". For example: {stale[0][0].document} still says {shorten(stale[0][1])!r}"
        share = (0.5 if fresh else 0.0) + (0.5 if not stale else 0.0) if fresh else 0.0
        detail = {"stale": len(stale), "found": mean(found), "n": len(found), "gate": gate}
        return Finding.of(FRESHNESS, share, expected=f"no outdated passage, and at least {gate:.2f} of the changed facts", observed=observed, detail=detail)


def judged(criterion: Criterion, step: Callable[[Case], Finding], case: Case) -> Finding:
    """Run one criterion; an artefact that cannot be read costs the criteria that need it, and no others."""
    try:
        return step(case)
    except EvidenceError as error:
        return Finding.missing(criterion, error.status, str(error))


def contract(case: Case) -> Finding:
    """All expected records are there and valid, and the answers came from schema-constrained calls in the ledger."""
    wanted = {(q.split, q.id, 1) for q in case.questions.values()} | {(q.split, q.id, 2) for q in case.asked("grading")}
    absent = wanted - set(case.retrievals)
    unanswered = {(q.split, q.id) for q in case.questions.values() if q.answer_this} - set(case.answers)
    problems = []
    if absent:
        problems.append(f"no retrieval record for {len(absent)} questions (first: {min(absent)})")
    if unanswered:
        problems.append(f"no answer record for {len(unanswered)} questions (first: {min(unanswered)})")
    spoken = sum(a.answerable for a in case.answers.values())
    calls = sum(1 for call in case.ledger["calls"] if call["format"] and call["status"] == 200)
    if spoken > calls:
        problems.append(f"{spoken} answers, but only {calls} model calls with a JSON schema in the gateway's ledger")
    bare = sum(1 for a in case.answers.values() if a.answerable and not a.citations)
    if bare:
        problems.append(f"{bare} answers without a citation")
    expected = "a retrieval record per question and revision, an answer record per question to be answered, each answer from a schema-constrained model call and with a citation"
    return Finding.of(CONTRACT, 0.0 if problems else 1.0, expected=expected, observed="; ".join(problems) or f"{len(case.retrievals)} retrieval and {len(case.answers)} answer records, all valid")


def passages(case: Case) -> Finding:
    sizes = [(len(p.text), p.document) for r in case.retrievals.values() for p in r.passages]
    if not sizes:
        return Finding.missing(PASSAGES, Status.ERROR, "no passage was handed in")
    longest, where = max(sizes)
    over = sum(size > PASSAGE_CHARS for size, _ in sizes)
    observed = f"longest {longest:,} characters" + (f", in {where}; {over} of {len(sizes)} are over the limit" if over else "")
    return Finding.of(PASSAGES, 0.0 if over else 1.0, expected=f"every passage within {PASSAGE_CHARS:,} characters", observed=observed)


def honesty(case: Case) -> Finding:
    """The last reported scores against the same figures recomputed on the golden set, within half a point in a hundred."""
    reported = case.evidence.records("scores", Scores)
    if not reported:
        return Finding.missing(HONESTY, Status.ERROR, "no scores were handed in")
    golden, answered = case.asked("golden", answerable=True), case.asked("golden", answered=True)
    own = {
        "questions": len(golden),
        "hit_rate_at_5": mean([hit_at(case.ranks(q), 5) for q in golden]),
        "mrr": mean([reciprocal_rank(case.ranks(q)) for q in golden]),
        "answers": len(answered),
        "answer_accuracy": mean([float(case.correct(q)) for q in answered if q.answerable]),
        "abstention_accuracy": abstention_accuracy(case, answered),
    }
    said = reported[-1].model_dump()
    apart = [name for name, value in own.items() if abs(said[name] - value) > TOLERANCE[name]]
    wrong = [f"{name}: reported {said[name]:.3f}, recomputed {own[name]:.3f}" for name in apart]
    wrong += filter(None, [last_row(case)])
    observed = "; ".join(wrong) or "all six figures agree, and so does the last row of eval_history.csv on your own documents"
    return Finding.of(HONESTY, 0.0 if wrong else 1.0, expected="figures that agree with those recomputed from your results", observed=observed)
