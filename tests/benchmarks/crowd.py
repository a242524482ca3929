"""A hundred thousand passages for the index benchmark: the seeded company under many seeds, and the Python reference.

Texts are real ones. Vectors are the model's where the cache holds them. Any other passage of a company gets a draw from the normal
distribution that the vectors of the same passage have in the seeds that are known (its mean and covariance, scaled to length one), so that
near passages are about as near as they would be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autograder.gateway import catalog
from autograder.gateway.embedder import Embedder, shared
from autograder.world.company import Company, draw
from autograder.world.difficulty import chunks
from autograder.world.documents import Document
from autograder.world.draws import draws
from autograder.world.python_corpus import python_documents

KNOWN = range(1, 11)
"""Seeds whose passages are embedded, if they are not in the cache."""
FEWEST = 3
Vectors = NDArray[np.float32]
Place = tuple[str, int, int]
"""A passage whatever the seed: id and variant of its document, and its number there."""


@dataclass(frozen=True)
class Passage:
    company: int  # its seed; 0 for the Python reference
    document: str
    department: str
    language: str
    form: str
    text: str
    place: Place
    vector: Vectors | None = None

    @property
    def row(self) -> dict[str, object]:
        names = ("company", "document", "department", "language", "form", "text", "vector")
        return {name: getattr(self, name) for name in names}


def embedder() -> Embedder:
    return shared(next(model for model in catalog.models() if model.kind == "embed").digest)


def of_document(seed: int, document: Document) -> list[Passage]:
    path = f"{seed}/{document.path}"
    common = (document.department, document.language, document.form)
    return [Passage(seed, path, *common, chunk.words, (*document.key, number)) for number, chunk in enumerate(chunks(document))]


def of_company(seed: int, revision: int = 1) -> list[Passage]:
    company = draw(seed, revision)
    return [passage for document in company.documents if not document.hidden for passage in of_document(seed, document)]


def of_python() -> list[Passage]:
    found = []
    for name, text in python_documents().items():
        page = Document(name, 0, "python", "python", "en", name, name.removesuffix(".md"), text, {})
        found += of_document(0, page)
    return found


class Vectorer:
    """Gives passages their vectors; counts those that the model computed."""

    def __init__(self, seed: int = 0) -> None:
        self._chance = np.random.default_rng(seed)
        self._known: dict[Place, list[Vectors]] = defaultdict(list)
        self.real = self.drawn = 0

    def learn(self, passages: Sequence[Passage]) -> list[Passage]:
        """With the model's vectors, computed where they are not cached; they also serve as what others are drawn from."""
        vectors = np.asarray(embedder().embed([one.text for one in passages]).vectors, dtype=np.float32)
        for one, vector in zip(passages, vectors, strict=True):
            self._known[one.place].append(vector)
        self.real += len(passages)
        return [replace(one, vector=vector) for one, vector in zip(passages, vectors, strict=True)]

    def give(self, passages: Sequence[Passage]) -> list[Passage]:
        """With vectors, from the cache or drawn; a passage that the known seeds have not is left out."""
        cached = embedder().cache.get([one.text for one in passages])
        found = []
        for one in passages:
            known = cached.get(one.text)
            if known is not None:
                found.append(replace(one, vector=np.array(known.vector)))
                self.real += 1
            elif len(self._known[one.place]) >= FEWEST:
                found.append(replace(one, vector=self._like(np.stack(self._known[one.place]))))
                self.drawn += 1
        return found

    def _like(self, known: Vectors) -> Vectors:
        mean = known.mean(axis=0)
        weights = self._chance.standard_normal(len(known)).astype(np.float32) / np.sqrt(len(known) - 1)
        vector = mean + weights @ (known - mean)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def crowd(count: int, vectors: Vectorer) -> Iterator[list[Passage]]:
    """Batches of passages, `count` in all: the reference, the known seeds, and further seeds until there are enough."""
    left = count
    seed = 0
    while left:
        batch = vectors.learn(of_python()) if seed == 0 else vectors.learn(of_company(seed)) if seed in KNOWN else vectors.give(of_company(seed))
        batch, seed = batch[:left], seed + 1
        left -= len(batch)
        yield batch


def questions(seeds: Sequence[int]) -> tuple[list[str], Vectors]:
    """What learners are asked about these seeds, with the model's vectors."""
    asked = [one.text for seed in seeds for drawn in draws(draw(seed).questions, seed) for one in drawn]
    return asked, np.asarray(embedder().embed(asked).vectors, dtype=np.float32)


def anew(company: Company, path: str, seed: int) -> list[Passage]:
    """What a document says in its next version: the passages of the same page in another company, under the old path."""
    document = next(one for one in company.documents if one.path == path)
    return [replace(one, document=f"{seed}/{path}", company=seed) for one in of_document(seed, document)]
