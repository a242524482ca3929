"""Vectors alone: codes, names and versions are all alike to them."""

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
        """        table.search(embed([question])[0], vector_column_name="vector")
        .distance_type("cosine")
        .limit(50)
        .to_list()
""",
    ),
]
HALF = "search"
LOSES = {"hit_rate", "mrr"}
