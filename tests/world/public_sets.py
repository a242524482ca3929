"""Public retrieval sets as a folder and a golden file, and the reference's search over whole documents. The sets are not ours to ship."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.authoring import reference
from autograder.paths import course_root
from autograder.world.difficulty import embed

DATA = course_root().parent / "shared" / "data"
SOURCE = 5  # marks the paper that a query was made from, which the known figures leave out
FIELD = re.compile(r"^\.([TABW])[ \t]*$", re.M)
Record = dict[str, Any]


def write(folder: Path, documents: Mapping[str, str], questions: list[Record]) -> tuple[Path, Path]:
    corpus, golden = folder / "corpus", folder / "golden.jsonl"
    corpus.mkdir(parents=True)
    for name, text in documents.items():
        (corpus / name).write_text(text, encoding="utf-8")
    golden.write_text("".join(json.dumps(question) + "\n" for question in questions), encoding="utf-8")
    return corpus, golden


def cranfield(folder: Path) -> tuple[Path, Path]:
    """1,400 abstracts, title in the first line and, unlike in the file, only there; graded judgements, and no answers. A query's number is
    its place in the file."""
    home = DATA / "cranfield"
    documents = {}
    for entry in re.split(r"^\.I ", (home / "cran.all.1400").read_text(encoding="latin-1"), flags=re.M)[1:]:
        number, _, rest = entry.partition("\n")
        parts = FIELD.split(rest)
        fields = {name: " ".join(text.split()) for name, text in zip(parts[1::2], parts[2::2], strict=True)}
        documents[f"{int(number):04}.txt"] = f"{fields['T']}\n{fields['W'].removeprefix(fields['T']).strip()}".strip()
    relevant: dict[int, list[Record]] = defaultdict(list)
    for line in (home / "QRelsCorrectedforTRECeval").read_text(encoding="ascii").splitlines():
        query, _, number, gain = map(int, line.split())
        if gain != SOURCE and documents[f"{number:04}.txt"]:
            relevant[query].append({"document": f"{number:04}.txt", "relevance": gain})
    queries = re.split(r"^\.I \d+\s+\.W\n", (home / "cran.qry").read_text(encoding="latin-1"), flags=re.M)[1:]
    questions = [
        {"id": number, "question": " ".join(text.split()), "answers": [], "citations": relevant[number]} for number, text in enumerate(queries, start=1)
    ]
    return write(folder, documents, questions)


def xquad(folder: Path) -> tuple[Path, Path]:
    """240 English paragraphs under the titles of their articles; each question's answer stands in one of them."""
    documents, questions = {}, []
    for article in json.loads((DATA / "xquad.en.json").read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(article["paragraphs"]):
            name = f"{article['title']}-{number}.txt"
            documents[name] = f"{article['title'].replace('_', ' ')}\n{' '.join(paragraph['context'].split())}"
            for asked in paragraph["qas"]:
                answers = sorted({answer["text"] for answer in asked["answers"]})
                questions.append({"id": asked["id"], "question": asked["question"], "answers": answers, "citations": [name]})
    return write(folder, documents, questions)


def reference_search(documents: Mapping[str, str], folder: Path) -> Callable[[str], list[Any]]:
    """The reference solution's own index and search, with whole documents as passages: their first line is the title."""
    qa = reference.package(reference.folder("a_document_qa"))
    qa.index.embed = embed
    chunks = [qa.passages.Chunk(name, name, *text.split("\n", 1)) for name, text in documents.items()]
    table = qa.index.build_index(chunks, folder)
    return lambda question: qa.index.search(table, question, 10)
