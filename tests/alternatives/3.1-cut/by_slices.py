"""Regular expressions over the piece at hand; the spans are asked one by one; a generator."""

import re

KINDS = [re.compile(r"\n"), re.compile(r"[.!?]\s|。"), re.compile(r"\s"), re.compile(r"(?s).")]


def cut(text, limit, overlap, protected):
    return list(pieces(text, limit, overlap, protected))


def pieces(text, limit, overlap, protected):
    def allowed(place):
        return all(place <= start or place >= end for start, end in protected)

    def ending(start):
        if len(text) <= start + limit:
            return len(text)
        for least in (limit / 2, 0):
            for kind in KINDS[0 if least else 3 :]:
                places = [m.end() for m in kind.finditer(text, max(start - 1, 0), start + limit) if start + least < m.end() and allowed(m.end())]
                if places:
                    return places[-1]
        raise ValueError("no place to cut")

    start = 0
    while True:
        end = ending(start)
        yield start, end
        if end >= len(text):
            return
        back = [place for place in range(end - overlap, end) if place > start and allowed(place)]
        back.sort(key=lambda place: (not text[place - 1].isspace(), place))
        start = back[0] if back and ending(back[0]) > end else end
