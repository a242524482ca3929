"""Walks from word to word, and reads each by hand."""

import re

UNITS = "°C % V mm cm kg min days hours months euros".split()
SIGNS = ".,;:?!)"


def is_code(word):
    groups = word.split("-")
    fine = all(group and all(sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" for sign in group) for group in groups)
    return len(groups) > 1 and fine and word[0].isalpha() and any(sign.isdigit() for sign in word)


def is_number(word):
    digits = word.removeprefix("-").replace(",", ".")
    return bool(digits) and all(part.isdecimal() for part in digits.split("."))


def is_clause(word, alone):
    number, *groups = word.split("(")
    fine = all(group.endswith(")") and group[:-1].isalnum() for group in groups)
    parts = number.split(".")
    return fine and all(part.isdecimal() for part in parts) and (alone or len(parts) > 1)


def trimmed(word):
    """The word without the signs around it; a closing parenthesis stays if it was opened inside."""
    start, end = 0, len(word)
    while start < end and word[start] == "(":
        start += 1
    while end > start and word[end - 1] in SIGNS and not (word[end - 1] == ")" and word[start:end].count("(") == word[start:end].count(")")):
        end -= 1
    return start, end


def protect(text):
    words = [(found.start(), found[0]) for found in re.finditer(r"\S+", text)]
    found, skip = [], False
    for number, (place, word) in enumerate(words):
        if skip:
            skip = False
            continue
        start, end = trimmed(word)
        bare = word[start:end]
        after, following = words[number + 1] if number + 1 < len(words) else (0, "")
        first, last = trimmed(following)
        opened = word[start:]
        named = opened in ("clause", "Clause", "Section", "Art.", "§") and is_clause(following[:last], True)
        measured = is_number(opened) and following[:last] in UNITS
        if first == 0 and (named or measured):
            found.append((place + start, after + last))
            skip = True
        elif is_code(bare) or is_clause(bare, False):
            found.append((place + start, place + end))
    return found
