"""What a question-answering milestone is given when a learner grades it on documents of their own: the shape of a drawn company's."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from .chance import Chance
from .draws import GOLDEN_ANSWERED, GRADING_ANSWERED, Asked, blind_id, to_answer
from .inputs import TELLING, blind, places, public, write_lines
from .markdown import SENTENCE_END
from .own_baseline import own_gates
from .own_corpus import Corpus, Golden, OwnCorpusError, OwnQuestion, fingerprint, read_corpus, read_golden, same_evidence
from .python_corpus import MOVED
from .python_corpus import golden as python_golden
from .questions import Question, Span
from .ui_inputs import write_ui_inputs

Json = Any
DELETED = 2
FEWEST_DOCUMENTS = DELETED + 2
MOST = 300  # questions of a half; more would take long and tell little


@dataclass(frozen=True)
class Own:
    """A folder of documents with its golden set, both checked."""

    corpus: Corpus
    golden: Golden

    @classmethod
    def read(cls, folder: Path, file: Path) -> Own:
        """Raises `OwnCorpusError`."""
        corpus = read_corpus(folder)
        ours = file.resolve() == python_golden().resolve()
        own = cls(corpus, read_golden(file, corpus, allow_moved=MOVED if ours else 0.0))
        if len(corpus.documents) < FEWEST_DOCUMENTS:
            raise OwnCorpusError(
                f"{folder} holds {len(corpus.documents)} documents with text.",
                f"{FEWEST_DOCUMENTS} are the fewest: {DELETED} are deleted and one is renamed to see whether the index forgets.",
            )
        if sum(bool(question.answers) for question in own.golden.questions) < 2:
            raise OwnCorpusError(f"{file} has fewer than two questions with answers.", "One is shown and one is graded; write at least two.")
        return own

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.corpus, self.golden.file)

    @property
    def warnings(self) -> list[str]:
        return [*self.corpus.warnings, *self.golden.warnings]


def write_own_inputs(own: Own, seed: int, folder: Path) -> Json:
    """Write corpus/, corpus_next/, golden.jsonl, questions.jsonl and ui/ into `folder`; return what only the judge may see."""
    golden, grading = halves(own, seed)
    later = revised(own.corpus, grading, seed)
    copy(own.corpus, {path: path for path in own.corpus.paths}, folder / "corpus")
    copy(own.corpus, later, folder / "corpus_next")
    write_lines(folder / "golden.jsonl", (public(one) for one in golden))
    write_lines(folder / "questions.jsonl", (blind(one) for one in grading))
    questions = {question.id: question for question in own.golden.questions}
    answerable = [(one.text, sources_of(own.corpus, questions[one.question.id])) for one in grading if one.question.answerable]
    expected = {
        "questions": [judged(one, questions[one.question.id], own.corpus, later) for one in (*golden, *grading)],
        "stale": {path: sentences(own.corpus.documents[path]) for path in own.corpus.documents if later.get(path) != path},
        "documents": dict(own.corpus.documents),
        "gates": own_gates(own.corpus.documents, [(text, [(s["document"], s["span"]) for s in sources]) for text, sources in answerable]),
    }
    return {**expected, "ui": write_ui_inputs(expected, seed, folder)}


def halves(own: Own, seed: int) -> tuple[list[Asked], list[Asked]]:
    """The public half and the one that is graded: every kind of question in turn, so that both have as many of each."""
    kinds: dict[tuple[bool, bool, str], list[OwnQuestion]] = defaultdict(list)
    for question in Chance(seed, "own", "halves").shuffled(own.golden.questions):
        kinds[not question.answers, not question.answerable, question.slice].append(question)
    order = [question for kind in sorted(kinds) for question in kinds[kind]]
    splits = (("grading", order[::2], GRADING_ANSWERED), ("golden", order[1::2], GOLDEN_ANSWERED))
    grading, golden = (asked(own, chosen, split, answered, seed) for split, chosen, answered in splits)
    return golden, grading


def asked(own: Own, questions: Sequence[OwnQuestion], split: str, answered: int, seed: int) -> list[Asked]:
    """Up to MOST of the questions, in drawn order; those of the search only are never answered end to end."""
    chosen = Chance(seed, "own", split).shuffled(thinned(questions))
    rows = [Asked(blind_id(seed, split, one.id), split, drawn(one, own.corpus), 0, one.question) for one in chosen]
    answering = to_answer([row for row in rows if row.question.accept or not row.question.answerable], answered)
    return [replace(row, answer_this=row.id in answering) for row in rows]


def thinned(questions: Sequence[OwnQuestion]) -> list[OwnQuestion]:
    """At most MOST, evenly over their order."""
    step = max(1.0, len(questions) / MOST)
    return [questions[int(number * step)] for number in range(min(MOST, len(questions)))]


def drawn(question: OwnQuestion, corpus: Corpus) -> Question:
    """The question as the company's would be."""
    spans = tuple(Span((source["document"], 0), "", source["document"], source["span"]) for source in sources_of(corpus, question))
    answer = question.answers[0] if question.answers else ""
    return Question(question.id, "own", question.slice, question.language, (question.question,), answer, question.answers, spans, "", question.line)


def sources_of(corpus: Corpus, question: OwnQuestion) -> list[dict[str, Any]]:
    """Each citation and its copies in other documents; `need` says which citation it is, `gain` its relevance."""
    found = [(number, source) for number, cited in enumerate(question.sources) for source in same_evidence(corpus, cited)]
    return [{"document": source.document, "span": source.quote, "need": number, "gain": source.gain} for number, source in found]


def judged(one: Asked, question: OwnQuestion, corpus: Corpus, later: Mapping[str, str]) -> dict[str, Any]:
    """The question with where it is answered in either revision."""
    sources = sources_of(corpus, question)
    after = [{**source, "document": later[source["document"]]} for source in sources if source["document"] in later]
    changed = where(sources) != where(after)
    return {**public(one), "split": one.split, "sources": sources, "sources_next": after, "changed": changed}


def where(sources: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    return places(Span((source["document"], 0), "", source["document"], source["span"]) for source in sources)


def revised(corpus: Corpus, grading: Sequence[Asked], seed: int) -> dict[str, str]:
    """Path -> path in the second revision. The document that most graded questions cite has another name; two others are gone,
    cited ones if there are any."""
    chance = Chance(seed, "own", "revision")
    cited = Counter(path for one in grading for path in {span.path for span in one.question.spans})
    order = chance.shuffled(sorted(corpus.documents))
    order.sort(key=lambda path: -cited[path])
    renamed, rest = order[0], order[1:]
    among = [path for path in rest if cited[path]]
    gone = set(chance.sample(among if len(among) >= DELETED else rest, DELETED))
    return {path: new_name(path, corpus) if path == renamed else path for path in corpus.paths if path not in gone}


def new_name(path: str, corpus: Corpus) -> str:
    stem, dot, suffix = path.rpartition(".")
    name = f"{stem}-renamed{dot}{suffix}"
    return name if name not in corpus.paths else new_name(name, corpus)


def copy(corpus: Corpus, names: Mapping[str, str], folder: Path) -> None:
    for path, name in names.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(corpus.folder / path, target)


def sentences(text: str) -> list[str]:
    """The sentences that are long enough to be recognised again."""
    pieces = (piece.strip() for line in text.splitlines() for piece in SENTENCE_END.split(line) if piece)
    return [piece for piece in dict.fromkeys(pieces) if sum(map(str.isalnum, piece)) >= TELLING]
