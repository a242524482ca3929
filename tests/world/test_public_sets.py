"""The reference's search through a learner's own folder reaches on public sets what others reach on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.contracts import Passage
from autograder.metrics import mean, reciprocal_rank
from autograder.rubrics.qa_case import Question, graded, relevant
from autograder.world.own_corpus import OwnQuestion, read_corpus, read_golden

from .public_sets import DATA, cranfield, reference_search, xquad

pytestmark = [pytest.mark.model, pytest.mark.slow, pytest.mark.skipif(not DATA.is_dir(), reason="the public sets are not on this machine")]
NEAR = 0.02
KNOWN = {"cranfield": (0.410, 0.446, 0.563), "xquad": (0.968, 0.997, 0.958)}
"""nDCG@10, recall@10 and MRR@10 of LanceDB's hybrid search with the same embedding over "title text"."""


def judged(question: OwnQuestion) -> Question:
    """Document-level judgements, as the judge of a graded run sees them."""
    sources = [{"document": source.document, "span": source.quote, "gain": source.gain} for source in question.sources]
    plain = {"id": question.id, "split": "grading", "slice": question.slice, "question": question.question, "answerable": question.answerable}
    return Question.of({**plain, "answer": "", "accept": [], "sources": sources, "sources_next": [], "changed": False, "answer_this": False})


@pytest.mark.parametrize(("name", "convert"), [("xquad", xquad), ("cranfield", cranfield)])
def test_the_reference_reaches_the_known_figures(name: str, convert: Callable[[Path], tuple[Path, Path]], tmp_path: Path) -> None:
    folder, file = convert(tmp_path / name)
    corpus = read_corpus(folder)
    questions = [judged(question) for question in read_golden(file, corpus).questions if question.answerable]
    search = reference_search(corpus.documents, tmp_path / "index")
    found = {q.id: [Passage(document=p.document, text=p.text) for p in search(q.question)] for q in questions}
    ndcg, recall = (mean(row) for row in zip(*(graded(found[q.id], q) for q in questions), strict=True))
    mrr = mean([reciprocal_rank(relevant(found[q.id], q.sources)) for q in questions])
    print(f"{name}: n {len(questions)}, nDCG@10 {ndcg:.3f}, R@10 {recall:.3f}, MRR@10 {mrr:.3f}")
    assert (ndcg, recall, mrr) == pytest.approx(KNOWN[name], abs=NEAR)
