"""A table of (stage, what it put out), walked until something lacks the fact."""

import re


def triage(record):
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(re.escape(word) for word in record["fact"].split()) + r"(?!\w)", re.IGNORECASE)
    if pattern.search(record["reply"]):
        return None
    text_of = {chunk["id"]: chunk["text"] for chunk in record["chunks"]}
    stages = [
        ("data", record["documents"]),
        ("chunking", text_of.values()),
        ("embedder", [text_of[number] for number in record["candidates"]]),
        ("reranker", [text_of[number] for number in record["context"]]),
    ]
    return next((stage for stage, texts in stages if not any(map(pattern.search, texts))), "prompt")
