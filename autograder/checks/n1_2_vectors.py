"""Exercises of notebook 1.2, vectors, softmax, calibration: ranking by cosine, probabilities from logits, scoring forecasts, triage.

Where rounding could change a ranking, cases are made of numbers whose cosines are exact in binary, or near ties are allowed in any order.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..verdict import Criterion, Json, Mismatch
from .exercise import Exercise, Property
from .figures import close, figure


def _shown(values: Sequence[Json]) -> str:
    return f"[{', '.join(map(figure, values))}]"


def _search(query: SearchStrategy[list[int]], rows: SearchStrategy[list[list[int]]], k: SearchStrategy[int]) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"query": query, "matrix": rows, "k": k})


def _vector(width: int) -> SearchStrategy[list[int]]:
    return st.lists(st.integers(-9, 9), min_size=width, max_size=width)


def _not_zero(vector: Sequence[int]) -> bool:
    return any(vector)


_any_search = st.integers(2, 4).flatmap(
    lambda width: _search(_vector(width).filter(_not_zero), st.lists(_vector(width).filter(_not_zero), min_size=1, max_size=6), st.integers(1, 8))
)
_with_zero_row = st.integers(2, 3).flatmap(
    lambda width: _search(_vector(width).filter(_not_zero), st.lists(_vector(width), max_size=3).map(lambda rows: [*rows, [0] * width]), st.integers(3, 5))
)
_with_zero_query = _search(st.just([0, 0]), st.lists(_vector(2), min_size=1, max_size=3), st.integers(1, 3))

EXACT = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 0], [1, 1, 1, 1], [1, -1, 1, -1], [2, 2, 2, 2], [4, 0, 0, 0], [-1, 1, 1, -1]]
"""Lengths are powers of two, so that every cosine among them is exact however it is computed."""
_exact = st.sampled_from(EXACT)
_ties = _search(_exact, st.one_of(st.lists(_exact, min_size=2, max_size=6), st.lists(_exact, min_size=20, max_size=40)), st.integers(2, 40))


def _cosines(inputs: Json) -> list[float]:
    query, norm = inputs["query"], math.hypot(*inputs["query"])
    lengths = [norm * math.hypot(*row) for row in inputs["matrix"]]
    return [sum(a * b for a, b in zip(query, row, strict=True)) / n if n else 0.0 for row, n in zip(inputs["matrix"], lengths, strict=True)]


def _best(cosines: Sequence[float], k: int) -> list[int]:
    return sorted(range(len(cosines)), key=lambda row: -cosines[row])[:k]


def _pairs(pairs: Sequence[Sequence[Json]]) -> str:
    return f"[{', '.join(f'({row}, {figure(similarity)})' for row, similarity in pairs)}]"


def _ranks(inputs: Json, seen: Json) -> Mismatch | None:
    """Right similarities, best first; rows that are within rounding of each other may change places."""
    cosines = _cosines(inputs)
    wanted = [(row, cosines[row]) for row in _best(cosines, inputs["k"])]
    rows = [row for row, _ in seen]
    fits = (
        len(seen) == len(wanted)
        and len(set(rows)) == len(rows)
        and all(type(row) is int and 0 <= row < len(cosines) and close(similarity, cosines[row]) for row, similarity in seen)
        and all(close(similarity, best) for (_, similarity), (_, best) in zip(seen, wanted, strict=True))
    )
    return None if fits else Mismatch(_pairs(wanted), _pairs(seen))


def _keeps_the_order(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = _best(_cosines(inputs), inputs["k"])
    rows = [row for row, _ in seen]
    if rows == wanted:
        return None
    return Mismatch(f"rows {wanted}: among equals the earlier row first", f"rows {rows}")


TOPK = Exercise(
    id="1.2-topk",
    title="The k nearest rows by cosine",
    names=("topk",),
    observe="topk",
    hints=(
        "Three steps: the dot product of every row with the query (`matrix @ query`), divided by both lengths, then sort. `np.linalg.norm(matrix, axis=1)` gives all row lengths at once.",
        "A row of length zero would divide by zero. Divide only where the product of the lengths is above zero; elsewhere the similarity is 0.",
        'Sort the negated similarities with `np.argsort(..., kind="stable")`: ascending order of the negatives is descending order, and a stable sort leaves equals as they were. Reversing an ascending sort would turn them round.',
    ),
    properties=(
        Property(Criterion("values", "At most k rows with their cosine similarity, best first", 2), _any_search, _ranks),
        Property(Criterion("ties", "Equal rows stay in the order of the matrix", 1), _ties, _keeps_the_order),
        Property(Criterion("zero", "A vector of length zero has similarity 0", 1), st.one_of(_with_zero_row, _with_zero_query), _ranks),
    ),
)


_temperatures = st.lists(st.sampled_from([0.25, 0.5, 1.0, 2.0, 4.0]), min_size=1, max_size=3, unique=True).map(sorted)


def _at(logits: SearchStrategy[float], temperatures: SearchStrategy[list[float]], fewest: int = 1) -> SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"logits": st.lists(logits, min_size=fewest, max_size=5), "temperatures": temperatures})


_modest = st.sampled_from([-4.0, -1.5, -0.5, 0.0, 0.25, 1.0, 2.0, 3.5])
_huge = st.sampled_from([-10_000.0, -9_999.0, 0.0, 1.0, 9_998.5, 10_000.0])
_only_low = st.sampled_from([-10_000.0, -9_999.5, -9_998.0])


def _softmax(logits: Sequence[float], temperature: float) -> list[float]:
    top = max(logits)
    weights = [math.exp((logit - top) / temperature) for logit in logits]
    return [weight / sum(weights) for weight in weights]


def _probabilities(inputs: Json, seen: Json) -> Mismatch | None:
    for temperature, got in zip(inputs["temperatures"], seen, strict=True):
        wanted = _softmax(inputs["logits"], temperature)
        p = got.get("value")
        if p is None:
            return Mismatch(f"{_shown(wanted)} at temperature {temperature:g}", f"ValueError: {got['refused']}")
        if len(p) != len(wanted) or not all(close(a, b) for a, b in zip(p, wanted, strict=True)):
            return Mismatch(f"{_shown(wanted)} at temperature {temperature:g}", _shown(p))
    return None


def _refuses(inputs: Json, seen: Json) -> Mismatch | None:
    if all("refused" in got for got in seen):
        return None
    return Mismatch(f"ValueError: a temperature of {inputs['temperatures'][0]:g} has no meaning here", _shown(seen[0].get("value") or []))


SOFTMAX = Exercise(
    id="1.2-softmax",
    title="Probabilities from logits, at a temperature",
    names=("softmax",),
    observe="softmax",
    hints=(
        "Softmax only looks at differences: adding the same number to every logit changes nothing. So subtract the largest before `np.exp`, and no exponent is above zero.",
        "The temperature divides the logits *before* the exponential; dividing the probabilities by it would change nothing after they are made to add up to 1.",
        "Four lines: raise ValueError if the temperature is not above zero; `scaled = np.asarray(logits) / temperature`; the exponential of `scaled` minus its largest; divide by the sum.",
    ),
    properties=(
        Property(Criterion("values", "Exponentials of the logits over their sum", 1), _at(_modest, st.just([1.0])), _probabilities),
        Property(Criterion("stable", "Holds for logits of ten thousand, up or down", 2), _at(st.one_of(_huge, _only_low), st.just([1.0])), _probabilities),
        Property(Criterion("temperature", "The temperature divides the logits: the higher, the flatter", 1), _at(_modest, _temperatures, 2), _probabilities),
        Property(Criterion("refuses", "A temperature of zero or less is a ValueError", 1), _at(_modest, st.sampled_from([[0.0], [-1.0], [-0.5]])), _refuses),
    ),
)


_sure = st.sampled_from([0.07, 0.23, 0.41, 0.58, 0.66, 0.73, 0.87, 0.94, 0.98])
"""On no edge of ten or five bins, where rounding would decide."""
_edge = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
"""Edges of two and four bins, exact in binary."""


def _forecasts(confidence: SearchStrategy[float], bins: SearchStrategy[int], sizes: tuple[int, int] = (1, 10)) -> SearchStrategy[dict[str, Any]]:
    pairs = st.lists(st.tuples(confidence, st.booleans()), min_size=sizes[0], max_size=sizes[1])
    return st.tuples(pairs, bins).map(lambda drawn: {"confidences": [c for c, _ in drawn[0]], "outcomes": [o for _, o in drawn[0]], "bins": drawn[1]})


_some_forecasts = _forecasts(_sure, st.sampled_from([5, 10]))
_on_edges = _forecasts(_edge, st.sampled_from([2, 4]))
_no_forecasts = _forecasts(_sure, st.sampled_from([1, 5, 10]), (0, 0))


def _brier(inputs: Json) -> float:
    pairs = list(zip(inputs["confidences"], inputs["outcomes"], strict=True))
    return float(sum((c - o) ** 2 for c, o in pairs) / len(pairs))


def _ece(inputs: Json) -> float:
    groups: dict[int, list[tuple[float, bool]]] = {}
    for c, o in zip(inputs["confidences"], inputs["outcomes"], strict=True):
        groups.setdefault(min(int(c * inputs["bins"]), inputs["bins"] - 1), []).append((c, o))
    gaps = [abs(sum(c for c, _ in group) - sum(o for _, o in group)) for group in groups.values()]
    return float(sum(gaps) / len(inputs["confidences"]))


def _scores(name: str, reference: Callable[[Json], float]) -> Callable[[Json, Json], Mismatch | None]:
    def judge(inputs: Json, seen: Json) -> Mismatch | None:
        wanted = reference(inputs)
        got = seen["value"].get(name) if "value" in seen else f"ValueError ({seen['refused']})"
        return None if close(got, wanted) else Mismatch(f"{name} = {figure(wanted)}", f"{name} = {figure(got)}")

    return judge


def _nothing_to_score(inputs: Json, seen: Json) -> Mismatch | None:
    return None if "refused" in seen else Mismatch("ValueError: there are no forecasts", str(seen["value"]))


CALIBRATION = Exercise(
    id="1.2-calibration",
    title="Scoring forecasts: Brier score and calibration error",
    names=("calibration",),
    observe="calibration",
    hints=(
        "Make arrays of floats first, so that outcomes are 1.0 and 0.0. The Brier score is the mean of (confidence - outcome) squared, nothing more.",
        "The bin of a confidence is `int(confidence * bins)`, except that 1.0 would fall out at the top: take at most `bins - 1`.",
        "For each bin that is not empty: the absolute difference of its mean confidence and its share of right ones, times the number in it. Add up, divide by the number of all forecasts.",
    ),
    properties=(
        Property(Criterion("brier", "The mean squared distance from what happened", 1), _some_forecasts, _scores("brier", _brier)),
        Property(Criterion("ece", "Gaps between confidence and frequency, weighted by how many are in the bin", 2), _some_forecasts, _scores("ece", _ece)),
        Property(Criterion("edges", "A bin holds its lower edge; the last one holds 1.0 as well", 1), _on_edges, _scores("ece", _ece)),
        Property(Criterion("empty", "Without forecasts there is nothing to score: ValueError", 1), _no_forecasts, _nothing_to_score, examples=3),
    ),
)


FACTS = (
    ("30 minutes", "An alarm that nobody takes goes to the second person after {} and to the third after an hour."),
    ("four weeks", "Readings that arrive late are accepted for {} and are marked in the report."),
    ("HX-210", "Below -60 °C only the sensor {} may be used, with its cable probe."),
    ("article 12", "What happens to the data at the end is settled in {} of the contract."),
    ("Marit Solheim", "Requests of the supervisory authority are answered by {} and nobody else."),
)
OTHERS = (
    "The report of the night is sent within 130 minutes after six.",
    "Batteries are changed by the customer; the lid holds four screws.",
    "The sensor HX-2100 was never sold in Europe.",
    "A gateway needs a socket, a window and some patience.",
    "Weekly logs are closed on Monday and signed by the manager.",
)


@st.composite
def _failed(draw: st.DrawFn, stages: Sequence[str]) -> dict[str, Any]:
    """The record of one retrieval in which the given stage, drawn from `stages`, lost the fact ("" for none)."""
    stage = draw(st.sampled_from(stages))
    fact, sentence = draw(st.sampled_from(FACTS))
    whole = sentence.format(draw(st.sampled_from([fact, fact.upper()])))
    noise = draw(st.lists(st.sampled_from(OTHERS), min_size=2, max_size=4, unique=True))
    cut = whole.lower().index(fact.lower()) + len(fact) // 2
    pieces = [whole[:cut], whole[cut:]] if stage == "chunking" else [whole] * (0 if stage == "data" else draw(st.integers(1, 2)))
    texts = draw(st.permutations(noise + pieces))
    ids = draw(st.permutations(range(20, 20 + 3 * len(texts), 3)))
    chunks = [{"id": number, "text": text} for number, text in zip(ids, texts, strict=True)]
    holders = [chunk["id"] for chunk in chunks if chunk["text"] == whole]
    blanks = [chunk["id"] for chunk in chunks if chunk["id"] not in holders]
    found = draw(st.permutations(blanks))[:2]
    candidates = draw(st.permutations(found + ([] if stage == "embedder" else holders[:1])))
    context = draw(st.permutations(found[:1] + (holders[:1] if stage in ("prompt", "") else [])))
    reply = draw(st.sampled_from(["I do not know.", "That depends on the contract.", "It is 5."])) if stage else f"That would be {fact}."
    documents = [" ".join(noise), *([] if stage == "data" else [whole])]
    return {"fact": fact, "documents": documents, "chunks": chunks, "candidates": candidates, "context": context, "reply": reply}


@st.composite
def _lucky(draw: st.DrawFn) -> dict[str, Any]:
    """The reply is right although the fact was lost on the way."""
    record = draw(_failed(("data", "chunking", "embedder", "reranker")))
    return record | {"reply": f"It should be {record['fact']}, I think."}


def _holds(text: str, fact: str) -> bool:
    words = r"\s+".join(map(re.escape, fact.split()))
    return re.search(rf"(?<!\w){words}(?!\w)", text, re.I) is not None


def _blamed(record: Json) -> str | None:
    """The first stage after which the fact is gone."""
    fact = record["fact"]
    holding = {chunk["id"] for chunk in record["chunks"] if _holds(chunk["text"], fact)}
    if _holds(record["reply"], fact):
        return None
    if not any(_holds(document, fact) for document in record["documents"]):
        return "data"
    if not holding:
        return "chunking"
    if not holding & set(record["candidates"]):
        return "embedder"
    return "reranker" if not holding & set(record["context"]) else "prompt"


def _blames(inputs: Json, seen: Json) -> Mismatch | None:
    wanted = _blamed(inputs)
    return None if seen == wanted and type(seen) is type(wanted) else Mismatch(f"{wanted!r} for the fact {inputs['fact']!r}", repr(seen))


TRIAGE = Exercise(
    id="1.2-triage",
    title="Which stage lost the fact?",
    names=("triage",),
    observe="triage",
    hints=(
        "Walk the pipeline in its own order: documents, chunks, candidates, context, reply. The first place that no longer holds the fact names the stage.",
        "`candidates` and `context` are ids. Collect the ids of all chunks that hold the fact first; then ask whether any of them is among the candidates, and in the context.",
        'One case ends the walk before it begins: if the reply holds the fact, return None. And if the fact is still in the context, only one stage is left: "prompt".',
    ),
    properties=(
        Property(Criterion("ingestion", "data or chunking: the fact was lost before anybody searched", 1), _failed(("data", "chunking")), _blames, examples=15),
        Property(Criterion("search", "embedder or reranker: it was there and was not chosen", 1), _failed(("embedder", "reranker")), _blames, examples=15),
        Property(Criterion("prompt", "prompt: the model had it in front of it", 1), _failed(("prompt",)), _blames, examples=15),
        Property(Criterion("nothing", "None when the reply is right, even if by luck", 1), st.one_of(_failed(("",)), _lucky()), _blames, examples=15),
    ),
)

EXERCISES = (TOPK, TRIAGE, SOFTMAX, CALIBRATION)
