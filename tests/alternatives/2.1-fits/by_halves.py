"""Looks for the border by halves: a longer prompt never has fewer tokens."""

import bisect


def fits_budget(instructions, passages, question, count, *, window, answer):
    sizes = range(len(passages) + 1)
    found = bisect.bisect_right(sizes, window - answer, key=lambda n: count("\n\n".join([instructions, *passages[:n], question])))
    if found == 0:
        raise ValueError("the window is too small for instructions, question and answer")
    return found - 1
