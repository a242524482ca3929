"""What plain full-text search reaches on a learner's own documents: the measure that their search is held against there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence

from ..matching.answers import holds
from ..metrics import hit_at, mean, reciprocal_rank

PASSAGE_CHARS = 700
DEPTH = 10
SHARE = 0.9
"""Of the baseline's figure that earns full marks. A correct hybrid search is seldom below its better arm by more than a twentieth."""
FLOOR = 0.4
LEAST = 0.2
Asked = tuple[str, Sequence[tuple[str, str]]]
"""A question and its sources, (document, quote); an empty quote means the whole document."""


def own_gates(documents: Mapping[str, str], questions: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """Gate and floor of hit rate@5 and MRR, from full-text search over passages of a few hundred characters."""
    if not questions:
        return {}
    passages = [(path, text) for path, whole in documents.items() for text in packed(whole)]
    ranks = full_text_ranks(passages, questions)
    figures = {"hit_rate": mean([hit_at(row, 5) for row in ranks]), "mrr": mean([reciprocal_rank(row, DEPTH) for row in ranks])}
    gates = {name: max(LEAST, SHARE * value) for name, value in figures.items()}
    return {name: {"gate": round(gate, 4), "floor": round(FLOOR * gate, 4)} for name, gate in gates.items()}


def full_text_ranks(passages: Sequence[tuple[str, str]], questions: Sequence[Asked]) -> list[list[bool]]:
    """Relevance by rank of LanceDB's full-text search, for each question."""
    import lancedb
    from lancedb.index import FTS
    from lancedb.query import MatchQuery

    with tempfile.TemporaryDirectory() as folder:
        table = lancedb.connect(folder).create_table("passages", [{"id": n, "words": f"{path}\n{text}"} for n, (path, text) in enumerate(passages)])
        table.create_index("words", config=FTS(), replace=True)
        found = []
        for question, sources in questions:
            query = MatchQuery(question, "words")  # type: ignore[call-arg]
            rows = table.search(query, query_type="fts").limit(DEPTH).to_list()
            found.append([relevant(passages[row["id"]], sources) for row in rows])
        return found


def relevant(passage: tuple[str, str], sources: Sequence[tuple[str, str]]) -> bool:
    path, text = passage
    return any(path == document and (not quote or holds(text, quote)) for document, quote in sources)


def packed(text: str) -> Iterator[str]:
    """Whole lines up to PASSAGE_CHARS; a longer line is cut after a sentence or between words."""
    held = ""
    for line in (piece for raw in text.splitlines() for piece in cut(raw.strip())):
        if held and len(held) + len(line) >= PASSAGE_CHARS:
            yield held
            held = ""
        held = f"{held}\n{line}".strip()
    if held:
        yield held


def cut(line: str) -> Iterator[str]:
    while len(line) > PASSAGE_CHARS:
        at = line.rfind(". ", 0, PASSAGE_CHARS) + 1 or line.rfind(" ", 0, PASSAGE_CHARS)
        at = at if at > 0 else PASSAGE_CHARS
        yield line[:at].rstrip()
        line = line[at:].lstrip()
    if line:
        yield line
