"""Finds the longest piece by halves among the places where a cut is allowed."""

import bisect


def safe_split(text, limit, count, protected):
    places = [p for p in range(1, len(text) + 1) if not any(a < p < b for a, b in protected)]
    pieces = []
    begin = 0
    while begin < len(text):
        ahead = places[bisect.bisect_right(places, begin) :]
        fitting = bisect.bisect_right(ahead, limit, key=lambda p: count(text[begin:p]))
        if not fitting:
            raise ValueError("nothing fits here")
        pieces.append(text[begin : ahead[fitting - 1]])
        begin = ahead[fitting - 1]
    return pieces
