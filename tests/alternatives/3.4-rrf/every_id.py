"""The ids first, then the sum of each, from tables of ranks."""


def rrf(rankings, k=60):
    ids = list(dict.fromkeys(name for ranking in rankings for name in ranking))
    ranks = [{name: rank for rank, name in enumerate(ranking, 1)} for ranking in rankings]
    scored = [(name, sum(1 / (k + table[name]) for table in ranks if name in table)) for name in ids]
    return sorted(scored, key=lambda pair: pair[1], reverse=True)
