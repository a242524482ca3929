"""Exercises of notebook 3.1, chunks: spans that stay whole, cuts that lose nothing, records whose ids survive an edit elsewhere."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from ..probe.observers.n3_1 import windows
from ..verdict import Criterion, Json, Mismatch
from .exercise import Exercise, Property

Span = tuple[int, int]
CAPITALS = "ABCDEFGHKMPRSTVX"
UNITS = ("°C", "%", "V", "mm", "cm", "kg", "min", "days", "hours", "months", "euros")
PLAIN = ("Please replace", "the E-MAIL of", "two on-site visits", "in 2026", "12 boxes", "an A4 sheet", "the clause on goods", "see below", "Q3", "Überwachung", "冷凍庫は")
BETWEEN = (" ", ", ", ". ", "\n", " (", ") ", "; ", ": ")
ENDINGS = ("", ".", ",", ")", "?")


@st.composite
def _code(draw: DrawFn) -> str:
    groups = draw(st.lists(st.one_of(st.integers(0, 9999).map(str), st.text(CAPITALS, min_size=1, max_size=3)), min_size=1, max_size=3))
    first = draw(st.text(CAPITALS, min_size=1, max_size=3))
    if not any(group.isdigit() for group in groups):
        first += str(draw(st.integers(1, 99)))
    return "-".join([first, *groups])


@st.composite
def _clause(draw: DrawFn) -> str:
    before = draw(st.sampled_from(["", "", "clause ", "Clause ", "Section ", "Art. ", "§ "]))
    fewest = 1 if before else 2
    numbers = draw(st.lists(st.integers(1, 30).map(str), min_size=fewest, max_size=3))
    return before + ".".join(numbers) + "".join(f"({one})" for one in draw(st.lists(st.sampled_from(["a", "b", "ii", "iv", "3"]), max_size=2)))


@st.composite
def _quantity(draw: DrawFn) -> str:
    number = draw(st.sampled_from(["", "-"])) + str(draw(st.integers(0, 400)))
    decimals = draw(st.sampled_from(["", "", ".5", ",25"]))
    return f"{number}{decimals}{draw(st.sampled_from([' ', chr(160)]))}{draw(st.sampled_from(UNITS))}"


KINDS: dict[str, SearchStrategy[str]] = {"code": _code(), "clause": _clause(), "quantity": _quantity()}


@st.composite
def _text(draw: DrawFn, *kinds: str) -> Json:
    """Words and spans of these kinds, with signs and blanks between them."""
    text, spans = "", []
    for _ in range(draw(st.integers(2, 6))):
        kind = draw(st.sampled_from([*kinds, "plain"]))
        part = draw(st.sampled_from(PLAIN) if kind == "plain" else KINDS[kind])
        text += draw(st.sampled_from(BETWEEN)) if text else ""
        if kind != "plain":
            spans.append([len(text), len(text) + len(part)])
        text += part
    return {"text": text + draw(st.sampled_from(ENDINGS)), "spans": spans}


def _drawn_text(*kinds: str) -> SearchStrategy[Json]:
    return _text(*kinds).filter(lambda inputs: bool(inputs["spans"]))


def _exactly(inputs: Json, seen: Json) -> Mismatch | None:
    if seen == inputs["spans"]:
        return None
    return Mismatch(f"the spans of {_named(inputs, inputs['spans'])}", f"the spans of {_named(inputs, seen)}" if seen else "no spans")


def _named(inputs: Json, spans: Json) -> str:
    return ", ".join(f"{inputs['text'][start:end]!r} {(start, end)}" for start, end in spans) or "nothing"


PROTECT = Exercise(
    id="3.1-protect",
    title="Spans that no cut may go through",
    names=("protect",),
    observe="protect",
    hints=(
        "One regular expression for each form, joined with | and put into one pattern, and `match.span()` for every match of `re.finditer`. Write the longer forms first: of \"18.5 °C\" the whole, not the 18.5.",
        "What stands before and after decides too: `(?<![\\w.,-])` in front refuses a start inside a word or number, `(?![\\w-]|[.,]\\d)` behind refuses an end inside one, and still lets a full stop follow.",
        "A code: `(?=[A-Z0-9-]*\\d)[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+`. A clause has two beginnings: a word and one number, or two numbers with a dot; after either, `(?:\\.\\d+)*(?:\\(\\w+\\))*`. `\\s` also matches the blank that does not break.",
    ),
    properties=(
        Property(Criterion("codes", "Article codes whole, and no other words in capitals", 2), _drawn_text("code"), _exactly, examples=30),
        Property(Criterion("clauses", "Clause numbers with their groups and the word before them", 2), _drawn_text("clause"), _exactly, examples=30),
        Property(Criterion("quantities", "Quantities with their sign, decimals and unit", 2), _drawn_text("quantity"), _exactly, examples=30),
        Property(Criterion("together", "All three in one text, in order", 1), _drawn_text("code", "clause", "quantity"), _exactly, examples=20),
    ),
)


WORDS = ("The van ", "stays closed. ", "Is it warm? ", "Kühlkette ", "警報は15分後に届く。", "see ", "or ", "if\u00a0warm ", "alarm!\n", "\n", "\n \n", "| 12 |\n", "冷凍庫の温度", "unbreakable-word-without-end", "no. ")
WHOLE = ("VB-3195-FK", "7.3(b)(ii)", "-18 °C", "PX-0042", "clause 12.4", "EN-12830-2018-A1")


@st.composite
def _cuttable(draw: DrawFn, *, kept: bool = False, tight: bool = False, shared: bool = False) -> Json:
    """A text with protected spans. `kept`: many of them; `tight`: one is longer than the limit; `shared`: with an overlap."""
    parts = draw(st.lists(st.sampled_from((*WORDS, *WHOLE, *WHOLE) if kept else (*WORDS, *WORDS, *WHOLE)), min_size=4, max_size=14))
    if kept or tight:
        parts.insert(draw(st.integers(0, len(parts))), draw(st.sampled_from(WHOLE)))
    text, protected = "", []
    for part in parts:
        if part in WHOLE:
            protected.append([len(text), len(text) + len(part)])
        text += part
    longest = max((end - start for start, end in protected), default=4)
    limit = longest - 1 if tight else longest + draw(st.sampled_from([0, 1, 2, 5, 9, 16, 30]))
    most = (limit - 1) // 2
    overlap = draw(st.integers(1, most) if shared else st.sampled_from([0, 0, most]))
    return {"text": text, "limit": limit, "overlap": overlap, "protected": protected}


@st.composite
def _middle(draw: DrawFn) -> Json:
    """The only break stands exactly in the middle of what is allowed, or just behind it."""
    half = draw(st.integers(4, 12))
    first = half + draw(st.sampled_from([0, 0, 1]))
    text = "a" * (first - 1) + draw(st.sampled_from(["\n", " "])) + "b" * (2 * half)
    return {"text": text, "limit": 2 * half, "overlap": 0, "protected": []}


class Rule:
    """Where a chunk of a text ends, and where the next one starts."""

    def __init__(self, inputs: Json) -> None:
        self.text, self.limit, self.overlap = inputs["text"], inputs["limit"], inputs["overlap"]
        self.spans = inputs["protected"]
        self.kinds = [{found.end() for found in re.finditer(pattern, self.text)} for pattern in (r"\n", r"[.!?]\s|。", r"\s")]

    def allowed(self, place: int) -> bool:
        return not any(start < place < end for start, end in self.spans)

    def end(self, start: int) -> int:
        """Where the chunk from `start` on ends; -1 if there is no place."""
        if len(self.text) - start <= self.limit:
            return len(self.text)
        places = [place for place in range(start + 1, start + self.limit + 1) if self.allowed(place)]
        late = [place for place in places if 2 * (place - start) > self.limit] or places[-1:]
        return max(next(filter(None, ([place for place in late if place in kind] for kind in self.kinds)), late), default=-1)

    def next(self, start: int, end: int) -> int:
        """Where the chunk after text[start:end] starts."""
        reach = [place for place in range(max(start + 1, end - self.overlap), end) if self.allowed(place)]
        best = min((place for place in reach if place in self.kinds[2]), default=min(reach, default=end))
        return best if self.end(best) > end else end

    def shown(self, start: int, end: int) -> str:
        piece = self.text[start:end]
        return repr(piece if len(piece) <= 60 else f"{piece[:28]} … {piece[-28:]}")


def _spans(inputs: Json, seen: Json) -> list[Span] | Mismatch:
    """The chunks, if they are spans of the text."""
    if "value" not in seen:
        return Mismatch("chunks", f"ValueError: {seen['refused']}")
    spans = [(start, end) for start, end in seen["value"]]
    wrong = next((span for span in spans if not 0 <= span[0] < span[1] <= len(inputs["text"])), None)
    return Mismatch(f"spans (start, end) with 0 <= start < end <= {len(inputs['text'])}", str(wrong)) if wrong else spans


Judged = Callable[[Rule, list[Span]], Iterator[Mismatch]]


def _of_spans(judged: Judged) -> Callable[[Json, Json], Mismatch | None]:
    def judge(inputs: Json, seen: Json) -> Mismatch | None:
        spans = _spans(inputs, seen)
        return spans if isinstance(spans, Mismatch) else next(judged(Rule(inputs), spans), None)

    return judge


def _covered(rule: Rule, spans: list[Span]) -> Iterator[Mismatch]:
    if not spans or spans[0][0] != 0 or spans[-1][1] != len(rule.text):
        ends = f"from {spans[0][0]} to {spans[-1][1]}" if spans else "no chunk"
        yield Mismatch(f"chunks from 0 to {len(rule.text)}, the whole text", ends)
    for (start, end), (after, last) in itertools.pairwise(spans):
        if after > end:
            yield Mismatch(f"no gap: a chunk that starts at {end} or before", f"{rule.text[end:after]!r} is in no chunk")
        if not (after > start and last > end):
            yield Mismatch(f"a chunk that starts after {start} and ends after {end}", str((after, last)))


def _short(rule: Rule, spans: list[Span]) -> Iterator[Mismatch]:
    for start, end in spans:
        if end - start > rule.limit:
            yield Mismatch(f"chunks of at most {rule.limit} characters", f"{rule.shown(start, end)} has {end - start}")
    yield from _covered(rule, spans)


def _whole(rule: Rule, spans: list[Span]) -> Iterator[Mismatch]:
    for place in itertools.chain.from_iterable(spans):
        if not rule.allowed(place):
            start, end = next(span for span in rule.spans if span[0] < place < span[1])
            yield Mismatch(f"no chunk that starts or ends inside {rule.text[start:end]!r}", f"{rule.text[start:place]!r} | {rule.text[place:end]!r}")
    yield from _short(rule, spans)


def _ends(rule: Rule, spans: list[Span]) -> Iterator[Mismatch]:
    for start, end in spans:
        wanted = rule.end(start)
        if end != wanted:
            yield Mismatch(f"from {start} on, the chunk {rule.shown(start, wanted)}", rule.shown(start, end))


def _starts(rule: Rule, spans: list[Span]) -> Iterator[Mismatch]:
    for (start, end), (after, _) in itertools.pairwise(spans):
        wanted = rule.next(start, end)
        if after != wanted:
            yield Mismatch(f"after {rule.shown(start, end)} a chunk that starts at {wanted}, with {rule.text[wanted : wanted + 12]!r}", f"at {after}, with {rule.text[after : after + 12]!r}")


def _refused(inputs: Json, seen: Json) -> Mismatch | None:
    return None if "refused" in seen else Mismatch(f"ValueError: a protected span is longer than {inputs['limit']} characters", f"chunks: {seen['value']}")


_any = st.one_of(_cuttable(), _cuttable(kept=True), _cuttable(shared=True))

CUT = Exercise(
    id="3.1-cut",
    title="Cuts that lose nothing",
    names=("cut",),
    observe="cut",
    hints=(
        "Write an inner function `end_of(start)` first. It returns len(text) if the rest fits. Otherwise it lists the allowed places from start + 1 to start + limit and picks one. The loop outside then only appends and moves on.",
        "A place is forbidden if it lies strictly inside a span. Of the allowed places keep those more than limit / 2 beyond the start; if there are none, keep the last allowed one. Then try lines, sentences, words in this order: the first kind that has any place among them decides, and its last place is the end.",
        "For the next start go through the allowed places from max(start + 1, end - overlap) to end - 1: the first that is in `words`, else the first, else `end`. Before you take it, ask `end_of` of it: if that is not beyond `end`, start at `end` instead.",
    ),
    properties=(
        Property(Criterion("cover", "Every character is in a chunk, and every chunk brings new ones", 2), _any, _of_spans(_covered), examples=40),
        Property(Criterion("limit", "No chunk over the limit", 1), _any, _of_spans(_short), examples=40),
        Property(Criterion("protected", "No chunk starts or ends inside a protected span", 2), _cuttable(kept=True), _of_spans(_whole), examples=40),
        Property(Criterion("ends", "Each chunk ends at the last place of the best kind", 2), st.one_of(_any, _middle()), _of_spans(_ends), examples=40),
        Property(Criterion("overlap", "Each chunk starts as far back as the overlap allows, at a word", 2), st.one_of(_cuttable(shared=True), _cuttable(shared=True, kept=True)), _of_spans(_starts), examples=40),
        Property(Criterion("impossible", "A span longer than the limit is an error", 1), _cuttable(tight=True), _refused, examples=12),
    ),
)


TITLES = ("Refunds", "Deadlines", "Batteries", "Kühlkette", "冷凍庫", "Alerts at night", "Exceptions", "#1 questions")
LINES = ("Return it within 30 days.", "The probe VB-3195-FK fits.", "Nachts klingelt das Telefon.", "保証は2年です。", "See clause 7.3(b).", "C# is not a heading.", "  # nor is this", "| days | euros |")
DOCUMENTS = ("help/refunds.html", "legal/terms.pdf", "hilfe/kühlung.md")


@st.composite
def _section(draw: DrawFn, titles: Sequence[str] = TITLES, lines: Sequence[str] = LINES) -> str:
    mark = "#" * draw(st.integers(1, 4)) + draw(st.sampled_from([" ", " ", "  "]))
    body = draw(st.lists(st.sampled_from(lines), min_size=1, max_size=3))
    return "\n".join([mark + draw(st.sampled_from(titles)), *body]) + "\n"


def _inputs(text: SearchStrategy[list[str]], sizes: Sequence[int] = (12, 30, 200)) -> SearchStrategy[Json]:
    """One document of these texts, and windows to cut it with, some of which overlap."""

    def built(drawn: tuple[list[str], str, int, bool]) -> Json:
        texts, document, size, overlapping = drawn
        return {"document": document, "texts": texts, "size": size, "step": size // 2 if overlapping else size}

    return st.tuples(text, st.sampled_from(DOCUMENTS), st.sampled_from(list(sizes)), st.booleans()).map(built)


@st.composite
def _document(draw: DrawFn) -> list[str]:
    before = draw(st.sampled_from(["", "", "Koldra GmbH, Graz.\n", "\nA note first.\n"]))
    return [before + "".join(draw(st.lists(_section(), min_size=1, max_size=5)))]


@st.composite
def _twice(draw: DrawFn) -> list[str]:
    """The same section two or three times, with another between perhaps."""
    again, other = draw(_section()), draw(_section())
    return [draw(st.sampled_from(["{0}{0}", "{0}{1}{0}", "{0}{0}{1}{0}"])).format("#" + again.lstrip("#"), "#" + other.lstrip("#"))]


@st.composite
def _same_words(draw: DrawFn) -> list[str]:
    """The same lines under two headings; windows as long as a heading's line cut them alike."""
    body = "".join(f"{line}\n" for line in draw(st.lists(st.sampled_from(LINES[:5]), min_size=1, max_size=2)))
    return ["".join(f"# {title}\n{body}" for title in draw(st.permutations(["Deadlines", "Batteries"])))]


@st.composite
def _blank(draw: DrawFn) -> list[str]:
    gaps = draw(st.lists(st.sampled_from(["\n" * 30, " " * 40 + "\n", "\n \n"]), min_size=1, max_size=3))
    return [draw(st.sampled_from(["", "\n" * 15])) + "".join(draw(_section()) + gap for gap in gaps)]


@st.composite
def _edited(draw: DrawFn) -> list[str]:
    """A document, and the same with some words more in one section."""
    titles = draw(st.permutations(TITLES))[: draw(st.integers(2, 4))]
    sections = [draw(_section([title])) for title in titles]
    place = draw(st.integers(0, len(sections) - 1))
    head, _, body = sections[place].partition("\n")
    changed = [*sections[:place], f"{head}\nLast reviewed on {draw(st.integers(1, 28))} May. {body}", *sections[place + 1 :]]
    return ["".join(sections), "".join(changed)]


def _wanted(inputs: Json, text: str) -> list[dict[str, Any]]:
    """The records of one text."""
    places = [found.start() for found in re.finditer(r"^#", text, re.MULTILINE)]
    borders = sorted({0, len(text), *places})
    above: list[tuple[int, str]] = []
    count: Counter[tuple[str, str]] = Counter()
    found = []
    for begin, finish in itertools.pairwise(borders):
        section = text[begin:finish]
        if section.startswith("#"):
            line = section.split("\n", 1)[0]
            title = line.lstrip("#")
            above = [*((level, name) for level, name in above if level < len(line) - len(title)), (len(line) - len(title), title.strip())]
        heading = " > ".join(name for _, name in above)
        for start, end in windows(inputs["size"], inputs["step"])(section):
            piece = section[start:end]
            if piece.strip():
                found.append({"heading": heading, "start": begin + start, "end": begin + end, "text": piece, "id": _id(inputs["document"], heading, piece, count[heading, piece])})
                count[heading, piece] += 1
    return found


def _id(document: str, heading: str, text: str, number: int) -> str:
    return hashlib.sha256(f"{document}\n{heading}\n{text}\n{number}".encode()).hexdigest()[:16]


def _pieces(inputs: Json, seen: Json) -> Mismatch | None:
    """Texts and places, record by record."""
    for text, records in zip(inputs["texts"], seen, strict=True):
        wanted = _wanted(inputs, text)
        for number, (one, got) in enumerate(zip(wanted, records, strict=False), start=1):
            if any(got[key] != one[key] for key in ("start", "end", "text")):
                return Mismatch(f"record {number}: {one['text']!r} at {one['start']} to {one['end']}", f"{got['text']!r} at {got['start']} to {got['end']}")
            if got["document"] != inputs["document"]:
                return Mismatch(f"\"document\": {inputs['document']!r}", repr(got["document"]))
        if len(wanted) != len(records):
            return Mismatch(f"{len(wanted)} records", f"{len(records)} records")
    return None


def _headings(inputs: Json, seen: Json) -> Mismatch | None:
    for one, got in zip(_wanted(inputs, inputs["texts"][0]), seen[0], strict=False):
        if got["heading"] != one["heading"]:
            return Mismatch(f"above {one['text']!r} the heading {one['heading']!r}", repr(got["heading"]))
    return _pieces(inputs, seen)


def _ids(inputs: Json, seen: Json) -> Mismatch | None:
    """The recipe, applied to each record as it is."""
    count: Counter[tuple[str, str]] = Counter()
    for got in seen[0]:
        key = got["heading"], got["text"]
        wanted = _id(got["document"], *key, count[key])
        if got["id"] != wanted:
            told = "\n".join([got["document"], *key, str(count[key])])
            return Mismatch(f"{wanted!r}, the first 16 digits of the SHA-256 of {told!r}", repr(got["id"]))
        count[key] += 1
    return _pieces(inputs, seen)


def _stable(inputs: Json, seen: Json) -> Mismatch | None:
    """What stands in the sections that were not edited keeps its ids."""
    before, after = ({(one["heading"], one["start"], one["text"]): one["id"] for one in _wanted(inputs, text)} for text in inputs["texts"])
    same = {(heading, text) for heading, _, text in before} & {(heading, text) for heading, _, text in after}
    kept = [{(one["heading"], one["text"]): one["id"] for one in records} for records in seen]
    for heading, text in sorted(same):
        ids = [found.get((heading, text)) for found in kept]
        if ids[0] is None or ids[0] != ids[1]:
            return Mismatch(f"the same id before and after an edit elsewhere for {text!r}, below {heading!r}", " and then ".join(str(id or "no such record") for id in ids))
    return None


RECORDS = Exercise(
    id="3.1-records",
    title="Chunks with what is known about them",
    names=("records",),
    observe="records",
    hints=(
        "First the borders of the sections: 0, the place of every \"#\" that begins a line (`re.finditer(r\"^#\", text, re.M)`), and len(text). Each pair of neighbours is a section; the first may be empty.",
        "Keep a dict {number of #: title} of the headings above. A new heading throws out those with as many # or more, and adds itself; the values in order are the path. cut() counts from the start of the section: add the section's own place.",
        "For the ids keep a dict {(heading, text): how many so far}. hashlib.sha256(\"\\n\".join([document, heading, text, str(n)]).encode()).hexdigest()[:16]. Skip a piece if piece.strip() is empty, before it is counted.",
    ),
    properties=(
        Property(Criterion("pieces", "Sections are cut by themselves, and every piece says where it stands", 2), _inputs(_document()), _pieces, examples=25),
        Property(Criterion("headings", "Each piece knows the headings above it", 2), _inputs(_document()), _headings, examples=30),
        Property(Criterion("ids", "An id is the hash of document, heading, text and number", 2), _inputs(_document()), _ids, examples=20),
        Property(Criterion("repeated", "The same words twice have two ids, the same words elsewhere start anew", 1), st.one_of(_inputs(_twice()), _inputs(_same_words(), (12,))), _ids, examples=16),
        Property(Criterion("blanks", "What is only blanks is dropped, and nothing else", 1), _inputs(_blank(), (7, 12)), _pieces, examples=16),
        Property(Criterion("stable", "An edit in one section leaves the ids of the others alone", 2), _inputs(_edited()), _stable, examples=20),
    ),
)

EXERCISES = (PROTECT, CUT, RECORDS)
