"""What there is: counts of documents, words and questions, for the datasheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ..matching.answers import length
from .company import Company
from .draws import pools
from .questions import Question
from .typos import LANGUAGES


def statistics(company: Company, later: Company, other: Company) -> str:
    """Markdown about one company, its second revision and a company of another seed."""
    documents, questions = company.documents, company.questions
    words = sorted(length(document.plain) for document in documents if document.form != ".csv")
    before, after = ({document.path: document.text for document in one.documents} for one in (company, later))
    kept = before.keys() & after.keys()
    facts = Counter(fact.kind for fact in company.sources.facts.values())
    lines = [
        f"- {len(company.sources.templates)} templates, {sum(facts.values()):,} facts ({listed(facts)})",
        f"- {len(documents)} documents, {sum(words):,} words (shortest {words[0]}, median {words[len(words) // 2]}, longest {words[-1]:,}), "
        f"and {sum(document.text.count(chr(10)) for document in documents if document.form == '.csv')} lines of CSV",
        f"- by form: {listed(Counter(document.form for document in documents))}; without a text layer or encrypted: {sum(d.hidden for d in documents)}",
        f"- by language: {listed(Counter(document.language for document in documents))}",
        f"- by area: {listed(Counter(document.area for document in documents))}",
        f"- second revision: {len(before.keys() - kept)} documents gone or renamed, {len(after.keys() - kept)} new, "
        f"{sum(before[path] != after[path] for path in kept)} changed, {sum(before[path] == after[path] for path in kept)} the same",
        f"- {len(questions):,} questions in {sum(len(question.wordings) for question in questions):,} wordings; "
        f"by language: {listed(Counter(question.language for question in questions))}",
        f"- {share_alike(company, other):.1%} of the answers are the same for another seed; {sum(q.fixed for q in questions)} are declared as fixed",
        "",
        "| slice | questions | may be drawn |",
        "|---|---|---|",
    ]
    drawable = Counter({name: len(row) for name, row in pools([q for q in questions if not q.hidden], company.seed).items()})
    slices = Counter(question.slice for question in questions)
    lines += [f"| {name} | {slices[name] or '-'} | {drawable[name]} |" for name in sorted(drawable)]
    lines.append(f"\n(Typo questions are made from plain and numeric ones in {', '.join(LANGUAGES)}.)")
    return "\n".join(lines)


def listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def share_alike(company: Company, other: Company) -> float:
    """Of the answerable questions that both companies are asked, the share with the same answer."""
    answers = [answers_of(one.questions) for one in (company, other)]
    both = answers[0].keys() & answers[1].keys()
    return sum(answers[0][name] == answers[1][name] for name in both) / len(both) if both else 0.0


def answers_of(questions: Iterable[Question]) -> dict[str, str]:
    return {question.id: question.answer for question in questions if question.answerable}
