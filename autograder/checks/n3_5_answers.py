"""Exercises of notebook 3.5, answers: the stage that lost one, what a citation is worth, when to be silent, and an index that keeps up with a folder."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..matching import holds, matches, supports
from ..paths import datasets
from ..verdict import Criterion, Json, Mismatch
from .exercise import Exercise, Property
from .figures import close, figure

SUBJECTS = ("A muted sensor", "An invitation", "A gateway without network", "The yearly plan", "An export", "A signed report", "The trial")
FILLERS = ("Ask the help desk if in doubt.", "This page was checked in spring.", "Nothing else has changed.", "See also the price list.")
PATHS = ("help/mute.md", "help/invite.md", "policies/terms.pdf", "ayuda/alarmas.html", "notes/field.md")
STAGES = ("data", "chunking", "embedder", "reranker", "prompt")
KEPT = len(STAGES)
LOOSELY: tuple[Callable[[str], str], ...] = (str, str.upper, lambda text: text.replace(" and ", "\nand "))
"""How the words of a document stand in its chunks."""


def _sentence(subject: str, number: int) -> str:
    return f"{subject} is good for {number} days and not longer."


@st.composite
def _case(draw: st.DrawFn, needs: Sequence[int] = (1,), lost: Sequence[int] = range(KEPT + 1), others: bool = False) -> dict[str, Any]:
    """Each need has one or two sources, and each source is lost at a stage of its own (KEPT: at none). `others`: other documents say the same."""
    subjects, paths = draw(st.permutations(SUBJECTS)), draw(st.permutations(PATHS))
    sources: list[dict[str, Any]] = []
    documents: dict[str, str] = {}
    chunks: list[dict[str, str]] = []
    top, shown, seen = list[str](), list[str](), list[str]()
    answer = draw(st.integers(2, 90))
    for need, count in enumerate(needs):
        quote = _sentence(subjects[need], answer if need == 0 else draw(st.integers(2, 90)))
        for _ in range(count):
            path, stage = paths[len(sources)], draw(st.sampled_from(list(lost)))
            sources.append({"document": path, "quote": quote, "need": need})
            filler = draw(st.sampled_from(FILLERS))
            if stage == 0 and draw(st.booleans()):
                continue
            documents[path] = f"{filler}\n{quote if stage else draw(st.sampled_from(FILLERS))}\nEnd of the page."
            half, loosely = quote.index(" for "), draw(st.sampled_from(LOOSELY))
            parts = [f"{filler} {quote[:half]}", quote[half + 1 :] + " End of the page."] if stage == 1 else documents[path].splitlines()
            for part in parts:
                name = f"c{len(chunks):02}"
                chunks.append({"id": name, "document": path, "text": loosely(part)})
                there = holds(part, quote)
                top += [name] * (stage > 2 or not there)
                shown += [name] * (stage > 3 or (not there and draw(st.booleans())))
                seen += [part] * (name in shown and (stage > 4 or not there))
    if others:
        name, path = f"c{len(chunks):02}", paths[-1]
        documents[path] = sources[0]["quote"]
        chunks.append({"id": name, "document": path, "text": sources[0]["quote"]})
        top, shown, seen = [name, *top], [name, *shown], [sources[0]["quote"], *seen]
    question = f"How long is {subjects[0].lower()} good for?"
    said = draw(st.sampled_from(["30 weeks", "it depends", "unknown", ""]))
    case = {"question": question, "answers": [f"{answer} days"], "sources": sources, "documents": documents, "chunks": chunks}
    return case | {"top": top, "shown": shown, "prompt": "\n\n".join([*seen, f"Question: {question}"]), "reply": said}


@st.composite
def _answered(draw: st.DrawFn) -> dict[str, Any]:
    """The reply is right, in a form of its own, or nothing answers the question."""
    case = draw(_case(lost=(1, 2, 3, KEPT)))
    if draw(st.booleans()):
        number = case["answers"][0].split()[0]
        return case | {"reply": draw(st.sampled_from(["{} days", "For {} days.", "{}  Days, as the page says"])).format(number)}
    return case | {"answers": [], "sources": [], "reply": draw(st.sampled_from(["", "12 days", "30 weeks"]))}


@lru_cache(maxsize=1)
def _recorded() -> tuple[dict[str, Any], ...]:
    data = (datasets() / "fixtures" / "3.5" / "notebook" / "cases.jsonl.gz").read_bytes()
    return tuple(json.loads(line) for line in gzip.decompress(data).splitlines())


def _first_broken(case: Json) -> str | None:
    if matches(case["answers"], case["reply"]) or not (case["sources"] or case["reply"]):
        return None
    by_name = {chunk["id"]: chunk for chunk in case["chunks"]}
    needs = {source["need"] for source in case["sources"]}

    def among(names: Sequence[str], source: Json) -> bool:
        known = (by_name[name] for name in names if name in by_name)
        return any(chunk["document"] == source["document"] and holds(chunk["text"], source["quote"]) for chunk in known)

    tests: tuple[Callable[[Json], bool], ...] = (
        lambda source: holds(case["documents"].get(source["document"], ""), source["quote"]),
        lambda source: among(list(by_name), source),
        lambda source: among(case["top"], source),
        lambda source: among(case["shown"], source),
        lambda source: holds(case["prompt"], source["quote"]),
    )
    for stage, there in zip(STAGES, tests, strict=True):
        if {source["need"] for source in case["sources"] if there(source)} != needs:
            return stage
    return "model"


def _names_the_stage(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = _first_broken(inputs)
    return None if seen == wanted else Mismatch(repr(wanted), repr(seen))


TRIAGE = Exercise(
    id="3.5-triage",
    title="The first stage that lost an answer",
    names=("triage",),
    observe="triage",
    hints=(
        "One question, asked of five things in turn: is every need met here? A need is met if any one of its sources is here. Write that once, as a function that takes a test for a single source, and the five tests are one line each.",
        "In a list of chunk ids, a source is there if a chunk with one of these ids comes from the source's document and holds its quote. `top` and `shown` name chunks of other documents too, which are not in `chunks`: skip them.",
        "First the reply: right, or rightly empty, is None. Then documents (a path may be missing there: `.get(path, \"\")`), all chunks, `top`, `shown`, `prompt`; the first where `{needs met} != {all needs}` is the stage. If none is, it was the model.",
    ),
    properties=(
        Property(Criterion("stages", "The first stage that no longer has the words", 2), st.one_of(_case(), _case(lost=(2, 3)), _case(lost=(4, KEPT))), _names_the_stage, examples=36),
        Property(
            Criterion("needs", "Every need counts, and any source of a need will do", 2),
            st.one_of(_case(needs=(2,)), _case(needs=(1, 1), lost=(1, 3, KEPT)), _case(needs=(2, 1), lost=(0, 2, 4, KEPT))),
            _names_the_stage,
            examples=20,
        ),
        Property(Criterion("document", "The same words in another document are no source", 1), _case(lost=(0, 1, 2, 3), others=True), _names_the_stage, examples=12),
        Property(Criterion("right", "A right reply, or silence where nothing answers, is no fault", 1), _answered(), _names_the_stage, examples=16),
        Property(
            Criterion("recorded", "What the six indexes really handed on", 2), st.deferred(lambda: st.sampled_from(_recorded())), _names_the_stage, examples=12
        ),
    ),
)


@st.composite
def _cited(draw: st.DrawFn, kinds: Sequence[str], claims: Sequence[int] = (1,)) -> dict[str, Any]:
    """An answer of some claims, each with a citation of one of these kinds: sound, or wrong in one way."""
    subjects, paths = draw(st.permutations(SUBJECTS)), draw(st.permutations(PATHS))[:2]
    numbers = draw(st.lists(st.integers(11, 99), min_size=3, max_size=3, unique=True))
    texts = [[], []]  # type: list[list[str]]
    claimed, citations = [], list[dict[str, str]]()
    for number in range(draw(st.sampled_from(list(claims)))):
        home, quote = number % 2, _sentence(subjects[number], numbers[number])
        texts[home] += [draw(st.sampled_from(FILLERS)), quote]
        claimed.append(f"{numbers[number]} days")
        kind = draw(st.sampled_from(list(kinds)))
        if kind == "none":
            continue
        document, words = paths[home], quote
        if kind == "nowhere":
            document = draw(st.sampled_from([paths[home].upper(), "help/missing.md", ""]))
        elif kind == "elsewhere":
            document = paths[1 - home]
        elif kind == "invented":
            words = draw(st.sampled_from([quote.replace("good for", "good for about"), quote.replace("not longer", "no longer"), ""]))
        elif kind == "beside":
            words = draw(st.sampled_from([quote[: quote.index(" for ")], texts[home][-2]]))
        elif kind == "inside":
            claimed[-1] = f"{numbers[number] % 10} days"
        elif kind == "loose":
            words = draw(st.sampled_from([quote.upper(), quote.replace(" is ", "\n  is "), quote.replace(" is good", " … good"), f"“{quote}”"]))
        citations.append({"document": document, "quote": words})
    documents = {path: "\n".join(text or [FILLERS[0]]) for path, text in zip(paths, texts, strict=True)}
    between, after = draw(st.sampled_from(["; ", ";", " ;; "])), draw(st.sampled_from(["", ";"]))
    return {"answer": between.join(claimed) + after, "citations": citations, "documents": documents}


def _silent(case: dict[str, Any]) -> dict[str, Any]:
    return case | {"answer": ""}


def _citation_faults(case: Json) -> list[list[Any]]:
    claims = [claim for part in case["answer"].split(";") if (claim := part.strip())]
    faults: list[list[Any]] = []
    sound = []
    for number, citation in enumerate(case["citations"]):
        text, quote = case["documents"].get(citation["document"]), citation["quote"]
        if text is None:
            faults.append(["document", number])
        elif not supports(text, quote):
            faults.append(["quote", number])
        elif not any(holds(quote, claim) for claim in claims):
            faults.append(["support", number])
        else:
            sound.append(quote)
    return faults + [["claim", number] for number, claim in enumerate(claims) if not any(holds(quote, claim) for quote in sound)]


def _finds_faults(inputs: Json, seen: Json) -> Mismatch | None:
    wanted, got = sorted(_citation_faults(inputs)), sorted([str(name), int(number)] for name, number in seen)
    return None if got == wanted else Mismatch(_told(wanted), _told(got))


def _told(faults: Sequence[Sequence[Any]]) -> str:
    return ", ".join(f"({name!r}, {number})" for name, number in faults) or "no faults"


CITATIONS = Exercise(
    id="3.5-citations",
    title="Citations that resolve and support",
    names=("citation_faults",),
    observe="citations",
    hints=(
        "Go through the citations first. Each has at most one fault: ask the three questions in order and stop at the first that fails. Keep the quotes of those without a fault.",
        "`supports(text, quote)` says whether a quote stands in a document, `holds(quote, claim)` whether a claim stands in a quote. Both forgive line breaks and capitals, so leave `in` alone.",
        "Then the claims: `[part.strip() for part in answer.split(\";\") if part.strip()]`. A claim that none of the kept quotes holds is (\"claim\", its number). An empty answer has no claims, so any citation of it is beside the point: \"support\".",
    ),
    properties=(
        Property(Criterion("resolves", "The document exists, by exactly this name", 1), _cited(("sound", "nowhere")), _finds_faults, examples=10),
        Property(Criterion("stands", "The quote stands in that document, whatever its capitals and line breaks", 2), _cited(("elsewhere", "invented", "loose")), _finds_faults, examples=20),
        Property(Criterion("supports", "The quote holds what is claimed, figures strictly", 2), _cited(("beside", "inside", "sound")), _finds_faults, examples=16),
        Property(
            Criterion("claims", "Every claim has a sound citation", 2),
            st.one_of(
                _cited(("sound", "none", "invented", "beside", "nowhere"), claims=(1, 2, 3)),
                _cited(("none", "sound"), claims=(1, 3)),
                _cited(("none", "sound"), claims=(2, 3)),
            ),
            _finds_faults,
            examples=36,
        ),
        Property(Criterion("silent", "An empty answer claims nothing, and cites nothing", 1), _cited(("none", "sound", "nowhere")).map(_silent), _finds_faults, examples=8),
    ),
)


def _outcomes(scores: SearchStrategy[float], fewest: int = 1) -> SearchStrategy[dict[str, Any]]:
    rows = st.lists(st.tuples(scores, st.booleans()), min_size=fewest, max_size=9)
    targets = st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.3, 1 / 3, 0.5])
    return st.tuples(rows, targets).map(lambda drawn: {"scores": [a for a, _ in drawn[0]], "right": [b for _, b in drawn[0]], "target": drawn[1]})


_spread = _outcomes(st.integers(1, 40).map(lambda n: n / 40))
_tied = _outcomes(st.sampled_from([0.25, 0.5, 0.75]), fewest=4)
_all_wrong = _outcomes(st.integers(1, 40).map(lambda n: n / 40)).map(
    lambda case: case | {"right": [score < max(case["scores"]) for score in case["scores"]] if len(case["scores"]) == 1 else [False] * len(case["scores"])}
)
_unfit = st.sampled_from([{"scores": [], "right": [], "target": 0.2}, {"scores": [0.5], "right": [], "target": 0.2}, {"scores": [0.5], "right": [True, False], "target": 0.1}])


@st.composite
def _late(draw: st.DrawFn) -> dict[str, Any]:
    """The surest answer is wrong, or one in the middle: the risk comes down again further below."""
    good, wrong = draw(st.integers(3, 7)), draw(st.integers(0, 2))
    right = [True] * good
    right.insert(wrong, False)
    scores = sorted(draw(st.lists(st.integers(1, 80), min_size=good + 1, max_size=good + 1, unique=True)), reverse=True)
    order = draw(st.permutations(range(good + 1)))
    return {"scores": [scores[n] / 80 for n in order], "right": [right[n] for n in order], "target": draw(st.sampled_from([0.15, 0.2, 0.25]))}


_exact = st.permutations([True] * 4 + [False]).map(lambda right: {"scores": [0.5] * 5, "right": right, "target": 1 - 0.8})
"""One in five is wrong, and 1 - 0.8 is a little less than 0.2."""


def _curve(case: Json) -> list[list[float]]:
    points = []
    for level in sorted(set(case["scores"]), reverse=True):
        answered = [right for score, right in zip(case["scores"], case["right"], strict=True) if score >= level]
        points.append([level, len(answered) / len(case["scores"]), answered.count(False) / len(answered)])
    return points


def _row(point: Json) -> str:
    return f"({', '.join(figure(value) for value in point)})"


def _same(got: Json, wanted: Sequence[Any]) -> bool:
    if not isinstance(got, list) or len(got) != len(wanted):
        return False
    return all(one is None if other is None else close(one, other) for one, other in zip(got, wanted, strict=True))


def _draws_the_curve(inputs: Json, seen: Json) -> Mismatch | None:
    wanted, got = _curve(inputs), seen["curve"].get("value")
    if got is None:
        return Mismatch(f"{len(wanted)} points", f"ValueError: {seen['curve']['refused']}")
    if len(got) != len(wanted):
        return Mismatch(f"{len(wanted)} points, one for each different score", f"{len(got)} points")
    return next((Mismatch(_row(want), _row(point)) for want, point in zip(wanted, got, strict=True) if not _same(point, want)), None)


def _chooses(inputs: Json, seen: Json) -> Mismatch | None:
    allowed = [point for point in _curve(inputs) if point[2] <= inputs["target"] + 1e-9]
    wanted: Sequence[Any] = allowed[-1] if allowed else [None, 0.0, 0.0]
    got = seen["threshold"].get("value")
    if got is None:
        return Mismatch(_row(wanted), f"ValueError: {seen['threshold']['refused']}")
    return None if _same(got, wanted) else Mismatch(f"{_row(wanted)} for a risk of at most {figure(inputs['target'])}", _row(got))


def _both(inputs: Json, seen: Json) -> Mismatch | None:
    return _draws_the_curve(inputs, seen) or _chooses(inputs, seen)


def _refuses(inputs: Json, seen: Json) -> Mismatch | None:
    name = next((name for name in ("curve", "threshold") if "refused" not in seen[name]), None)
    sizes = f"{len(inputs['scores'])} scores and {len(inputs['right'])} outcomes"
    return Mismatch(f"ValueError from {name} for {sizes}", str(seen[name]["value"])) if name else None


THRESHOLD = Exercise(
    id="3.5-threshold",
    title="When to answer: risk against coverage",
    names=("curve", "threshold"),
    observe="threshold",
    hints=(
        "A threshold t lets pass what has score >= t. Only the scores that occur are worth trying: between two of them nothing changes. So: for each different score, from the highest down, who passes, and how many of these are wrong?",
        "Equal scores pass together or not at all. `sorted(set(scores), reverse=True)` gives each level once; count with `score >= level`, not by position.",
        "The risk may rise above the target and come back below it further down. So do not stop at the first point that is too risky: of all points of the curve with `risk <= target + 1e-9`, take the last. If there is none, (None, 0.0, 0.0).",
    ),
    properties=(
        Property(Criterion("curve", "One point per different score: threshold, coverage, risk", 2), _spread, _draws_the_curve, examples=16),
        Property(Criterion("ties", "Equal scores are answered together", 2), _tied, _both, examples=16),
        Property(Criterion("target", "The largest coverage at which the risk keeps to the target", 2), st.one_of(_spread, _late(), _late(), _exact), _chooses, examples=20),
        Property(Criterion("nothing", "If no threshold will do, nothing is answered", 1), _all_wrong, _chooses, examples=10),
        Property(Criterion("refuses", "No scores, or not as many outcomes: ValueError", 1), _unfit, _refuses, examples=3),
    ),
)


NAMES = ("a.md", "b.md", "alerts/mute.md", "alerts/calls.md", "Preise.md")
PARAGRAPHS = tuple(f"{_sentence(subject, number)}{extra}" for subject, number, extra in zip(SUBJECTS, range(3, 38, 5), ("", " Größe: 4 °C.") * 4, strict=False))
CHANGES = ("keep", "delete", "rename", "edit", "add", "move")


@st.composite
def _states(draw: st.DrawFn, changes: Sequence[str], twice: bool = False) -> dict[str, Any]:
    """A folder, and what became of it in one or two steps. `twice`: paragraphs occur more than once."""
    fresh = list(draw(st.permutations(PARAGRAPHS)))
    names = list(draw(st.permutations(NAMES)))
    state = {names.pop(): [fresh.pop() for _ in range(size)] for size in (2, draw(st.integers(1, 2)))}
    if twice:
        first, second = state
        state[second] = [state[first][0], *state[second]][: draw(st.integers(1, 3))]
        state[first] += state[first][:1] * draw(st.integers(0, 1))
    states = [state]
    for _ in range(draw(st.integers(1, 2))):
        state = {name: list(paragraphs) for name, paragraphs in state.items()}
        change = draw(st.sampled_from(list(changes)))
        name = draw(st.sampled_from(sorted(state))) if state else ""
        if change == "delete" and name:
            del state[name]
        elif change == "rename" and name and names:
            state[names.pop()] = state.pop(name)
        elif change == "edit" and name and fresh:
            state[name] = [fresh.pop(), *state[name][1:]] if draw(st.booleans()) else [fresh.pop(), *state[name]]
        elif change == "add" and names and fresh:
            state[names.pop()] = [fresh.pop()]
        elif change == "move" and len(state) > 1:
            other = next(one for one in sorted(state) if one != name)
            state[other] = [*state[other], *state.pop(name)[:1]]
        states.append(state)
    files = [{name: "\n\n".join(paragraphs) + "\n" for name, paragraphs in one.items()} for one in states]
    if draw(st.booleans()):
        files[-1] |= {"readme.txt": "No document.", "alerts/.a.md.swp": "No document either."}
    return {"states": files, "salt": draw(st.integers(1, 999))}


def _wanted(files: dict[str, str]) -> list[list[str]]:
    pairs = {(name, part.strip()) for name, text in files.items() if name.endswith(".md") for part in text.split("\n\n") if part.strip()}
    return sorted(list(pair) for pair in pairs)


def _brief(pairs: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"{name}: {text[:24]!r}" for name, text in pairs) or "nothing"


def _holds_the_folder(inputs: Json, seen: Json) -> Mismatch | None:
    for number, (files, step) in enumerate(zip(inputs["states"], seen, strict=True)):
        wanted, got = _wanted(files), sorted([str(row[0]), str(row[1])] for row in step["rows"])
        if got != wanted:
            stale, lacking = [pair for pair in got if pair not in wanted], [pair for pair in wanted if pair not in got]
            also = f"; stale: {_brief(stale)}" if stale else f"; missing: {_brief(lacking)}" if lacking else "; some of them twice"
            return Mismatch(f"{len(wanted)} rows after state {number + 1}, those of the folder", f"{len(got)} rows{also}")
        for name, text, vector in step["rows"]:
            if vector != vector_of(text, inputs["salt"]):
                return Mismatch(f"the vector of {text[:30]!r} in {name}", f"another: {vector}")
    return None


def vector_of(text: str, salt: int) -> list[float]:
    """What the observer's embedder gives."""
    return [float(salt * len(text)), float(sum(salt + place * ord(sign) for place, sign in enumerate(text)) % 9973)]


def _embeds_what_is_new(inputs: Json, seen: Json) -> Mismatch | None:
    known: set[str] = set()
    for number, (files, step) in enumerate(zip(inputs["states"], seen, strict=True)):
        texts = {text for _, text in _wanted(files)}
        wanted, got = sorted(texts - known), sorted(map(str, step["embedded"]))
        if got != wanted:
            return Mismatch(f"{len(wanted)} texts embedded for state {number + 1}, each once", f"{len(got)}: {[text[:24] for text in got][:4]}")
        known = texts
    return _holds_the_folder(inputs, seen)


def _leaves_alone(inputs: Json, seen: Json) -> Mismatch | None:
    before: list[list[str]] = []
    for number, (files, step) in enumerate(zip(inputs["states"], seen, strict=True)):
        now = _wanted(files)
        gone, new = [pair for pair in before if pair not in now], [pair for pair in now if pair not in before]
        got = (sorted(step["deleted"]), sorted(step["added"]))
        if got != (gone, new):
            return Mismatch(f"deleted in state {number + 1}: {_brief(gone)}; added: {_brief(new)}", f"deleted: {_brief(got[0])}; added: {_brief(got[1])}")
        before = now
    return None


SYNC = Exercise(
    id="3.5-sync",
    title="An index that keeps up with a folder",
    names=("sync",),
    observe="sync",
    hints=(
        "Two sets of ids decide everything: those that the folder calls for, and those that the index has. What only the index has is deleted, what only the folder has is added, and what both have is left alone.",
        "Build {id: (document, text)} of the whole folder first: `folder.rglob(\"*.md\")`, the name as `path.relative_to(folder).as_posix()`, the text by `path.read_text(encoding=\"utf-8\")`. As a dict it holds a chunk that occurs twice only once.",
        "A chunk of a renamed document has a new id and an old text: look its vector up in `{row[\"text\"]: row[\"vector\"] for row in rows}`. Only texts that are not there are embedded, each once: `list(dict.fromkeys(...))`, and one call at most.",
    ),
    properties=(
        Property(Criterion("current", "The index holds what the folder holds, and nothing else", 3), _states(CHANGES), _holds_the_folder, examples=16),
        Property(Criterion("deleted", "Nothing stays of a document that is gone or renamed", 2), _states(("delete", "rename")), _holds_the_folder, examples=10),
        Property(Criterion("embedded", "Only texts that the index has not seen are embedded", 2), _states(("keep", "edit", "rename", "move")), _embeds_what_is_new, examples=14),
        Property(Criterion("untouched", "What has not changed is neither deleted nor added", 1), _states(("keep", "edit", "delete")), _leaves_alone, examples=10),
        Property(Criterion("twice", "The same paragraph in two places: a row in each, embedded once", 1), _states(("keep", "edit", "rename"), twice=True), _embeds_what_is_new, examples=12),
    ),
)

EXERCISES = (TRIAGE, CITATIONS, THRESHOLD, SYNC)
