"""Makes atoms first (a protected span, or a single character), then gathers them."""


def safe_split(text, limit, count, protected):
    ends = dict(protected)
    atoms, place = [], 0
    while place < len(text):
        end = ends.get(place, place + 1)
        atoms.append(text[place:end])
        place = end
    pieces, current = [], ""
    for atom in atoms:
        if count(atom) > limit:
            raise ValueError(f"{atom!r} is too long")
        if current and count(current + atom) > limit:
            pieces.append(current)
            current = ""
        current += atom
    return [*pieces, current] if current else pieces
