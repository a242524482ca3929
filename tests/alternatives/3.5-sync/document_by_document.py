"""Goes through the documents, and asks for all new vectors in the end."""

import hashlib
from collections import defaultdict


def chunk_id(document, text):
    return hashlib.sha256(f"{document}\n{text}".encode()).hexdigest()[:16]


def sync(rows, folder, embed):
    old = defaultdict(dict)
    vectors = {}
    for row in rows:
        old[row["document"]][row["id"]] = row
        vectors[row["text"]] = row["vector"]
    add = {}
    for path in folder.glob("**/*.md"):
        name = path.relative_to(folder).as_posix()
        for text in map(str.strip, path.read_text(encoding="utf-8").split("\n\n")):
            key = chunk_id(name, text)
            if not text or key in add:
                continue
            if key in old[name]:
                old[name][key] = None
            else:
                add[key] = {"id": key, "document": name, "text": text}
    delete = [key for chunks in old.values() for key, row in chunks.items() if row is not None]
    missing = sorted({row["text"] for row in add.values()} - vectors.keys())
    if missing:
        vectors.update(zip(missing, embed(missing), strict=True))
    return delete, [dict(row, vector=vectors[row["text"]]) for row in add.values()]
