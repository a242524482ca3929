"""Tests as a table of functions, of the whole set and of one question."""

import re

STOP = set(
    "a an and are at be by can do does for from has have how in is it many much my of on or our the their to was what when where which who why with".split()
)


def lint(golden):
    def of_kind(kind):
        return sum(row["slice"] == kind for row in golden)

    def words(text):
        return set(re.findall(r"\w+", text.lower())) - STOP

    def share(row):
        asked, told = words(row["question"]), words("\n".join(source["quote"] for source in row["sources"]))
        return len(asked & told) / len(asked) if len(asked) >= 3 else 0.0

    first = {}
    for row in golden:
        first.setdefault(tuple(row["question"].lower().split()), row["id"])
    whole = {"few questions": len(golden) < 20, "few unanswerable": of_kind("unanswerable") < 3, "few typos": of_kind("typo") < 3}
    single = {
        "copied": lambda row: share(row) > 0.5,
        "sources": lambda row: len(row["sources"]) > 0 if row["slice"] == "unanswerable" else not row["sources"],
        "twice": lambda row: first[tuple(row["question"].lower().split())] != row["id"],
    }
    found = [[name, ""] for name, wrong in whole.items() if wrong]
    return found + [[name, row["id"]] for row in golden for name, wrong in single.items() if wrong(row)]
