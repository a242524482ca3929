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
    # YOUR CODE HERE
    raise NotImplementedError("qa/index.py: write build_index")


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
    # YOUR CODE HERE
    raise NotImplementedError("qa/index.py: write search")


def update_index(table: Table, folder: Path) -> Table:
    """Bring the index in step with the documents now in `folder` and return the open table.

    Afterwards the table holds exactly the chunks of the new revision: nothing of deleted, renamed or changed text is left.
    Only chunks whose text is new are embedded again, and full-text search finds them too.
    """
    # YOUR CODE HERE
    raise NotImplementedError("qa/index.py: write update_index")
