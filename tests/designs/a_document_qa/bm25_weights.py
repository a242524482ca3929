"""BM25 of one's own, with k1 = 1.2 and b = .5, in place of LanceDB's full-text search, merged by reciprocal rank as before."""

CHANGES = [
    (
        "index",
        """    found = (
        table.search(query_type="hybrid", vector_column_name="vector")
        .vector(embed([question])[0])
        .text(MatchQuery(question, "words"))
        .distance_type("cosine")
        .rerank(RRFReranker(return_score="all"))
        .limit(50)
        .to_list()
    )
""",
        """    rows = table.search().select(["id", "document", "context", "text", "words"]).limit(table.count_rows()).to_list()
    known = {row["id"]: row | {"_distance": None} for row in rows}
    near = table.search(embed([question])[0], vector_column_name="vector").distance_type("cosine").limit(50).to_list()
    known |= {row["id"]: row for row in near}
    scores: dict[str, float] = {}
    for ranking in (bm25(rows, question)[:50], [row["id"] for row in near]):
        for rank, name in enumerate(ranking, start=1):
            scores[name] = scores.get(name, 0.0) + 1 / (60 + rank)
    found = [known[name] for name in sorted(scores, key=lambda name: (-scores[name], name))]
""",
    ),
    (
        "index",
        "def search(table: Table, question: str, k: int = 10) -> list[Passage]:",
        '''def bm25(rows, question, k1=1.2, b=0.5):
    """Ids of the rows that share a word with the question, best first."""
    import math
    import re
    from collections import Counter

    import Stemmer

    stem = Stemmer.Stemmer("english")
    global corpus
    state = tuple(row["id"] for row in rows)
    if corpus[0] != state:
        bags = [Counter(stem.stemWords(re.findall(r"\\w+", row["words"].casefold()))) for row in rows]
        corpus = (state, bags, Counter(word for bag in bags for word in bag))
    _, bags, documents = corpus
    sizes = [sum(bag.values()) for bag in bags]
    average = sum(sizes) / len(sizes)
    scores = Counter()
    for word in set(stem.stemWords(re.findall(r"\\w+", question.casefold()))):
        weight = math.log(1 + (len(bags) - documents[word] + 0.5) / (documents[word] + 0.5))
        for row, bag, size in zip(rows, bags, sizes, strict=True):
            if bag[word]:
                scores[row["id"]] += weight * bag[word] * (k1 + 1) / (bag[word] + k1 * (1 - b + b * size / average))
    return [name for name, _ in scores.most_common()]


corpus = ((), [], {})


def search(table: Table, question: str, k: int = 10) -> list[Passage]:''',
    ),
]
HALF = "search"
LOSES: set[str] = set()
