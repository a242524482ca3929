"""How hard the company is to search: full-text, vectors and both, by slice, over several seeds."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..matching.answers import holds
from ..metrics import bootstrap_interval, hit_at, mean, ndcg_at, reciprocal_rank
from .company import Company, draw
from .documents import Document
from .draws import ANSWERABLE, Asked, draws
from .markdown import blocks, plain_runs
from .questions import Question

CHUNK_CHARS = 700
ARM = 50  # results that each search contributes to the fusion
RRF = 60
DEPTH = 10
SEARCHES = ("full text", "vectors", "hybrid")
MEASURES = ("hit rate@5", "MRR", "nDCG@10")
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Chunk:
    document: str
    context: str
    text: str

    @property
    def words(self) -> str:
        return f"{self.context}\n{self.text}"


def lines_of(document: Document) -> list[str]:
    """What the reference's readers make of a file: headings are marked in Markdown and HTML; a PDF has none."""
    if document.form in (".csv", ".pdf"):
        return document.plain.splitlines()
    if document.form == ".md":
        return document.text.splitlines()
    marked = [("#" * block.level + " " + plain_runs(block.runs),) if block.kind == "heading" else block.lines for block in blocks(document.text)]
    return [line for lines in marked for line in lines]


def chunks(document: Document) -> list[Chunk]:
    """Whole lines packed up to CHUNK_CHARS; a heading starts a chunk; a short last line, or a table's head row, is repeated in the next."""
    found: list[Chunk] = []
    heading, held, head = "", list[str](), ""

    def close() -> None:
        if text := "\n".join(held).strip():
            found.append(Chunk(document.path, " > ".join(dict.fromkeys(filter(None, [document.title, heading]))), text))

    for line in (piece for raw in lines_of(document) for piece in pieces(raw.strip())):
        head = (head or line) if " | " in line else ""
        if line.startswith("#"):
            close()
            heading, held = line.lstrip("# "), []
            continue
        if len("\n".join([*held, line])) > CHUNK_CHARS:
            close()
            carried = head if head and head != line else held[-1]
            held = [carried] if len(carried) <= CHUNK_CHARS // 4 and len(carried) + len(line) < CHUNK_CHARS else []
        held.append(line)
    close()
    return found


def pieces(line: str) -> list[str]:
    if len(line) <= CHUNK_CHARS:
        return [line]
    cut = line.rfind(". ", 0, CHUNK_CHARS) + 1 or max(line.rfind(" ", 0, CHUNK_CHARS), 0) or CHUNK_CHARS
    return [line[:cut].rstrip(), *pieces(line[cut:].lstrip())]


def embed(texts: Sequence[str]) -> Vectors:
    """Unit vectors of MiniLM, from the gateway's cache where they are known."""
    from ..gateway import catalog
    from ..gateway.embedder import shared

    model = next(model for model in catalog.models() if model.kind == "embed")
    return np.asarray(shared(model.digest).embed(texts).vectors, dtype=np.float32)


class Index:
    """One company's readable documents, cut and indexed in a throw-away LanceDB table."""

    def __init__(self, company: Company, folder: str) -> None:
        import lancedb
        from lancedb.index import FTS

        self.chunks = [chunk for document in company.documents if not document.hidden for chunk in chunks(document)]
        self.vectors = embed([chunk.words for chunk in self.chunks])
        rows = [{"id": number, "words": chunk.words} for number, chunk in enumerate(self.chunks)]
        self._table = lancedb.connect(folder).create_table("passages", rows)
        self._table.create_index("words", config=FTS())

    def full_text(self, question: str) -> list[int]:
        from lancedb.query import MatchQuery

        query = MatchQuery(question, "words")  # type: ignore[call-arg]
        found = self._table.search(query, query_type="fts").limit(ARM).to_list()
        return [row["id"] for row in found]

    def nearest(self, vector: Vectors) -> list[int]:
        return [int(number) for number in np.argsort(-(self.vectors @ vector), kind="stable")[:ARM]]


def fused(*rankings: Sequence[int]) -> list[int]:
    """Reciprocal rank fusion."""
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, number in enumerate(ranking, start=1):
            scores[number] += 1 / (RRF + rank)
    return sorted(scores, key=lambda number: (-scores[number], number))


def chosen(company: Company) -> list[Asked]:
    """What a learner is asked and has an answer: the public draw and the one for grading."""
    return [one for drawn in draws(company.questions, company.seed) for one in drawn if one.question.answerable]


Scores = dict[tuple[str, str, str], list[float]]  # (slice, search, measure) -> one value per question


def measure(company: Company, scores: Scores) -> int:
    """Adds one company's scores; returns the number of its chunks."""
    with tempfile.TemporaryDirectory() as folder:
        index = Index(company, folder)
        questions = chosen(company)
        for one, vector in zip(questions, embed([one.text for one in questions]), strict=True):
            met = [{span.need for span in one.question.spans if chunk.document == span.path and holds(chunk.text, span.text)} for chunk in index.chunks]
            words, near = index.full_text(one.text), index.nearest(vector)
            for search, ranking in zip(SEARCHES, (words, near, fused(words, near)), strict=True):
                hits = [bool(met[number]) for number in ranking[:DEPTH]]
                values = (hit_at(hits, 5), reciprocal_rank(hits, DEPTH), gained([met[number] for number in ranking], one.question))
                for name, value in zip(MEASURES, values, strict=True):
                    for part in (one.question.slice, "all"):
                        scores[part, search, name].append(value)
        return len(index.chunks)


def gained(met: Sequence[set[int]], question: Question) -> float:
    """nDCG@10 of a ranking, by what its chunks meet: one counts for the needs that none above it has met, since a page, its translation
    and the overlap of two chunks say the same."""
    left = {span.need for span in question.spans}
    ideal, row = [1.0] * len(left), []
    for needs in met[:DEPTH]:
        row.append(float(len(needs & left)))
        left -= needs
    return min(1.0, ndcg_at(row, ideal, DEPTH))


def difficulty(seeds: Iterable[int], folder: Path, told: Callable[[str], None]) -> str:
    """The tables for datasets/README.md: mean and 95 % bootstrap interval per slice, search and measure."""
    scores: Scores = defaultdict(list)
    sizes = []
    for seed in seeds:
        sizes.append(measure(draw(seed, folder=folder), scores))
        told(f"seed {seed}: {sizes[-1]:,} chunks")
    parts = [name for name in (*ANSWERABLE, "all") if (name, SEARCHES[0], MEASURES[0]) in scores]
    lines = [f"{len(sizes)} seeds, {min(sizes):,} to {max(sizes):,} chunks of at most {CHUNK_CHARS} characters."]
    for name in MEASURES:
        lines += ["", f"| {name} | n | {' | '.join(SEARCHES)} |", "|---|---|---|---|---|"]
        for part in parts:
            cells = [shown(scores[part, search, name]) for search in SEARCHES]
            lines.append(f"| {part.replace('_', ' ')} | {len(scores[part, SEARCHES[0], name])} | {' | '.join(cells)} |")
    return "\n".join(lines)


def shown(values: Sequence[float]) -> str:
    low, high = bootstrap_interval(values)
    return f"{mean(values):.2f} ({low:.2f} to {high:.2f})"
