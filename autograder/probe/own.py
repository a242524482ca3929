"""A learner's own domain: documents/, golden.jsonl, README.md and eval_history.csv beside the milestone's notebook.

Nothing here raises for what a learner wrote: a line that cannot be read is handed in as such, so that the rest is still judged.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from ..matching.mentions import named

MOST_QUESTIONS, MOST_ANSWERED, MOST_ROWS = 500, 6, 200
MOST_DOCUMENTS, DOCUMENT_CHARS, README_CHARS, CELL_CHARS = 1_000, 1_000_000, 100_000, 200
COLUMNS = ("when", "corpus", "model", "chunk_chars", "questions", "hit_rate_at_5", "mrr", "answers", "answer_accuracy", "abstention_accuracy")
PLACEHOLDER = "README.md"
"""What the released folder documents/ holds."""


class Read(Protocol):
    """A document as a learner's reader gives it."""

    @property
    def path(self) -> str: ...
    @property
    def text(self) -> str: ...


class Own:
    """`submit(artefact, record)` hands in one record."""

    def __init__(self, folder: Path, submit: Callable[[str, dict[str, Any]], None]) -> None:
        self.folder = folder
        self.lines = [line_of(number, text) for number, text in numbered(text_of(folder / "golden.jsonl"))][:MOST_QUESTIONS]
        self._submit = submit

    @property
    def documents(self) -> Path:
        return self.folder / "documents"

    @property
    def empty(self) -> bool:
        """Whether documents/ is still as it was released."""
        return not any(path.is_file() and path.name != PLACEHOLDER and not path.name.startswith(".") for path in self.documents.rglob("*"))

    @property
    def golden(self) -> list[dict[str, Any]]:
        """The questions in the form of `run.golden`; lines that cannot be read are left out."""
        return [question(line) for line in self.lines if not line["problem"]]

    @property
    def problems(self) -> list[str]:
        return [f"golden.jsonl, line {line['line']}: {line['problem']}" for line in self.lines if line["problem"]]

    @property
    def readme(self) -> str:
        return text_of(self.folder / "README.md")[:README_CHARS]

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The questions that README.md names, at most MOST_ANSWERED, in its order."""
        asked = {line["id"]: question(line) for line in self.lines if not line["problem"]}
        return [asked[name] for name in named(self.readme, {name: one["question"] for name, one in asked.items()})][:MOST_ANSWERED]

    @property
    def history(self) -> list[dict[str, str]]:
        """The last rows of eval_history.csv, the known columns only."""
        rows = csv.DictReader(text_of(self.folder / "eval_history.csv").splitlines())
        return [{name: (row.get(name) or "")[:CELL_CHARS] for name in COLUMNS} for row in rows][-MOST_ROWS:]

    def hand_in(self, documents: Iterable[Read]) -> None:
        """Questions, README.md and the documents as they were read."""
        for line in self.lines:
            self._submit("own_questions", line)
        self._submit("readme", {"text": self.readme})
        for document in [one for one in documents if one.text.strip()][:MOST_DOCUMENTS]:
            self._submit("own_documents", {"path": document.path[:CELL_CHARS], "text": document.text[:DOCUMENT_CHARS]})

    def hand_in_history(self) -> None:
        for row in self.history:
            self._submit("history", row)


def text_of(path: Path) -> str:
    """A file's text; empty if there is none, with a sign in place of what is not UTF-8."""
    return path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""


def numbered(text: str) -> list[tuple[int, str]]:
    return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def line_of(number: int, text: str) -> dict[str, Any]:
    """A line of golden.jsonl as it is handed in."""
    try:
        return {"line": number, "problem": "", **fields(json.loads(text))}
    except json.JSONDecodeError as error:
        problem = f"this is not JSON ({error.msg} at column {error.colno})"
    except (ValueError, RecursionError) as error:
        problem = str(error)
    return {"line": number, "problem": problem[:300], "id": "", "question": "", "answers": [], "citations": []}


def fields(data: Any) -> dict[str, Any]:
    """Id, question, accepted answers and citations. Raises `ValueError` with what is wrong."""
    if not isinstance(data, dict):
        raise ValueError("this is no JSON object")
    name = data.get("id")
    return {
        "id": words(str(name) if isinstance(name, int) else name, "id", 200),
        "question": words(data.get("question"), "question", 1_000),
        "answers": [words(one, "answers", 400) for one in listed(data.get("answers"), "answers")],
        "citations": [citation(one) for one in listed(data.get("citations"), "citations")],
    }


def words(value: Any, field: str, most: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{field!r} is missing, or holds something else than words")
    if len(value) > most:
        raise ValueError(f"{field!r} is longer than {most:,} characters")
    value.encode("utf-8")  # half of a surrogate pair is no text
    return value.strip()


def listed(value: Any, field: str) -> list[Any]:
    found = [] if value is None else value if isinstance(value, list) else [value]
    if len(found) > 50:
        raise ValueError(f"{field!r} holds more than 50")
    return found


def citation(data: Any) -> dict[str, str]:
    found = {"document": data} if isinstance(data, str) else data
    if not isinstance(found, dict):
        raise ValueError('a citation is {"document": path, "quote": words}')
    quote = found.get("quote") or ""
    return {
        "document": words(found.get("document"), "document", 200).removeprefix("./"),
        "quote": words(quote, "quote", 2_000) if quote else "",
    }


def question(line: dict[str, Any]) -> dict[str, Any]:
    sources = [{"document": one["document"], "span": one["quote"]} for one in line["citations"]]
    answers = line["answers"]
    return {
        "id": line["id"],
        "question": line["question"],
        "answerable": bool(sources),
        "answer": answers[0] if answers else "",
        "accept": answers,
        "sources": sources,
    }
