"""Marks every place of the text with its rank once, and looks the places up in lists from then on."""


def ranks(text, protected):
    """For each place 0 to len(text): -1 forbidden, 0 anywhere, 1 behind a blank, 2 behind a sentence, 3 behind a line."""
    found = [0] * (len(text) + 1)
    for place in range(1, len(text) + 1):
        sign, before = text[place - 1], text[place - 2 : place - 1]
        if sign == "\n":
            found[place] = 3
        elif sign == "。" or (sign.isspace() and before and before in ".!?"):
            found[place] = 2
        elif sign.isspace():
            found[place] = 1
    for start, end in protected:
        found[start + 1 : end] = [-1] * (end - start - 1)
    return found


def cut(text, limit, overlap, protected):
    rank = ranks(text, protected)

    def ending(start):
        if start + limit >= len(text):
            return len(text)
        middle = start + limit // 2 + 1
        best = max(range(middle, start + limit + 1), key=lambda place: (rank[place], place))
        while best > start and rank[best] < 0:
            best -= 1
        if best == start:
            raise ValueError("a protected span does not fit")
        return best

    def beginning(start, end):
        reach = range(max(start + 1, end - overlap), end)
        places = [place for place in reach if text[place - 1].isspace() and rank[place] >= 0] + [p for p in reach if rank[p] >= 0]
        return next(iter(places[:1]), end)

    chunks = [(0, ending(0))]
    while chunks[-1][1] < len(text):
        start, end = chunks[-1]
        back = beginning(start, end)
        chunks.append((back, ending(back)) if ending(back) > end else (end, ending(end)))
    return chunks
