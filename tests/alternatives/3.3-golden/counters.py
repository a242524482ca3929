"""Counters, and one comprehension per problem."""

import re
from collections import Counter

STOP = set(
    "a an and are at be by can do does for from has have how in is it many much my of on or our the their to was what when where which who why with".split()
)


def words(text):
    return {word for word in re.findall(r"\w+", text.lower()) if word not in STOP}


def copied(row):
    asked = words(row["question"])
    told = set().union(*(words(source["quote"]) for source in row["sources"]))
    return len(asked) > 2 and 2 * len(asked & told) > len(asked)


def lint(golden):
    size = Counter(row["slice"] for row in golden)
    plain = [re.sub(r"\s+", " ", row["question"].strip().casefold()) for row in golden]
    yield from [("few questions", "")] * (len(golden) < 20)
    yield from [("few unanswerable", "")] * (size["unanswerable"] < 3)
    yield from [("few typos", "")] * (size["typo"] < 3)
    yield from [("copied", row["id"]) for row in golden if copied(row)]
    yield from [("twice", row["id"]) for n, row in enumerate(golden) if plain[n] in plain[:n]]
    yield from [("sources", row["id"]) for row in golden if (row["slice"] == "unanswerable") is bool(row["sources"])]
