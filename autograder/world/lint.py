"""Checks everything that `datasets/company/WRITING.md` promises, over several seeds, and names the file and the line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from .catalogue import Catalogue, read_catalogue
from .company import source_files
from .documents import Document, DocumentTemplate, read_template, rendered
from .errors import CompanyError
from .fact import Fact, facts_of, loose_ends
from .facts import Facts
from .lint_attacks import attack_problems
from .lint_documents import document_problems, relation_problems
from .lint_questions import answer_problems, far_problems, question_problems, wording_problems
from .lint_tickets import ticket_problems
from .problem import Problem
from .questions import Question, rendered_question

Result = TypeVar("Result")
SEEDS = (1, 2, 3, 4, 5)
SEEDS_NEXT = (1, 2)


@dataclass
class Drawing:
    """One seed and revision with whatever could be rendered of it."""

    seed: int
    revision: int
    facts: Facts
    documents: dict[tuple[str, int], Document]
    questions: list[tuple[Question, DocumentTemplate, int]]


def lint(folder: Path, area: str = "", far: int = 0) -> list[Problem]:
    """All problems of the company in `folder`, or those in one area's files, in order of file and line; each once.
    With `far`, also the wordings that share fewer than so many content words with their passages."""
    found: dict[tuple[str, int, str], Problem] = {}
    tickets = ticket_problems(folder) if area in ("", "tickets") else ()
    attacks = attack_problems(folder) if area in ("", "attacks") else ()
    for problem in chain(Linting(folder, far).problems(), tickets, attacks):
        if not area or belongs(problem.file, area):
            found.setdefault((problem.file, problem.line, problem.check), problem)
    return [found[key] for key in sorted(found)]


def belongs(file: str, area: str) -> bool:
    return file == f"facts/{area}.yaml" or file.startswith((f"documents/{area}/", f"{area}/"))


class Linting:
    def __init__(self, folder: Path, far: int = 0) -> None:
        self.folder = folder
        self.far = far
        self.facts: dict[tuple[str, str], Fact] = {}
        self.templates: list[DocumentTemplate] = []
        self.catalogues: list[DocumentTemplate] = []

    def problems(self) -> Iterator[Problem]:
        yield from self.read()
        yield from relation_problems(self.templates)
        drawings = []
        for seed, revision in [*((seed, 1) for seed in SEEDS), *((seed, 2) for seed in SEEDS_NEXT)]:
            drawing = Drawing(seed, revision, Facts(self.facts, seed, revision), {}, [])
            yield from self.draw(drawing)
            yield from self.look(drawing)
            drawings.append(drawing)
        first = [drawing for drawing in drawings if drawing.revision == 1]
        yield from answer_problems([[question for question, _, _ in drawing.questions] for drawing in first])

    def read(self) -> Iterator[Problem]:
        """Everything that can be parsed; a problem for what cannot."""
        seen: dict[str, str] = {}
        for path in source_files(self.folder):
            if path.suffix == ".yaml" and path.parent.name == "facts":
                for fact in facts_of(self.folder, path):
                    if isinstance(fact, CompanyError):
                        yield Problem.of(fact)
                    else:
                        self.facts[fact.key] = fact
                continue
            read, kept = (read_template, self.templates) if path.suffix == ".md" else (read_catalogue, self.catalogues)
            template, problems = attempt(read, self.folder, path)
            yield from problems
            if template:
                if template.id in seen:
                    yield Problem(template.file, 1, f"{seen[template.id]} has the same file name, which is a document's id.")
                    continue
                seen[template.id] = template.file
                kept.append(template)
        for loose in loose_ends(self.facts):
            yield Problem.of(loose)

    def draw(self, drawing: Drawing) -> Iterator[Problem]:
        for key in sorted(self.facts):
            yield from attempt(drawing.facts.value, *key)[1]
        present = [one for one in self.templates if drawing.revision in one.revisions]
        for template in present:
            for number in range(len(template.variants)):
                document, problems = attempt(rendered, template, drawing.facts.areas, drawing.revision, number)
                yield from problems
                if document:
                    drawing.documents[document.key] = document
        by_id: dict[str, list[Document]] = {template.id: [] for template in self.templates}
        catalogues = [Catalogue(template, drawing.facts.areas, drawing.seed, drawing.revision) for template in self.catalogues]
        for catalogue in catalogues:
            document, problems = attempt(catalogue.document)
            yield from problems
            if document:
                drawing.documents[document.key] = document
        for document in drawing.documents.values():
            by_id.setdefault(document.id, []).append(document)
        for template in present:
            for document in by_id[template.id]:
                for index in range(len(template.questions)):
                    question, problems = attempt(rendered_question, template, index, document, drawing.facts.areas, by_id)
                    yield from problems
                    if question:
                        drawing.questions.append((question, template, index))
        for catalogue in catalogues:
            for document in by_id.get(catalogue.template.id, []):
                for index in range(len(catalogue.template.questions)):
                    questions, problems = attempt(catalogue.questions, index, document, by_id)
                    yield from problems
                    drawing.questions.extend((question, catalogue.template, index) for question in questions or [])

    def look(self, drawing: Drawing) -> Iterator[Problem]:
        templates = {template.id: template for template in (*self.templates, *self.catalogues)}
        paths: dict[str, str] = {}
        for document in drawing.documents.values():
            template = templates[document.id]
            if document.path in paths:
                yield Problem.of(template.error(f"{document.path} is also the path of {paths[document.path]}.", "", "path"))
            paths[document.path] = template.file
            if document.form != ".csv":
                yield from document_problems(document, template)
        names = proper_names(drawing.facts, self.facts)
        siblings = defaultdict(list)
        for question, _, _ in drawing.questions:
            for span in question.spans:
                siblings[span.document].append((span.name, question))
        for question, template, index in drawing.questions:
            yield from question_problems(question, template, index, drawing.documents, siblings, names)
            if self.far and drawing.seed == SEEDS[0] and drawing.revision == 1:
                yield from far_problems(question, template, index, drawing.documents, self.far)
        yield from wording_problems([question for question, _, _ in drawing.questions])


def proper_names(facts: Facts, known: Mapping[tuple[str, str], Fact]) -> frozenset[str]:
    """Words of names that a question cannot avoid: the company's, its products' and people's."""
    found: set[str] = set()
    for key, fact in known.items():
        if fact.area == "company" or fact.kind == "person":
            value, _ = attempt(facts.value, *key)
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str):
                    found.update(word.casefold() for word in text.split() if word[:1].isupper())
    return frozenset(found)


def attempt(step: Callable[..., Result], *arguments: Any) -> tuple[Result | None, list[Problem]]:
    try:
        return step(*arguments), []
    except CompanyError as error:
        return None, [Problem.of(error)]
