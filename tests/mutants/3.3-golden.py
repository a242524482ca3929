"""Faults that learners make in 3.3-golden."""

MUTANTS = [
    ("wants more than twenty", "size", "len(golden) < 20", "len(golden) <= 20"),
    ("is content with two unanswerable ones", "size", 'kinds.count("unanswerable") < 3', 'kinds.count("unanswerable") < 2'),
    ("counts every question as one with a typo", "size", 'kinds.count("typo") < 3', "len(kinds) < 3"),
    ("lets an unanswerable question have sources", "sources", 'bool(row["sources"]) == (row["slice"] == "unanswerable")', 'not row["sources"] and row["slice"] != "unanswerable"'),
    ("asks for sources always", "sources", 'bool(row["sources"]) == (row["slice"] == "unanswerable")', 'not row["sources"]'),
    ("takes half for more than half", "copied", "len(asked & told) > len(asked) / 2", "len(asked & told) >= len(asked) / 2"),
    ("looks at the first quote only", "copied", 'for source in row["sources"]))', 'for source in row["sources"][:1]))'),
    ("divides by the words of the quote", "copied", "len(asked & told) > len(asked) / 2", "len(asked & told) > len(told) / 2"),
    ("judges questions of two words", "copied", "len(asked) >= 3", "len(asked) >= 1"),
    ("counts stop words", "copied", 'content_words(row["question"])', 'set(re.findall(r"\\w+", row["question"].lower()))'),
    ("compares questions letter by letter", "twice", '" ".join(row["question"].lower().split())', 'row["question"]'),
    ("forgives capitals, and not spaces", "twice", '" ".join(row["question"].lower().split())', 'row["question"].lower()'),
    ("names the first of two", "twice", 'problems.append(("twice", row["id"]))', 'problems.append(("twice", golden[0]["id"]))'),
]
