"""Reciprocal rank fusion with 20 in place of 60: the first places count more."""

CHANGES = [("index", 'RRFReranker(return_score="all")', 'RRFReranker(20, return_score="all")')]
HALF = "search"
LOSES: set[str] = set()
