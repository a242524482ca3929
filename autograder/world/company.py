"""The whole company of one seed: its documents and the questions about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from ..paths import datasets
from .catalogue import Catalogue, read_catalogue
from .documents import Document, DocumentTemplate, read_template, rendered
from .errors import NoCompany
from .fact import Fact, read_facts
from .facts import Facts
from .questions import Question, rendered_question
from .translations import Translations


@dataclass(frozen=True)
class Sources:
    """Everything hand-written, parsed once per state of the folder."""

    folder: Path
    facts: dict[tuple[str, str], Fact]
    templates: tuple[DocumentTemplate, ...]
    catalogues: tuple[DocumentTemplate, ...]


class Company:
    """Documents and questions of one seed and revision."""

    def __init__(self, sources: Sources, seed: int, revision: int = 1) -> None:
        self.seed = seed
        self.revision = revision
        self.sources = sources
        self.facts = Facts(sources.facts, seed, revision)

    @cached_property
    def _rendered(self) -> list[tuple[DocumentTemplate, Document]]:
        areas = self.facts.areas
        present = [one for one in self.sources.templates if self.revision in one.revisions]
        return [(one, rendered(one, areas, self.revision, number)) for one in present for number in range(len(one.variants))]

    @cached_property
    def _catalogues(self) -> list[tuple[Catalogue, Document]]:
        made = [Catalogue(template, self.facts.areas, self.seed, self.revision) for template in self.sources.catalogues]
        return [(catalogue, catalogue.document()) for catalogue in made]

    @cached_property
    def documents(self) -> list[Document]:
        """All documents, in order of path."""
        found = [document for _, document in (*self._rendered, *self._catalogues)]
        return sorted(found, key=lambda document: document.path)

    @cached_property
    def by_id(self) -> dict[str, list[Document]]:
        """This revision's documents by id, each with its variants; an empty list for those of the other revision only."""
        found: dict[str, list[Document]] = {template.id: [] for template in self.sources.templates}
        for document in self.documents:
            found.setdefault(document.id, []).append(document)
        return found

    @cached_property
    def questions(self) -> list[Question]:
        """All questions as written, in order of id; typo questions are derived from them (see `typos`)."""
        areas = self.facts.areas
        translations = Translations([template for template, _ in self._rendered], self.by_id)
        found: list[Question] = []
        for template, document in self._rendered:
            for index, data in enumerate(template.questions):
                question = rendered_question(template, index, document, areas, self.by_id)
                if question:
                    found.append(translations.added(question, data, template.variants[document.number]))
        for catalogue, document in self._catalogues:
            for index in range(len(catalogue.template.questions)):
                found.extend(catalogue.questions(index, document, self.by_id))
        return sorted(found, key=lambda question: question.id)


def home() -> Path:
    return datasets() / "company"


def draw(seed: int, revision: int = 1, folder: Path | None = None) -> Company:
    """The company of a seed. Revision 2 has a third of the facts drawn again, documents deleted, added and renamed."""
    return Company(read_sources(folder or home()), seed, revision)


def read_sources(folder: Path) -> Sources:
    paths = source_files(folder)
    return _read(folder, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths))


def source_files(folder: Path) -> list[Path]:
    """Every hand-written file that a company is drawn from."""
    if not (folder / "facts").is_dir() or not (folder / "documents").is_dir():
        raise NoCompany(folder)
    return sorted([*(folder / "facts").glob("*.yaml"), *(folder / "documents").glob("*/*.md"), *(folder / "catalogue").glob("*.yaml")])


@lru_cache(maxsize=4)
def _read(folder: Path, state: Sequence[tuple[Path, int, int]]) -> Sources:
    templates = tuple(read_template(folder, path) for path, _, _ in state if path.suffix == ".md")
    catalogues = tuple(read_catalogue(folder, path) for path, _, _ in state if path.parent.name == "catalogue")
    return Sources(folder, read_facts(folder), templates, catalogues)
