"""Milestone A's faults: each takes a hand-in in which everything is right and spoils one thing, as a learner's system would.

A hand-in is {"retrieval": [...], "answers": [...], "scores": [...], ..., "calls": [...]}, the lines of the artefacts and of the gateway's
ledger; those of the web page and of the own domain are made, and spoiled, by the files beside their tests. MUTANTS: (what is wrong, the criterion that must catch it, function of the hand-in and of what the judge expects).
ALTERNATIVES: (what is different, function), other hand-ins that are just as right.
"""

from __future__ import annotations

import copy
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

BESIDE = Path(__file__).parent.parent / "rubrics"
OWN, WEB = (runpy.run_path(str(BESIDE / f"{name}_faults.py")) for name in ("own", "web"))

HandIn = dict[str, list[dict[str, Any]]]
Expected = dict[str, Any]
Spoil = Callable[[HandIn, Expected], None]


def perfect(expected: Expected) -> HandIn:
    """Every source found first, every answer right and cited, silence where the documents are silent, no word of revision 1 after the update."""
    made: HandIn = {"retrieval": [], "answers": [], "scores": [], "calls": []}
    for question in expected["questions"]:
        for revision in (1, 2) if question["split"] == "grading" else (1,):
            sources = question["sources"] if revision == 1 else question["sources_next"]
            passages = [{"document": s["document"], "text": s["span"]} for s in sources] or [{"document": "help/none.md", "text": "Nothing of the kind."}]
            key = {"question_id": question["id"], "split": question["split"], "revision": revision}
            made["retrieval"].append({**key, "passages": passages[:10]})
        if question["answer_this"]:
            made["answers"].append(answered(question, expected))
            made["calls"].append({**CALL})
    golden = [q for q in expected["questions"] if q["split"] == "golden"]
    counts = {"questions": sum(q["answerable"] for q in golden), "answers": sum(q["answer_this"] for q in golden)}
    made["scores"] = [{**counts, "hit_rate_at_5": 1.0, "mrr": 1.0, "answer_accuracy": 1.0, "abstention_accuracy": 1.0}]
    for artefact, records in [*OWN["right"]().items(), *WEB["right"](expected).items()]:
        made.setdefault(artefact, []).extend(records)
    made["calls"] += [{**CALL} for record in made["answers"] if record["split"] == "own"]
    made["calls"] = [{"format": False, **call} for call in made["calls"]]
    return made


CALL = {"endpoint": "chat", "status": 200, "format": True, "stream": True, "request_sha256": "", "digest": ""}


def answered(question: dict[str, Any], expected: Expected) -> dict[str, Any]:
    key = {"question_id": question["id"], "split": question["split"]}
    if not question["answerable"]:
        return {**key, "answerable": False, "answer": "", "citations": []}
    source = question["sources"][0]
    return {**key, "answerable": True, "answer": question["accept"][0], "citations": [{"document": source["document"], "quote": quote(source, expected)}]}


def quote(source: dict[str, str], expected: Expected) -> str:
    """The span, or where it is short the line that holds it."""
    if len(source["span"]) >= 8:
        return source["span"][:400]
    lines = expected["documents"][source["document"]].splitlines()
    return next(line for line in lines if source["span"] in line and len(line) >= 8)[:400]


def grading(made: HandIn, artefact: str) -> list[dict[str, Any]]:
    return [record for record in made[artefact] if record["split"] == "grading"]


def spoken(made: HandIn) -> list[dict[str, Any]]:
    return [record for record in grading(made, "answers") if record["answerable"]]


def every(record_of: Callable[[HandIn], list[dict[str, Any]]], change: Callable[[dict[str, Any]], None]) -> Spoil:
    def spoil(made: HandIn, expected: Expected) -> None:
        for record in record_of(made):
            change(record)

    return spoil


def unknown_field(made: HandIn, expected: Expected) -> None:
    made["answers"][0]["confidence"] = 0.9


def no_schema(made: HandIn, expected: Expected) -> None:
    for call in made["calls"]:
        call["format"] = False


def one_missing(made: HandIn, expected: Expected) -> None:
    made["retrieval"].remove(grading(made, "retrieval")[0])


def whole_documents(made: HandIn, expected: Expected) -> None:
    for record in grading(made, "retrieval"):
        for passage in record["passages"] if record["revision"] == 1 else []:
            text = expected["documents"].get(passage["document"], "")
            passage["text"] = text if 1200 < len(text) < 50_000 else passage["text"]


def padded(made: HandIn, expected: Expected) -> None:
    passage = grading(made, "retrieval")[0]["passages"][0]
    passage["text"] += " and so on" * 200


def others_first(count: int) -> Spoil:
    """`count` passages of some other document before the right ones, as a weaker ranking gives."""

    def spoil(made: HandIn, expected: Expected) -> None:
        noise = [{"document": "help/other.md", "text": f"Something else, number {n}."} for n in range(count)]
        for record in grading(made, "retrieval"):
            if record["revision"] == 1:
                record["passages"] = (noise + record["passages"])[:10]

    return spoil


def wrong_paragraph(made: HandIn, expected: Expected) -> None:
    """The right document, but its first line in place of the passage that answers."""
    for record in grading(made, "retrieval"):
        if record["revision"] == 1:
            record["passages"] = [{**p, "text": "# " + p["document"]} for p in record["passages"]]


def cites_another(record: dict[str, Any]) -> None:
    record["citations"][0]["document"] = "help/other.md"


def improves_the_quote(record: dict[str, Any]) -> None:
    record["citations"][0]["quote"] = "As our documents explain in detail: " + record["citations"][0]["quote"][:300] + ", which is good to know"


def says_the_neighbour(made: HandIn, expected: Expected) -> None:
    """The value of another question, as a system does that takes the next plan's row."""
    records = spoken(made)
    said = [record["answer"] for record in records]
    for record, other in zip(records, said[1:] + said[:1], strict=True):
        record["answer"] = "perhaps " + other[::-1]


def rambles(record: dict[str, Any]) -> None:
    record["answer"] = "It depends, of course, on many things, " * 11 + record["answer"]


def never_silent(made: HandIn, expected: Expected) -> None:
    document, text = next(iter(expected["documents"].items()))
    for record in grading(made, "answers"):
        if not record["answerable"]:
            record |= {"answerable": True, "answer": "Yes, of course.", "citations": [{"document": document, "quote": text[:80]}]}


def too_shy(made: HandIn, expected: Expected) -> None:
    for record in spoken(made):
        record |= {"answerable": False, "answer": "", "citations": []}


def keeps_the_old(made: HandIn, expected: Expected) -> None:
    """Appends at the update and deletes nothing: the old sentence comes back behind the new one."""
    path, sentences = next((p, s) for p, s in expected["stale"].items() if s)
    record = next(r for r in grading(made, "retrieval") if r["revision"] == 2)
    record["passages"] = [*record["passages"], {"document": path, "text": sentences[0]}][-10:]


def does_not_update(made: HandIn, expected: Expected) -> None:
    """Revision 1's results handed in once more."""
    first = {r["question_id"]: r["passages"] for r in grading(made, "retrieval") if r["revision"] == 1}
    for record in grading(made, "retrieval"):
        if record["revision"] == 2:
            record["passages"] = copy.deepcopy(first[record["question_id"]])


def forgets(made: HandIn, expected: Expected) -> None:
    """Deletes what changed and does not add what is new."""
    for record in grading(made, "retrieval"):
        if record["revision"] == 2:
            record["passages"] = [{"document": "help/other.md", "text": "Something else."}]


def flatters(name: str, by: float) -> Spoil:
    def spoil(made: HandIn, expected: Expected) -> None:
        made["scores"][-1][name] = round(made["scores"][-1][name] - by, 4)

    return spoil


def drops_the_hard_ones(made: HandIn, expected: Expected) -> None:
    made["scores"][-1]["questions"] -= 5


def of(others: dict[str, Any], table: str) -> list[tuple[Any, ...]]:
    """Rows of another file, whose functions change its own part of a hand-in, and look at nothing else."""

    def spoils(change: Callable[[HandIn], None]) -> Spoil:
        def spoil(made: HandIn, expected: Expected) -> None:
            theirs = {name: [one for one in records if one.get("split", "own") == "own"] for name, records in made.items()}
            rest = {name: [one for one in records if one.get("split", "own") != "own"] for name, records in made.items()}
            change(theirs)
            made.update({name: rest[name] + records for name, records in theirs.items()})

        return spoil

    return [(*row[:-1], spoils(row[-1])) for row in others[table]]


COMPANY: list[tuple[str, str, Spoil]] = [
    ("a field that the contract does not know", "contract", unknown_field),
    ("free text instead of a schema", "contract", no_schema),
    ("one question left out", "contract", one_missing),
    ("whole documents as passages", "passages", whole_documents),
    ("one passage of three pages", "passages", padded),
    ("the right passage ranks eighth", "hit_rate", others_first(7)),
    ("the right document, the wrong paragraph", "hit_rate", wrong_paragraph),
    ("the right passage ranks fifth", "mrr", others_first(4)),
    ("the right passage ranks third", "mrr", others_first(2)),
    ("cites a document that does not answer", "citation_precision", every(spoken, cites_another)),
    ("improves the quotation", "citation_precision", every(spoken, improves_the_quote)),
    ("the neighbour's value", "answer_correctness", says_the_neighbour),
    ("the fact somewhere in eighty words", "answer_correctness", every(spoken, rambles)),
    ("answers everything", "abstention", never_silent),
    ("answers nothing", "abstention", too_shy),
    ("appends and never deletes", "freshness", keeps_the_old),
    ("indexes once", "freshness", does_not_update),
    ("deletes and never adds", "freshness", forgets),
    ("reports a hit rate of its best day", "honest_figures", flatters("hit_rate_at_5", 0.02)),
    ("reports another definition of MRR", "honest_figures", flatters("mrr", 0.1)),
    ("leaves the hard questions out of its figures", "honest_figures", drops_the_hard_ones),
]
MUTANTS: list[tuple[str, str, Spoil]] = [
    *COMPANY,
    *((f"golden set: {name}", "golden_set", spoil) for name, _, spoil in of(OWN, "GOLDEN_FAULTS")),
    *((f"README: {name}", "failures", spoil) for name, _, spoil in of(OWN, "FAILURE_FAULTS")),
    *((f"history: {name}", "honest_figures", spoil) for name, _, spoil in of(OWN, "HISTORY_FAULTS")),
    *((f"web page: {name}", "web_app", spoil) for name, _, spoil in of(WEB, "FAULTS")),
]


def as_it_is(made: HandIn, expected: Expected) -> None:
    """Nothing is changed."""


def in_a_sentence(record: dict[str, Any]) -> None:
    record["answer"] = f"According to the documents it is {record['answer']}."


def with_neighbours(made: HandIn, expected: Expected) -> None:
    """Longer passages: the span among other words, with the marks and line breaks of another reader."""
    for record in made["retrieval"]:
        for passage in record["passages"]:
            passage["text"] = f"# A heading\n\n…before it.\n{passage['text']}\nAnd **after** it."


def second_place(made: HandIn, expected: Expected) -> None:
    """One question of ten has its passage second: far from perfect, and good enough."""
    for record in grading(made, "retrieval")[::10]:
        record["passages"] = [{"document": "help/other.md", "text": "Something else."}, *record["passages"]][:10]


ALTERNATIVES: list[tuple[str, Spoil]] = [
    ("everything right", as_it_is),
    ("answers in a sentence", every(spoken, in_a_sentence)),
    ("passages of another reader", with_neighbours),
    ("some passages in second place", second_place),
    *((f"own domain: {name}", change) for name, change in of(OWN, "ALTERNATIVES")),
    *((f"web page: {name}", change) for name, change in of(WEB, "ALTERNATIVES")),
]
