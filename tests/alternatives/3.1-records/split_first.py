"""Splits before each heading, then finds a heading's parents by looking back; repeated keys are counted in what was found."""

import re
from hashlib import sha256


def records(document, text, cut):
    parts = re.split(r"(?m)^(?=#)", text)
    levels = [len(part) - len(part.lstrip("#")) for part in parts]
    titles = [part.split("\n")[0].strip("#").strip() if not part.startswith("#") else part.split("\n")[0].lstrip("#").strip() for part in parts]
    found, offset = [], 0
    for number, part in enumerate(parts):
        path, level = [], levels[number] + 1
        for other in range(number, -1, -1):
            if 0 < levels[other] < level:
                path.insert(0, titles[other])
                level = levels[other]
        heading = " > ".join(path)
        spans = cut(part) if part else []
        for start, end in spans:
            words = text[offset + start : offset + end]
            if words.strip():
                n = sum((one["heading"], one["text"]) == (heading, words) for one in found)
                digest = sha256("\n".join((document, heading, words, f"{n}")).encode()).hexdigest()
                found.append({"id": digest[:16], "document": document, "heading": heading, "text": words, "start": offset + start, "end": offset + end})
        offset += len(part)
    return found
