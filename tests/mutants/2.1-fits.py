"""Faults that learners make in 2.1-fits."""

MUTANTS = [
    ("forgets the question", "most", "*passages[:held], question]", "*passages[:held]]"),
    ("forgets the instructions", "most", "[instructions, *passages[:held], question]", "[*passages[:held], question]"),
    ("counts four characters as a token", "most", 'count("\\n\\n".join([instructions, *passages[:held], question]))', 'len("\\n\\n".join([instructions, *passages[:held], question])) // 4'),
    ("keeps no room for the answer", "most", "question])) + answer", "question]))"),
    (
        "skips a passage that is too long",
        "most",
        "    while held < len(passages) and needed(held + 1) <= window:\n        held += 1\n    return held",
        "    chosen = []\n    for passage in passages:\n"
        '        if count("\\n\\n".join([instructions, *chosen, passage, question])) + answer <= window:\n            chosen.append(passage)\n    return len(chosen)',
    ),
    ("adds up the counts of the parts", "border", 'count("\\n\\n".join([instructions, *passages[:held], question]))', "sum(map(count, [instructions, *passages[:held], question]))"),
    ("joins without the separator", "border", '"\\n\\n".join', '"".join'),
    ("joins with one line break", "border", '"\\n\\n".join', '"\\n".join'),
    ("thinks that exactly full is too full", "border", "needed(held + 1) <= window", "needed(held + 1) < window"),
    ("takes one too many", "border", "needed(held + 1) <= window", "needed(held) <= window"),
    ("says 0 when nothing fits", "too_small", "raise ValueError(f\"{needed(0)} tokens are needed without any passage, the window holds {window}\")", "return 0"),
    ("does not look at the prompt without passages", "too_small", "if needed(0) > window", "if False"),
    ("refuses what fits exactly without passages", "too_small", "if needed(0) > window", "if needed(0) >= window"),
]
