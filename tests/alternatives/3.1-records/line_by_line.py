"""Reads line by line and closes a section at each heading; a stack of headings."""

import hashlib
from collections import Counter


def records(document, text, cut):
    sections, stack, place, held, begin = [], [], 0, "", 0
    for line in text.split("\n"):
        line = text[place : place + len(line) + 1]
        if line.startswith("#"):
            sections.append((begin, held, tuple(stack)))
            title = line.lstrip("#")
            while stack and stack[-1][0] >= len(line) - len(title):
                stack.pop()
            stack.append((len(line) - len(title), title.strip()))
            begin, held = place, ""
        held += line
        place += len(line)
    sections.append((begin, held, tuple(stack)))

    found, seen = [], Counter()
    for begin, held, above in sections:
        heading = " > ".join(title for _, title in above)
        for start, end in cut(held) if held else []:
            piece = held[start:end]
            if piece.isspace():
                continue
            told = f"{document}\n{heading}\n{piece}\n{seen[heading, piece]}"
            seen[heading, piece] += 1
            id = hashlib.sha256(bytes(told, "utf-8")).hexdigest()[:16]
            found.append(dict(id=id, document=document, heading=heading, start=begin + start, end=begin + end, text=piece))
    return found
