"""Faults that learners make in 1.2-triage."""

MUTANTS = [
    ("blames the prompt for everything", "search", "    if not any(holds(text, fact) for text in record[\"documents\"]):", "    return \"prompt\"\n    if False:"),
    ("blames the data when no piece holds the fact", "ingestion", "        return \"chunking\"", "        return \"data\""),
    ("looks for the fact in the documents joined to one word", "ingestion", "any(holds(text, fact) for text in record[\"documents\"])", "any(fact in text.replace(\" \", \"\") for text in record[\"documents\"])"),
    ("wants the fact in every document", "ingestion", "not any(holds(text, fact) for text in record[\"documents\"])", "not all(holds(text, fact) for text in record[\"documents\"])"),
    ("takes a part of a word for the fact", "ingestion", "if not any(holds(text, fact) for text in record[\"documents\"])", "if not any(fact in text for text in record[\"documents\"])"),
    ("takes ids for places in the list", "search", "{chunk[\"id\"] for chunk in record[\"chunks\"] if holds(chunk[\"text\"], fact)}", "{n for n, chunk in enumerate(record[\"chunks\"]) if holds(chunk[\"text\"], fact)}"),
    ("looks at the first candidate only", "search", "holding.intersection(record[\"candidates\"])", "holding.intersection(record[\"candidates\"][:1])"),
    ("does not look at the candidates", "search", "        return \"embedder\"", "        return \"reranker\""),
    ("wants every piece that holds the fact among the candidates", "prompt", "not holding.intersection(record[\"candidates\"])", "not holding.issubset(record[\"candidates\"])"),
    ("wants every piece that holds the fact in the context", "prompt", "holding.intersection(record[\"context\"])", "holding.issubset(record[\"context\"])"),
    ("does not look at the context", "prompt", "return \"prompt\" if holding.intersection(record[\"context\"]) else \"reranker\"", "return \"reranker\""),
    ("looks at the reply last", "nothing", "    if holds(record[\"reply\"], fact):\n        return None\n", "", "return \"prompt\" if", "if holds(record[\"reply\"], fact):\n        return None\n    return \"prompt\" if"),
    ("always finds somebody to blame", "nothing", "        return None", "        return \"prompt\""),
    ("says right instead of nothing", "nothing", "        return None", "        return \"right\""),
]
