"""A weighted sum of the scores in place of reciprocal ranks, with more weight on the words."""

CHANGES = [
    ("index", "from lancedb.rerankers import RRFReranker", "from lancedb.rerankers import LinearCombinationReranker"),
    ("index", 'RRFReranker(return_score="all")', 'LinearCombinationReranker(0.4, return_score="all")'),
]
HALF = "search"
LOSES: set[str] = set()
