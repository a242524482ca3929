"""Faults that learners make in 3.2-duplicates."""

MUTANTS = [
    ("finds equal texts only", "copies", "shared >= 0.5", "shared == 1"),
    ("asks for nearly all of the wording", "copies", "shared >= 0.5", "shared >= 0.95"),
    ("lets capitals count", "copies", "text.lower()", "text"),
    ("compares as if the order had to be the same", "copies", "set(zip(words, words[1:], words[2:]))", "set(enumerate(words))"),
    ("wants the same facts on both sides", "copies", "facts[i] - facts[j] and facts[j] - facts[i]", "facts[i] != facts[j]"),
    ("takes every word for a fact", "copies", "if word in known or any(map(str.isdigit, word))", "if word"),
    ("looks at the wording only", "facts", "and not replaced", ""),
    ("takes figures for the only facts", "facts", "word in known or any(map(str.isdigit, word))", "any(map(str.isdigit, word))"),
    ("looks for capitalised names among words in lower case", "facts", "{name.lower() for name in names}", "set(names)"),
    ("takes pure numbers for the only facts", "facts", "any(map(str.isdigit, word))", "word.isdigit()"),
    ("is content with a shared footer", "others", "shared >= 0.5", "shared >= 0.05"),
    ("compares how long they are", "others", "shared >= 0.5 and not replaced", "abs(len(shingles[i]) - len(shingles[j])) < 9"),
    ("compares single words, and generously", "others", "set(zip(words, words[1:], words[2:]))", "set(words)", "shared >= 0.5 and not replaced", "shared >= 0.2"),
    ("returns each pair twice", "f1", "return pairs", "return pairs + [(j, i) for i, j in pairs]"),
    ("compares neighbours only", "f1", "range(i + 1, len(texts))", "range(i + 1, min(i + 2, len(texts)))"),
]
