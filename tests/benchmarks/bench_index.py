"""The index at a hundred thousand passages: ingestion, latency, bytes, and what 200 document updates do to them.

    python -m tests.benchmarks.bench_index [--rows 100000] [--sizes 1000 2000 4000 8000] [--updates 200] [--questions 200] [--out FILE]

Builds a LanceDB table of each size (see `crowd` for where texts and vectors come from). A copy of the full one has documents updated one by
one, as a pipeline that follows its sources does (delete the old passages, add the new); a copy of that is compacted by `optimize()`; and in a
copy of that an `optimize` also removes the old versions. Then every question is asked of every table by every search *in turns*, after twenty
that do not count, so that what else the machine does falls on all of them alike. At last two approximate vector indexes are built, and their
recall is counted against the exact search. Prints what it measures; `--out` writes the rows as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
from lancedb.index import FTS, Bitmap, IvfFlat, IvfPq
from lancedb.pydantic import LanceModel, Vector
from lancedb.query import MatchQuery
from lancedb.rerankers import RRFReranker

from autograder.gateway.embedder import Embedder
from autograder.world.company import draw

from .crowd import Passage, Vectorer, Vectors, anew, crowd, embedder, questions

K, ARM = 10, 50
BATCH = 5_000
WARM = 20
EMBEDDED = 128
"""Passages that the embedding rate is taken from."""


class Stored(LanceModel):
    """A row of the table: a passage under an id."""

    id: int
    company: int
    document: str
    department: str
    language: str
    form: str
    text: str
    vector: Vector(384)  # type: ignore[valid-type]


SCHEMA = Stored.to_arrow_schema()  # type: ignore[no-untyped-call]
Arrow = type(SCHEMA.empty_table())
Row = dict[str, Any]
Query = Callable[[str, Vectors], list[Row]]
Truth = tuple[int, float]
"""How many passages an exact search returns, and the cosine of the last."""


@dataclass(frozen=True)
class Case:
    """One search of one table in some state."""

    state: str
    rows: int
    name: str
    query: Query


@dataclass
class Bench:
    """The rows measured so far; each is told as it comes."""

    asked: list[str]
    vectors: Vectors
    rows: list[Row] = field(default_factory=list)
    by_id: list[Vectors] = field(default_factory=list)

    def numbered(self, passages: Sequence[Passage]) -> Any:
        """An Arrow table of passages, each under an id of its own."""
        first = len(self.by_id)
        self.by_id += [one.vector for one in passages if one.vector is not None]
        return Arrow.from_pylist([{"id": first + number, **one.row} for number, one in enumerate(passages)], schema=SCHEMA)

    def truth(self, query: Query) -> list[Truth]:
        """What an exact search finds for each question."""
        found = []
        for text, vector in zip(self.asked, self.vectors, strict=True):
            cosines = self.cosines(query(text, vector), vector)
            found.append((len(cosines), min(cosines)))
        return found

    def cosines(self, rows: Sequence[Row], vector: Vectors) -> list[float]:
        return [float(self.by_id[row["id"]] @ vector) for row in rows[:K]]

    def recall(self, rows: Sequence[Row], vector: Vectors, truth: Truth) -> float:
        """The share of the exact results that came, or others that are as near: companies share pages without figures."""
        count, worst = truth
        return sum(cosine >= worst - 1e-5 for cosine in self.cosines(rows, vector)) / count

    def tell(self, **row: Any) -> None:
        self.rows.append(row)
        print("  ".join(f"{name} {shown(value)}" for name, value in row.items()), flush=True)

    def time(self, cases: Sequence[Case], truth: Sequence[Truth] | None = None) -> None:
        """Milliseconds of every question in every case, in turns."""
        spent: list[list[float]] = [[] for _ in cases]
        found: list[list[float]] = [[] for _ in cases]
        for number in range(-WARM, len(self.asked)):
            for case, times, shares in zip(cases, spent, found, strict=True):
                began = time.perf_counter()
                got = case.query(self.asked[number % len(self.asked)], self.vectors[number % len(self.asked)])
                if number >= 0:
                    times.append(1000 * (time.perf_counter() - began))
                    if truth is not None:
                        shares.append(self.recall(got, self.vectors[number], truth[number]))
        for case, times, shares in zip(cases, spent, found, strict=True):
            p50, p95 = map(float, np.quantile(times, [0.5, 0.95]))
            row: Row = {"what": "query", "state": case.state, "rows": case.rows, "query": case.name, "p50": p50, "p95": p95, "n": len(times)}
            self.tell(**row, **({"recall": float(np.mean(shares))} if truth is not None else {}))


def shown(value: Any) -> str:
    return f"{value:,.3g}" if isinstance(value, float) and value < 1000 else f"{value:,.0f}" if isinstance(value, int | float) else str(value)


def exact(table: Any, where: str = "", prefilter: bool = True) -> Query:
    def run(text: str, vector: Vectors) -> list[Row]:
        query = table.search(vector).distance_type("cosine").bypass_vector_index().select(["id", "_distance"]).limit(K)
        found: list[Row] = (query.where(where, prefilter=prefilter) if where else query).to_list()
        return found

    return run


def near(table: Any, nprobes: int, refine: int = 0) -> Query:
    def run(text: str, vector: Vectors) -> list[Row]:
        query = table.search(vector).distance_type("cosine").nprobes(nprobes).select(["id", "_distance"]).limit(K)
        found: list[Row] = (query.refine_factor(refine) if refine else query).to_list()
        return found

    return run


def words(text: str) -> MatchQuery:
    return MatchQuery(text, "text")  # type: ignore[call-arg]


def full_text(table: Any) -> Query:
    def run(text: str, vector: Vectors) -> list[Row]:
        found: list[Row] = table.search(words(text), query_type="fts").select(["id", "_score"]).limit(K).to_list()
        return found

    return run


def hybrid(table: Any) -> Query:
    """Both arms to a depth of 50, merged by reciprocal rank fusion."""
    reranker = RRFReranker()

    def run(text: str, vector: Vectors) -> list[Row]:
        query = table.search(query_type="hybrid", vector_column_name="vector").vector(vector).text(words(text))
        found: list[Row] = query.distance_type("cosine").bypass_vector_index().rerank(reranker).limit(ARM).to_list()
        return found[:K]

    return run


def searches(table: Any, state: str) -> list[Case]:
    return cases(table, state, {"vector, flat": exact(table), "full text": full_text(table), "hybrid": hybrid(table)})


def cases(table: Any, state: str, queries: dict[str, Query]) -> list[Case]:
    return [Case(state, table.count_rows(), name, query) for name, query in queries.items()]


def built(bench: Bench, folder: Path, passages: Sequence[Passage]) -> Any:
    """A table of these passages with its full-text index; the rate counts neither the texts' making nor their vectors."""
    bench.by_id.clear()
    parts = [bench.numbered(passages[start : start + BATCH]) for start in range(0, len(passages), BATCH)]
    began = time.perf_counter()
    table = lancedb.connect(folder).create_table("passages", schema=SCHEMA)
    for part in parts:
        table.add(part)
    written = time.perf_counter()
    table.create_index("text", config=FTS())
    indexed = time.perf_counter()
    texts = sum(len(one.text.encode()) for one in passages)
    seconds = written - began
    bench.tell(what="ingest", rows=len(passages), rows_per_second=len(passages) / seconds, seconds=seconds, fts_seconds=indexed - written, text_bytes=texts)
    return table


def weigh(bench: Bench, table: Any, folder: Path, state: str) -> None:
    """Bytes below the table's folder, by what they are for."""
    parts = {"data": 0, "_indices": 0, "other": 0}
    root = folder / "passages.lance"
    for path in root.rglob("*"):
        if path.is_file():
            top = path.relative_to(root).parts[0]
            parts[top if top in parts else "other"] += path.stat().st_size
    counts = {"fragments": table.stats()["fragment_stats"]["num_fragments"], "versions": len(table.list_versions())}
    sizes = {"data": parts["data"], "indexes": parts["_indices"], "other": parts["other"], "total": sum(parts.values())}
    bench.tell(what="disk", state=state, rows=table.count_rows(), **sizes, **counts)


def update(bench: Bench, table: Any, passages: Sequence[Passage], count: int, vectors: Vectorer) -> None:
    """Documents in their next version, one by one: the old passages deleted, the new ones added."""
    chance = np.random.default_rng(1)
    documents = sorted({one.document for one in passages if one.company})
    chosen = [documents[number] for number in chance.permutation(len(documents))]
    other = draw(1_000)
    paths = {one.path for one in other.documents if not one.hidden}
    edits = [(name, *name.split("/", 1)) for name in chosen if name.split("/", 1)[1] in paths][:count]
    fresh = [vectors.give(anew(other, path, int(seed))) for _, seed, path in edits]
    batches = [bench.numbered(rows) for rows in fresh]
    spent = []
    for (name, _, _), batch in zip(edits, batches, strict=True):
        began = time.perf_counter()
        table.delete("document = '{}'".format(name.replace("'", "''")))
        table.add(batch)
        spent.append(1000 * (time.perf_counter() - began))
    p50, p95 = np.quantile(spent, [0.5, 0.95])
    bench.tell(what="updates", documents=len(edits), passages=sum(map(len, fresh)), p50=p50, p95=p95, last=float(np.median(spent[-20:])))


def optimize(bench: Bench, table: Any, state: str, **settings: Any) -> None:
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that nobody else may be reading: nobody is
        table.optimize(**settings)
    bench.tell(what="optimize", state=state, seconds=time.perf_counter() - began)


def filtered(bench: Bench, table: Any, indexed: Any) -> None:
    """One company of many: before and after the search, and before it with an index of the column in a copy of the table."""
    where = "company = 2"
    indexed.create_index("company", config=Bitmap())
    queries = {"one company, before": exact(table, where), "one company, after": exact(table, where, prefilter=False)}
    queries["one company, before, with a bitmap"] = exact(indexed, where)
    bench.time(cases(table, "fresh", queries), bench.truth(exact(table, where)))


def approximate(bench: Bench, table: Any, folder: Path) -> None:
    """Two indexes of vectors, with their build time, bytes and recall of the exact ten."""
    truth = bench.truth(exact(table))
    for name, config in (("IVF flat", IvfFlat(distance_type="cosine")), ("IVF PQ", IvfPq(distance_type="cosine", num_sub_vectors=48))):
        before = size_of(folder / "passages.lance" / "_indices")
        began = time.perf_counter()
        table.create_index("vector", config=config, replace=True)
        seconds = time.perf_counter() - began
        bench.tell(what="index", index=name, rows=table.count_rows(), seconds=seconds, bytes=size_of(folder / "passages.lance" / "_indices") - before)
        queries = {f"{name}, {count} probes": near(table, count) for count in (1, 5, 20)}
        if name == "IVF PQ":
            queries |= {f"{name}, {count} probes, 100 refined": near(table, count, 10) for count in (20, 50)}
        bench.time(cases(table, "cleaned", queries), truth)


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def embedding(bench: Bench, passages: Sequence[Passage], folder: Path) -> None:
    """Passages per second of the model, with nothing cached."""
    texts = [one.text for one in passages[: EMBEDDED + 16]]
    fresh = Embedder(embedder().model, folder / "no vectors yet")
    fresh.embed(texts[EMBEDDED:])
    began = time.perf_counter()
    fresh.embed(texts[:EMBEDDED])
    seconds = time.perf_counter() - began
    bench.tell(what="embedding", passages=EMBEDDED, rows_per_second=EMBEDDED / seconds)


def measure(bench: Bench, root: Path, args: argparse.Namespace) -> None:
    vectors = Vectorer()
    ordered = [one for batch in crowd(args.rows, vectors) for one in batch]
    passages = [ordered[number] for number in np.random.default_rng(0).permutation(len(ordered))]
    companies = len({one.company for one in ordered}) - 1
    bench.tell(what="corpus", rows=len(passages), companies=companies, model_vectors=vectors.real, drawn_vectors=vectors.drawn)
    embedding(bench, passages, root)
    asked = []
    for size in (*args.sizes, args.rows):
        folder = root / str(size)
        table = built(bench, folder, passages[:size])
        weigh(bench, table, folder, "fresh")
        asked += searches(table, "fresh")
    filtered(bench, table, copied(folder, root / "indexed"))
    folders = {"fresh": folder}
    for before, state in pairwise(("fresh", "updated", "compacted", "cleaned")):
        folders[state] = root / state
        table = copied(folders[before], folders[state])
        if state == "updated":
            update(bench, table, passages, args.updates, vectors)
        else:
            optimize(bench, table, state, **({"cleanup_older_than": timedelta(0)} if state == "cleaned" else {}))
        weigh(bench, table, folders[state], state)
        asked += searches(table, state)
    bench.time(asked)
    approximate(bench, table, folders["cleaned"])


def copied(folder: Path, to: Path) -> Any:
    shutil.copytree(folder, to)
    return lancedb.connect(to).open_table("passages")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("rows", 100_000), ("updates", 200), ("questions", 200)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 2_000, 4_000, 8_000])
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    asked, vectors = questions([1, 2])
    chosen = np.random.default_rng(2).permutation(len(asked))[: args.questions]
    bench = Bench([asked[number] for number in chosen], vectors[chosen])
    root = Path(tempfile.mkdtemp(prefix="bench-index-"))
    try:
        bench.tell(what="machine", cores=os.cpu_count() or 0, load=os.getloadavg()[0], lancedb=lancedb.__version__)
        measure(bench, root, args)
        bench.tell(what="machine", cores=os.cpu_count() or 0, load=os.getloadavg()[0], lancedb=lancedb.__version__)
    finally:
        shutil.rmtree(root, ignore_errors=True)
        if args.out:
            args.out.write_text("".join(json.dumps(row) + "\n" for row in bench.rows), encoding="utf-8")


if __name__ == "__main__":
    main()
