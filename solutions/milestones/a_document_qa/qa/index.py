"""The index: vectors, text and metadata in one LanceDB table, searched by meaning and by words, and kept in step with the folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import lancedb
import numpy as np
import ollama
from lancedb.index import FTS
from lancedb.table import Table

from .documents import load_documents
from .passages import Chunk, chunk

EMBEDDER = "all-minilm"
TABLE = "passages"


@dataclass(frozen=True)
class Passage:
    document: str
    context: str
    text: str
    similarity: float  # cosine similarity to the question; nan when only full-text search found it


def embed(texts: list[str]) -> np.ndarray:
    """Unit vectors, shape (len(texts), 384), in batches of 32."""
    batches = [texts[i : i + 32] for i in range(0, len(texts), 32)]
    return np.array([vector for batch in batches for vector in ollama.embed(EMBEDDER, batch)["embeddings"]], dtype=np.float32)


def build_index(chunks: list[Chunk], folder: Path) -> Table:
    """Create the LanceDB table TABLE in `folder` (replacing any) with a full-text index, and return the open table.

    Columns: id, document, context, text, words (context and text, what full-text search reads), embedder, vector (float32, 384).
    """
    ### BEGIN SOLUTION
    database = lancedb.connect(folder)
    database.drop_table(TABLE, ignore_missing=True)
    table = database.create_table(TABLE, rows(chunks))
    table.create_index("words", config=FTS(), replace=True)
    return table


def rows(chunks: list[Chunk]) -> list[dict[str, object]]:
    words = [f"{piece.context}\n{piece.text}" for piece in chunks]
    vectors = embed(words)
    return [
        {"id": piece.id, "document": piece.document, "context": piece.context, "text": piece.text,
         "words": text, "embedder": EMBEDDER, "vector": vector}
        for piece, text, vector in zip(chunks, words, vectors, strict=True)
    ]
    ### END SOLUTION


def open_index(folder: Path) -> Table | None:
    """The table that `build_index` left in `folder`, or None when there is none that today's embedder can read."""
    database = lancedb.connect(folder)
    if TABLE not in database.list_tables().tables:
        return None
    table = database.open_table(TABLE)
    made_with = {row["embedder"] for row in table.search().select(["embedder"]).limit(1).to_list()}
    return table if made_with <= {EMBEDDER} else None


def search(table: Table, question: str, k: int = 10) -> list[Passage]:
    """The `k` best passages for `question`, best first, from vector and full-text search merged by reciprocal rank fusion.

    Each arm contributes its first 50 rows; fewer than `k` come back when there are fewer. `similarity` is the cosine, not LanceDB's
    distance. A question full of punctuation or quotes is no error.
    """
    ### BEGIN SOLUTION
    from lancedb.query import MatchQuery
    from lancedb.rerankers import RRFReranker

    found = (
        table.search(query_type="hybrid", vector_column_name="vector")
        .vector(embed([question])[0])
        .text(MatchQuery(question, "words"))
        .distance_type("cosine")
        .rerank(RRFReranker(return_score="all"))
        .limit(50)
        .to_list()
    )
    return [
        Passage(row["document"], row["context"], row["text"], float("nan") if row["_distance"] is None else 1 - row["_distance"])
        for row in found[:k]
    ]
    ### END SOLUTION


def update_index(table: Table, folder: Path) -> Table:
    """Bring the index in step with the documents now in `folder` and return the open table.

    Afterwards the table holds exactly the chunks of the new revision: nothing of deleted, renamed or changed text is left.
    Only chunks whose text is new are embedded again, and full-text search finds them too.
    """
    ### BEGIN SOLUTION
    wanted = {piece.id: piece for document in load_documents(folder) for piece in chunk(document)}
    present = {row["id"] for row in table.search().select(["id"]).limit(table.count_rows()).to_list()}
    gone = sorted(present - set(wanted))
    for start in range(0, len(gone), 200):
        names = ", ".join(f"'{name}'" for name in gone[start : start + 200])
        table.delete(f"id IN ({names})")
    fresh = [piece for name, piece in wanted.items() if name not in present]
    if fresh:
        table.add(rows(fresh))
    table.create_index("words", config=FTS(), replace=True)
    print(f"{len(gone)} chunks deleted, {len(fresh)} embedded, {len(wanted) - len(fresh)} kept")
    return table
    ### END SOLUTION
