"""Walks from the reply back to the documents and blames the last stage that had lost the fact."""

import re


def triage(record):
    def has(text):
        flat = " ".join(text.split()).lower()
        return re.search(rf"(?<!\w){re.escape(record['fact'].lower())}(?!\w)", flat) is not None

    if has(record["reply"]):
        return None
    culprit = "prompt"
    holders = [chunk["id"] for chunk in record["chunks"] if has(chunk["text"])]
    if not any(number in record["context"] for number in holders):
        culprit = "reranker"
    if not any(number in record["candidates"] for number in holders):
        culprit = "embedder"
    if not holders:
        culprit = "chunking"
    return culprit if any(has(document) for document in record["documents"]) else "data"
