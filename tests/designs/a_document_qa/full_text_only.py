"""Full-text search alone: what is written is found, what is meant is not."""

CHANGES = [
    (
        "index",
        """        table.search(query_type="hybrid", vector_column_name="vector")
        .vector(embed([question])[0])
        .text(MatchQuery(question, "words"))
        .distance_type("cosine")
        .rerank(RRFReranker(return_score="all"))
        .limit(50)
        .to_list()
""",
        """        table.search(MatchQuery(question, "words"), query_type="fts")
        .limit(50)
        .to_list()
""",
    ),
    ("index", 'float("nan") if row["_distance"] is None else 1 - row["_distance"]', "1.0"),
]
HALF = "search"
LOSES = {"hit_rate", "mrr"}
