"""Hand-ins of an own domain: a right one, what spoils it, and others that are just as right.

A hand-in is {"own_documents", "own_questions", "readme", "retrieval", "answers", "history"}, the lines of the artefacts. FAULTS: (what is
wrong, the demand that must name it, function of the hand-in), by what is judged. ALTERNATIVES: (what is different, function).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

HandIn = dict[str, list[dict[str, Any]]]
Spoil = Callable[[HandIn], None]

FACTS = {
    "boats.md": [
        "Canoes are stored upside down",
        "Oars hang on the west wall",
        "A lost paddle costs 34 euros",
        "Varnishing happens in March",
        "Seat nine is the cox",
        "Trailers need two people",
        "The blue launch belongs to juniors",
    ],
    "club/fees.txt": [
        "Students pay 61 euros",
        "Guests pay 7 euros an outing",
        "A locker costs 18 euros",
        "Members over 70 pay half",
        "The key deposit is 25 euros",
        "Arrears end the right to vote",
    ],
    "rules.html": [
        "Nobody rows after sunset",
        "Life jackets below 12 degrees",
        "The logbook closes at 21:15",
        "Radios stay on channel 8",
        "Dogs wait at the gate",
    ],
}
ASKED = [
    "How do I put my kayak away?",
    "Where is the rowing gear hung up?",
    "What happens if I lose one in the river?",
    "When do you treat the wood?",
    "Who steers?",
    "Can I hitch it alone?",
    "May my mother take the motor boat?",
    "What is the rate for undergraduates?",
    "How expensive is it for a visitor?",
    "Can I rent a cabinet?",
    "Is there a reduction for pensioners?",
    "How much is kept back for opening the door?",
    "I have not paid, can I still raise my hand in the assembly?",
    "How late may I be on the water?",
    "When is it cold enough for a vest?",
    "Until when can I sign out?",
    "Which frequency is listened to?",
    "Is my spaniel allowed in?",
]
SILENT = ["Is there a sauna?", "Which coach trains the women's eight?", "How often is the boathouse roof inspected?"]
README = """# The rowing club

## Where it fails

- `q01`: the heading was lost by the reader, so that the passage does not say what it is about. Next: keep it.
- `q02`: the neighbouring rule ranks first and the model takes it. Next: show more passages.
- `q20`: a near miss that the limit on similarity lets through. Next: a limit of this corpus.
"""


def right() -> HandIn:
    """Twenty-one questions in other words than their quotes; q01 is missed, q02 answered wrongly, and q20, which has no answer, answered."""
    made: HandIn = {"own_documents": [{"path": path, "text": ".\n".join(lines)} for path, lines in FACTS.items()], "own_questions": []}
    places = [(path, quote) for path, lines in FACTS.items() for quote in lines]
    for (path, quote), question in zip(places, ASKED, strict=True):
        add(made, question, [quote.split()[-1]], [{"document": path, "quote": quote}])
    for question in SILENT:
        add(made, question, [], [])
    made["retrieval"] = [searched(line) for line in made["own_questions"]]
    record(made, "retrieval", "q01")["passages"] = [{"document": "rules.html", "text": "Something else."}]
    made["answers"] = [spoken("q02", "rules.html", "the gate", "Dogs wait at the gate"), spoken("q20", "boats.md", "the cox", "Seat nine is the cox")]
    made["answers"].append({"question_id": "q01", "split": "own", "answerable": False, "answer": "", "citations": []})
    made["readme"] = [{"text": README}]
    made["history"] = [row("18", "0.51", "0.40"), row("18", f"{17 / 18:.4f}", f"{17 / 18:.4f}")]
    return made


def add(made: HandIn, question: str, answers: list[str], citations: list[dict[str, str]]) -> None:
    number = len(made["own_questions"]) + 1
    told = {"id": f"q{number:02}", "question": question, "answers": answers, "citations": citations}
    made["own_questions"].append({"line": number, "problem": "", **told})


def searched(line: dict[str, Any]) -> dict[str, Any]:
    passages = [{"document": one["document"], "text": f"{one['quote']}."} for one in line["citations"]]
    return {"question_id": line["id"], "split": "own", "revision": 1, "passages": passages or [{"document": "boats.md", "text": "Nothing."}]}


def spoken(name: str, document: str, answer: str, quote: str) -> dict[str, Any]:
    return {"question_id": name, "split": "own", "answerable": True, "answer": answer, "citations": [{"document": document, "quote": quote}]}


def row(questions: str, hit_rate: str, mrr: str, corpus: str = "own") -> dict[str, str]:
    figures = {"questions": questions, "hit_rate_at_5": hit_rate, "mrr": mrr, "answers": "", "answer_accuracy": "", "abstention_accuracy": ""}
    return {"when": "2026-05-02T10:00:00+00:00", "corpus": corpus, "model": "qwen2.5-coder:1.5b", "chunk_chars": "700", **figures}


def record(made: HandIn, artefact: str, name: str) -> dict[str, Any]:
    key = "id" if artefact == "own_questions" else "question_id"
    return next(one for one in made[artefact] if one[key] == name)


def cited(made: HandIn, name: str) -> dict[str, str]:
    found: dict[str, str] = record(made, "own_questions", name)["citations"][0]
    return found


def together(*changes: Spoil) -> Spoil:
    def spoil(made: HandIn) -> None:
        for change in changes:
            change(made)

    return spoil


def asks(name: str, **changes: Any) -> Spoil:
    return lambda made: record(made, "own_questions", name).update(changes)


def cites(name: str, **changes: str) -> Spoil:
    return lambda made: cited(made, name).update(changes)


def without(*names: str) -> Spoil:
    def spoil(made: HandIn) -> None:
        made["own_questions"] = [line for line in made["own_questions"] if line["id"] not in names]

    return spoil


def only_of(document: str) -> Spoil:
    """The questions of one document, and once more with a word before them."""

    def spoil(made: HandIn) -> None:
        kept = [line for line in made["own_questions"] if not line["citations"] or line["citations"][0]["document"] == document]
        again = [{**copy.deepcopy(line), "id": f"{line['id']}{mark}", "question": f"{word} {line['question']}"} for mark, word in MARKS for line in kept]
        made["own_questions"] = [*kept, *again]

    return spoil


MARKS = (("b", "Excuse me,"), ("c", "Quickly:"))


def examples_left(made: HandIn) -> None:
    example = {"id": "example-with-an-answer", "question": "EXAMPLE, replace it: may I burn hedge clippings?"}
    made["own_questions"].insert(0, made["own_questions"][0] | example)


def broken_line(made: HandIn) -> None:
    made["own_questions"].append({"line": 22, **UNREADABLE, "problem": "this is not JSON (Expecting value at column 1)"})


def no_citation(made: HandIn) -> None:
    record(made, "own_questions", "q03")["citations"] = []


def reads(text: str) -> Spoil:
    return lambda made: made.update(readme=[{"text": text}])


def finds(name: str, answer: str) -> Spoil:
    """A named failure that has been mended: found first, and answered right."""

    def spoil(made: HandIn) -> None:
        line = record(made, "own_questions", name)
        record(made, "retrieval", name)["passages"] = searched(line)["passages"]
        made["answers"] = [one for one in made["answers"] if one["question_id"] != name]
        made["answers"].append(spoken(name, cited(made, name)["document"], answer, cited(made, name)["quote"]))

    return spoil


def keeps_silent(name: str) -> Spoil:
    return lambda made: record(made, "answers", name).update(answerable=False, answer="", citations=[])


def unasked(name: str) -> Spoil:
    return lambda made: made["answers"].remove(record(made, "answers", name))


def loses(name: str) -> Spoil:
    return lambda made: record(made, "retrieval", name).update(passages=[])


def last(*rows: dict[str, str]) -> Spoil:
    return lambda made: made.update(history=list(rows))


def says(**changes: str) -> Spoil:
    return lambda made: made["history"][-1].update(changes)


COPIED_TWICE = [{"document": "club/fees.txt", "quote": "Students pay 61 euros"}, {"document": "club/fees.txt", "quote": "Guests pay 7 euros"}]
UNREADABLE: dict[str, Any] = {"problem": "'question' is missing", "id": "", "question": "", "answers": [], "citations": []}
TITLES_ONLY = """## Failures

- q01: How do I put my kayak away?
- q02: Where is the rowing gear hung up?
- q20: Which coach trains the women's eight?
"""
EVERY_ONE = "## Failures\n\n" + "".join(f"- q{n:02}: the search finds another sentence than the one\n" for n in range(1, 22))
NAMES_NONE = "# The club\n\nIt fails sometimes, mostly with tables and with questions that nobody can answer."

GOLDEN_FAULTS: list[tuple[str, str, Spoil]] = [
    ("a line that is no JSON", "readable", broken_line),
    ("a line without a question", "readable", lambda made: made["own_questions"][4].update(UNREADABLE)),
    ("an example is left", "own", examples_left),
    ("an example is left under another question", "own", asks("q19", id="example-without-an-answer")),
    ("nineteen questions", "enough", without("q05", "q06")),
    ("twelve questions", "enough", without(*(f"q{n:02}" for n in range(5, 14)))),
    ("two unanswerable ones", "unanswerable", without("q19")),
    ("an unanswerable one that has an answer", "unanswerable", asks("q19", answers=["yes"], citations=[{"document": "boats.md", "quote": "Trailers"}])),
    ("an id twice", "unique", asks("q07", id="q08")),
    ("ids that begin again", "unique", together(asks("q11", id="q01"), asks("q12", id="q02"))),
    ("a document that is not there", "resolves", cites("q04", document="boat.md")),
    ("a quote of another document", "resolves", cites("q04", document="rules.html")),
    ("a quote in other words", "resolves", cites("q04", quote="Varnish is applied in March")),
    ("a quote with another figure", "resolves", cites("q03", quote="A lost paddle costs 3 euros")),
    ("no quote", "resolves", cites("q04", quote="")),
    ("an answer that stands nowhere", "resolves", no_citation),
    ("all of one document", "spread", only_of("boats.md")),
    ("all of two documents", "spread", without(*(f"q{n}" for n in range(14, 19)))),
    ("a sentence with a question mark", "own_words", asks("q03", question="What is it that a lost paddle costs?")),
    ("the words of two quotes", "own_words", asks("q08", question="Do students or guests pay euros?", citations=COPIED_TWICE)),
    ("the same question with other punctuation", "different", asks("q21", question="is there a SAUNA")),
    ("the same words in another order", "different", asks("q21", question="A sauna, is it there?")),
]

FAILURE_FAULTS: list[tuple[str, str, Spoil]] = [
    ("no README", "there is no README.md", lambda made: made.update(readme=[])),
    ("a README that names none", "names no question", reads(NAMES_NONE)),
    ("two named", "names 2 of your questions", reads(README.rsplit("- `q20`", 1)[0])),
    ("ids that nobody has", "names 2 of your questions", reads(README.replace("q20", "q99"))),
    ("a failure that was mended", "'q01' does not fail in this run: the search finds it at rank 1", finds("q01", "down")),
    ("a wrong answer that is right now", "'q02' does not fail in this run", finds("q02", "the west wall")),
    ("an unanswerable one that is left alone", "'q20' does not fail in this run: it is left unanswered", keeps_silent("q20")),
    ("an unanswerable one that was not asked", "'q20' does not fail in this run: no answer was handed in", unasked("q20")),
    ("one that is found, and was not asked", "'q02' does not fail in this run: the search finds it at rank 1, and no answer", unasked("q02")),
    ("ids without a cause", "'q01' is named without a cause", reads("## Where it fails\n\n- q01\n- q02\n- q20\n")),
    ("a cause for two of three", "'q20' is named without a cause (2 words", reads(README.split("- `q20`")[0] + "- `q20`: model small.\n")),
    ("nothing but the question beside the id", "'q01' is named without a cause", reads(TITLES_ONLY)),
    ("every question is named", "does not fail in this run", reads(EVERY_ONE)),
]

HISTORY_FAULTS: list[tuple[str, str, Spoil]] = [
    ("no history", "no row", last()),
    ("rows of the company only", "no row", last(row("18", "0.9444", "0.9444", corpus="company"))),
    ("the best day", "hit_rate_at_5 is 1.000, recomputed 0.944", says(hit_rate_at_5="1.000")),
    ("another cut of MRR", "mrr is 0.88, recomputed 0.944", says(mrr="0.88")),
    ("all questions counted", "questions is 21, recomputed 18", says(questions="21")),
    ("an older row last", "hit_rate_at_5 is 0.51", lambda made: made["history"].reverse()),
    ("words for a figure", "mrr is 'n/a'", says(mrr="n/a")),
    ("an empty figure", "hit_rate_at_5 is ''", says(hit_rate_at_5="")),
    ("not a number", "mrr is nan", says(mrr="nan")),
    ("half of the questions searched", "9 of your 18 answerable questions were searched", lambda made: made.update(retrieval=made["retrieval"][:9])),
]


def with_neighbours(made: HandIn) -> None:
    """Passages with other words around, marks and line ends of another reader, the right one third."""
    for one in made["retrieval"]:
        if one["question_id"] not in ("q01", "q19", "q20", "q21"):
            passage = one["passages"][0]
            noise = [{"document": "boats.md", "text": f"Noise {n}."} for n in range(2)]
            one["passages"] = [*noise, {**passage, "text": f"# Head\n\n…\n**{passage['text']}**\nAnd after."}]
    made["history"][-1].update(mrr=f"{17 / 18 / 3:.3f}")


def renamed(made: HandIn, new: Callable[[str], str]) -> None:
    for artefact, key in (("own_questions", "id"), ("retrieval", "question_id"), ("answers", "question_id")):
        for one in made[artefact]:
            one[key] = new(one[key])


def topics(made: HandIn) -> None:
    """Ids that are words, as somebody writes them who thinks in topics, and a table in README.md."""
    names = {"q01": "kayak", "q02": "gear", "q20": "coach"}
    renamed(made, lambda name: names.get(name, name))
    rows = "".join(f"| {name} | the sentence is cut in two after the first half | larger chunks |\n" for name in names.values())
    reads(f"# Club\n\n## Known weaknesses\n\nThe kayak hall and the coach are in the documents.\n\n| id | why | next |\n|---|---|---|\n{rows}")(made)


def numbers(made: HandIn) -> None:
    renamed(made, lambda name: str(int(name[1:])))
    reads(SENTENCES)(made)


SENTENCES = """# Club

21 questions, 3 without answers.

## Failures

Question 1 is missed since the reader drops the heading that it stands under.

Question #2 gets the neighbour's value, which ranks before it. Question 20 is answered although nothing is known; 5 words of it stand in a passage.
"""

HEADINGS = """The rowing club's questions
===========================

`q05` was wrong in April and is right since the table keeps its head row.

What it still gets wrong
------------------------

### q01: the kayak

> the passage lost its heading when the page was read

Next step: keep headings in the text.

### q02

1. came back: the gate
2. the rule next to it has more words in common with the question

### q20, a near miss

The limit on similarity was tuned on another company's pages.

## What is next

Try `q07` with a larger model.
"""

BELOW = """## Failure cases

**q01**

The heading is lost, and with it the word.

**q02**

The rule beside it is nearer to the question.

**q20**

The limit lets it pass by a hundredth.
"""

PLAIN = """It is good, but q01 is lost because the page's heading is gone,
Q02 takes the rule beside it,
and **q20** is answered though nobody can know it.
"""

THREE_MORE = README + "".join(f"- `q{n:02}`: the word of the question stands in no passage\n" for n in (3, 4, 5))
SIX = together(reads(THREE_MORE), loses("q03"), loses("q04"), loses("q05"), says(hit_rate_at_5=f"{14 / 18:.3f}", mrr=f"{14 / 18:.3f}"))
SECOND_SOURCE = {"document": "rules.html", "quote": "Nobody rows"}

ALTERNATIVES: list[tuple[str, Spoil]] = [
    ("as it is", together()),
    ("passages of another reader", with_neighbours),
    ("ids that are words, in a table", topics),
    ("ids that are numbers, in sentences", numbers),
    ("headings, and a mended question elsewhere", reads(HEADINGS)),
    ("no heading at all", reads(PLAIN)),
    ("one cause for three", reads("# Failures\n\n* q01, q02 and q20: all three lose their sentence in the cut between two pages of the scan\n")),
    ("bare ids, each explained below", reads(BELOW)),
    ("six failures", SIX),
    ("decimal commas in the history", says(hit_rate_at_5="0,94", mrr="0,9444")),
    ("some are asked of the search only", together(asks("q08", answers=[]), asks("q09", answers=[]))),
    ("two documents for one question", lambda made: record(made, "own_questions", "q09")["citations"].append(SECOND_SOURCE)),
    ("a question in German", asks("q04", question="Wann wird gestrichen?")),
    ("a row of the company's after one's own", lambda made: made["history"].append(row("50", "0.61", "0.5", corpus="company"))),
]
