"""Faults that learners make in 3.4-rrf."""

MUTANTS = [
    ("counts ranks from zero", "sum", "start=1", "start=0"),
    ("has another constant than 60", "sum", "k=60", "k=1"),
    ("ignores the constant it is given", "sum", "+ 1 / (k + rank)", "+ 1 / (60 + rank)"),
    ("adds ranks instead of their reciprocals", "sum", "+ 1 / (k + rank)", "+ k + rank"),
    ("keeps the best rank only", "sum", "sums.get(name, 0.0) + 1 / (k + rank)", "max(sums.get(name, 0.0), 1 / (k + rank))"),
    ("lets the last ranking decide", "sum", "sums.get(name, 0.0) + ", ""),
    ("weighs later rankings less", "sum", "for ranking in rankings:", "for number, ranking in enumerate(rankings):", "+ 1 / (k + rank)", "+ 1 / (k + rank) / (number + 1)"),
    ("keeps what all rankings found", "alone", "return sorted(sums.items()", "sums = {n: s for n, s in sums.items() if all(n in r for r in rankings)}\n    return sorted(sums.items()"),
    ("keeps what the first ranking found", "alone", "return sorted(sums.items()", "sums = {n: s for n, s in sums.items() if n in rankings[0]}\n    return sorted(sums.items()"),
    ("punishes what a ranking did not find", "alone", "return sorted(sums.items()", "sums = {n: s + sum(1 / (k + len(r) + 1) for r in rankings if n not in r) for n, s in sums.items()}\n    return sorted(sums.items()"),
    ("breaks ties by id", "ties", "key=lambda pair: -pair[1]", "key=lambda pair: (-pair[1], pair[0])"),
    ("turns a sorted list round", "ties", "sorted(sums.items(), key=lambda pair: -pair[1])", "sorted(sums.items(), key=lambda pair: pair[1])[::-1]"),
    ("reads the last ranking first", "ties", "for ranking in rankings:", "for ranking in reversed(rankings):"),
    ("puts one ranking behind the other", "sku", "sums.get(name, 0.0) + 1 / (k + rank)", "sums.get(name, 1.0 / (1 + len(sums)))", "for ranking in rankings:", "for ranking in rankings[::-1]:"),
]
