"""The first k - 1 picks, and one more."""


def mmr(relevance, similar, lam, k):
    rows = range(len(relevance))
    if k == 1:
        return [sorted(rows, key=lambda row: -relevance[row])[0]]
    before = mmr(relevance, similar, lam, k - 1)
    best, most = None, float("-inf")
    for row in rows:
        if row in before:
            continue
        worth = lam * relevance[row] - (1 - lam) * max([similar[other][row] for other in before])
        if worth > most:
            best, most = row, worth
    return before if best is None else [*before, best]
