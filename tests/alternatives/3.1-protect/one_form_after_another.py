"""Collects the matches of each form by itself, sorts them, and of two that meet keeps the longer."""

import re

UNITS = "°C % V mm cm kg min days hours months euros".split()
FORMS = [
    re.compile(r"\b[A-Z][A-Z\d]*(?:-[A-Z\d]+)+\b(?!-)"),
    re.compile(r"(?:\b(?:Clause|clause|Section|Art\.)|§)\s\d+(?:\.\d+)*(?:\([^\W_]+\))*"),
    re.compile(r"\d+(?:\.\d+)+(?:\([^\W_]+\))*"),
    re.compile(r"-?\d+(?:[.,]\d+)?[ \u00a0](?:" + "|".join(map(re.escape, UNITS)) + r")(?!\w)"),
]


def protect(text):
    found = [match.span() for form in FORMS for match in form.finditer(text)]
    found = [(a, b) for a, b in found if any(sign.isdigit() for sign in text[a:b])]
    kept = []
    for a, b in sorted(found, key=lambda span: span[0] - span[1]):
        before, after = text[a - 1 : a], text[b : b + 1]
        inside_a_word = before.isalnum() or before == "-" or after.isalnum() or after == "-"
        if not inside_a_word and all(b <= start or end <= a for start, end in kept):
            kept.append((a, b))
    return sorted(kept)
