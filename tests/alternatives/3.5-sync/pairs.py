"""Pairs of document and text instead of ids, and one text at a time."""

import hashlib
import os


def chunk_id(document, text):
    return hashlib.sha256(f"{document}\n{text}".encode()).hexdigest()[:16]


def sync(rows, folder, embed):
    there = set()
    for parent, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".md"):
                path = os.path.join(parent, name)
                with open(path, encoding="utf-8") as file:
                    parts = [part.strip() for part in file.read().split("\n\n")]
                document = os.path.relpath(path, folder).replace(os.sep, "/")
                there |= {(document, part) for part in parts if part}
    known = {row["text"]: row["vector"] for row in rows}
    indexed = {(row["document"], row["text"]) for row in rows}
    add = []
    for document, text in sorted(there - indexed):
        if text not in known:
            [known[text]] = embed([text])
        add.append({"id": chunk_id(document, text), "document": document, "text": text, "vector": known[text]})
    return [row["id"] for row in rows if (row["document"], row["text"]) not in there], add
