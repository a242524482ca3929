"""A learner's own documents and golden set, read and checked before anything is graded on them."""

from __future__ import annotations

import difflib
import hashlib
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..evidence import loads
from ..matching.answers import holds, normal
from .disguise import letters
from .own_files import READERS, UnreadFile, read_file

SHOWN = 12  # problems that one error names
FEWEST = 50  # answerable questions below which an interval is too wide to compare two systems
TELLING = 25  # letters and digits from which on the same words in two documents are the same evidence
MOST_DOCUMENTS = 20_000
DEFAULT_SLICE = "own"
UNANSWERABLE = "unanswerable"


class OwnCorpusError(UsageError):
    """A folder or a golden set that cannot be graded on: one sentence per problem."""


@dataclass(frozen=True)
class Corpus:
    """`documents`: path inside the folder -> text. `unread`: path -> why it has none. `ignored`: how many files have another form."""

    folder: Path
    documents: Mapping[str, str]
    unread: Mapping[str, str]
    ignored: int = 0

    @property
    def paths(self) -> list[str]:
        """All files of a known form, also those without text: a learner's reader meets them too."""
        return sorted([*self.documents, *self.unread])

    @cached_property
    def squeezed(self) -> dict[str, str]:
        """The documents' letters and digits only."""
        return {path: letters(text) for path, text in self.documents.items()}

    @property
    def warnings(self) -> list[str]:
        found = [f"{path} has no text: {reason}." for path, reason in list(self.unread.items())[:SHOWN]]
        if len(self.unread) > SHOWN:
            found.append(f"{len(self.unread) - SHOWN} more files have no text.")
        if self.ignored:
            found.append(f"{self.ignored} files are of no form that is read ({', '.join(READERS)}).")
        return found


@dataclass(frozen=True)
class Source:
    """Where an answer stands. An empty quote means the whole document; `gain` is its relevance for nDCG."""

    document: str
    quote: str = ""
    gain: float = 1.0


@dataclass(frozen=True)
class OwnQuestion:
    """`answers` are the accepted forms. Without them it is asked of the search only; without sources too, it is unanswerable."""

    id: str
    line: int
    question: str
    answers: tuple[str, ...]
    sources: tuple[Source, ...]
    slice: str
    language: str

    @property
    def answerable(self) -> bool:
        return bool(self.sources)


@dataclass(frozen=True)
class Golden:
    file: Path
    questions: tuple[OwnQuestion, ...]
    warnings: tuple[str, ...] = ()


def read_corpus(folder: Path) -> Corpus:
    """Every file below `folder` whose form is known; hidden files and links are left out. Raises `OwnCorpusError`."""
    if not folder.exists():
        raise OwnCorpusError(f"There is no folder {folder}.", "Name the folder that holds your documents with --corpus.")
    if not folder.is_dir():
        raise OwnCorpusError(f"{folder} is a file.", "--corpus wants the folder that your documents are in.")
    documents, unread, ignored = {}, {}, 0
    for path in files_below(folder):
        name = path.relative_to(folder).as_posix()
        if path.suffix.lower() not in READERS:
            ignored += 1
            continue
        try:
            documents[name] = read_file(path)
        except UnreadFile as problem:
            unread[name] = str(problem)
    corpus = Corpus(folder, documents, unread, ignored)
    if len(corpus.paths) > MOST_DOCUMENTS:
        raise OwnCorpusError(f"{folder} holds {len(corpus.paths):,} documents; at most {MOST_DOCUMENTS:,} are taken.", "Choose a part of it.")
    if not documents:
        what = f"None of the {len(unread)} documents in {folder} has text ({listed(unread)})" if unread else f"{folder} holds no document"
        raise OwnCorpusError(f"{what}.", f"Put files with text into it: {', '.join(READERS)}.")
    return corpus


def files_below(folder: Path) -> Iterator[Path]:
    """Regular files in order of path. Raises `OwnCorpusError` for a folder that cannot be opened."""

    def refuse(error: OSError) -> None:
        raise OwnCorpusError(f"{error.filename} cannot be opened ({error.strerror}).", "Give yourself the right to read it.")

    for base, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(base) / name
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path


def listed(unread: Mapping[str, str]) -> str:
    return "; ".join(f"{path}: {reason}" for path, reason in list(unread.items())[:3])


def read_golden(file: Path, corpus: Corpus, *, allow_moved: float = 0.0) -> Golden:
    """The questions of a JSON Lines file, checked against the corpus.

    All problems are named in one `OwnCorpusError`. `allow_moved` is the share of questions that may be dropped because a quote is not
    found: for a corpus that changes a little between versions.
    """
    reader = GoldenReader(file, corpus)
    questions = [question for number, text in lines_of(file) if (question := reader.question(number, text))]
    moved = {line for line, _ in reader.moved}
    if len(moved) <= allow_moved * len(questions):
        questions = [question for question in questions if question.line not in moved]
        reader.warnings += [text for _, text in reader.moved]
    else:
        reader.problems += reader.moved
    if reader.problems:
        raise OwnCorpusError(told(file, sorted(reader.problems)), "Nothing was graded.")
    if not questions:
        raise OwnCorpusError(f"{file} holds no question.", 'One per line: {"id": …, "question": …, "answers": […], "citations": […]}.')
    return Golden(file, tuple(questions), (*reader.warnings, *few(questions)))


def lines_of(file: Path) -> list[tuple[int, str]]:
    """(line number, text) of all lines that are not blank. Raises `OwnCorpusError`."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise OwnCorpusError(f"There is no file {file}.", "Name your questions, one JSON object per line, with --golden.") from None
    except IsADirectoryError:
        raise OwnCorpusError(f"{file} is a folder.", "--golden wants the file with your questions.") from None
    except OSError as error:
        raise OwnCorpusError(f"{file} cannot be opened ({error.strerror or error}).", "Give yourself the right to read it.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise OwnCorpusError(f"{file}, line {line}: this is not UTF-8 text.", "Save the file as UTF-8.") from None
    return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def told(file: Path, problems: list[tuple[int, str]]) -> str:
    shown = [f"{file}, line {line}: {text}" for line, text in problems[:SHOWN]]
    more = [f"({len(problems) - SHOWN} more problems)"] if len(problems) > SHOWN else []
    return "\n".join([*shown, *more, ""])


class Wrong(Exception):
    """What is wrong with a line, and how to mend it."""


class GoldenReader:
    """Reads line by line and remembers the first thing that is wrong with each."""

    def __init__(self, file: Path, corpus: Corpus) -> None:
        self.file, self.corpus = file, corpus
        self.problems: list[tuple[int, str]] = []
        self.moved: list[tuple[int, str]] = []
        self.warnings: list[str] = []
        self._ids: dict[str, int] = {}
        self._asked: dict[str, int] = {}

    def question(self, line: int, text: str) -> OwnQuestion | None:
        try:
            data = parsed(text)
            name, asked = words(data, "id"), words(data, "question")
            self.once(line, name, asked)
            answers = accepted(data)
            sources = tuple(self.source(line, one) for one in cited(data))
            if answers and not sources:
                raise Wrong("it has answers and no citation. Say where they stand, or leave both empty for an unanswerable question.")
        except Wrong as problem:
            self.problems.append((line, str(problem)))
            return None
        kind = data.get("slice", DEFAULT_SLICE) if sources else UNANSWERABLE
        return OwnQuestion(name, line, asked, answers, sources, str(kind), str(data.get("language", "en")))

    def once(self, line: int, name: str, asked: str) -> None:
        if name in self._ids:
            raise Wrong(f"the id {name!r} stands in line {self._ids[name]} already. Give each question its own.")
        self._ids[name] = line
        if asked.casefold() in self._asked:
            self.warnings.append(f"{self.file.name}, line {line}: the same question stands in line {self._asked[asked.casefold()]}.")
        self._asked.setdefault(asked.casefold(), line)

    def source(self, line: int, data: Any) -> Source:
        if isinstance(data, str):
            data = {"document": data}
        if not isinstance(data, dict) or not isinstance(data.get("document"), str) or not isinstance(data.get("quote") or "", str):
            raise Wrong('a citation is {"document": path, "quote": words}; the quote may be left out.')
        gain = data.get("relevance", 1)
        if isinstance(gain, bool) or not isinstance(gain, int | float) or not 0 < gain <= 100:
            raise Wrong('the "relevance" of a citation is a number above 0, at most 100; leave it out for 1.')
        path, quote = data["document"].strip().removeprefix("./"), (data.get("quote") or "").strip()
        if path not in self.corpus.documents:
            raise Wrong(self.absent(path))
        if quote and not holds(self.corpus.documents[path], quote):
            self.moved.append((line, f"the quote {shortened(quote)!r} does not stand in {path}{self.elsewhere(quote)}. {advice(path, quote)}"))
        return Source(path, quote, float(gain))

    def absent(self, path: str) -> str:
        if path in self.corpus.unread:
            return f"{path} is cited, but {self.corpus.unread[path]}. Cite a document that can be read."
        close = difflib.get_close_matches(path, self.corpus.paths, 1, 0.6)
        hint = f"Did you mean {close[0]}?" if close else f"Give its path inside {self.corpus.folder}, with forward slashes."
        return f"there is no document {path}. {hint}"

    def elsewhere(self, quote: str) -> str:
        other = next((path for path, text in self.corpus.documents.items() if holds(text, quote)), "")
        return f", but in {other}" if other else ""


def parsed(text: str) -> dict[str, Any]:
    try:
        data = loads(text)
    except json.JSONDecodeError as error:
        raise Wrong(f"this is not JSON ({error.msg} at column {error.colno}). Each line is one whole object.") from None
    except (ValueError, RecursionError) as error:
        raise Wrong(f"this cannot be read: {error}. Each line is one whole object.") from None
    if not isinstance(data, dict):
        raise Wrong("this is no JSON object. Each line is one object in braces.")
    return data


def words(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise Wrong(f'"{key}" is {"missing" if key not in data else "no text"}. Give it a text that is not empty.')
    return value.strip()


def accepted(data: Mapping[str, Any]) -> tuple[str, ...]:
    value = data.get("answers", [])
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise Wrong('"answers" is no list of texts. Write the accepted forms, or [] if there is no answer.')
    blank = next((one for one in value if not normal(one)), None)
    if blank is not None:
        raise Wrong(f"the answer {blank!r} has no letter or digit, which an answer is compared by. Write it in words.")
    return tuple(value)


def cited(data: Mapping[str, Any]) -> list[Any]:
    value = data.get("citations")
    if not isinstance(value, list):
        state = "missing" if value is None else "no list"
        raise Wrong(f'"citations" is {state}. Write [{{"document": path, "quote": words}}], or [] if no document answers it.')
    return value


def shortened(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def advice(path: str, quote: str) -> str:
    if "…" in quote or "..." in quote:
        return "A passage must hold it as it is: leave nothing out, or cite two quotes."
    if path.endswith(".csv"):
        return 'A row is read as "column: value; column: value"; quote a part of that.'
    if path.endswith(".pdf"):
        return "Copy the words as the PDF shows them, not across the end of a page."
    return "Copy whole words as they stand there, one after the other."


def few(questions: Iterable[OwnQuestion]) -> list[str]:
    """A warning when the half that is graded says little."""
    graded = (sum(question.answerable for question in questions) + 1) // 2
    if graded >= FEWEST:
        return []
    wide = min(0.5, 1.96 * math.sqrt(0.25 / max(1, graded)))
    return [f"Only {graded} answerable questions are graded: the interval of a rate is up to ± {wide:.2f} wide. Write {2 * FEWEST} or more."]


def same_evidence(corpus: Corpus, source: Source) -> list[Source]:
    """The source itself first, then every other document that holds its words, if these are long enough to tell."""
    wanted = letters(source.quote)
    if len(wanted) < TELLING:
        return [source]
    others = [path for path, text in corpus.squeezed.items() if path != source.document and wanted in text]
    return [source, *(Source(path, source.quote, source.gain) for path in others)]


def fingerprint(corpus: Corpus, golden: Path) -> str:
    """A hash of all documents and questions."""
    digest = hashlib.sha256(golden.read_bytes())
    for path in corpus.paths:
        digest.update(path.encode() + b"\0" + hashlib.sha256((corpus.folder / path).read_bytes()).digest())
    return digest.hexdigest()[:16]
