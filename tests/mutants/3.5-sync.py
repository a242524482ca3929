"""Faults that learners make in 3.5-sync."""

MUTANTS = [
    ("never deletes", "current", "delete = [row[\"id\"] for row in rows if row[\"id\"] not in wanted]", "delete = []"),
    ("deletes in documents that are still there only", "deleted", "delete = [row[\"id\"] for row in rows if row[\"id\"] not in wanted]", "there = {document for document, text in wanted.values()}\n    delete = [row[\"id\"] for row in rows if row[\"id\"] not in wanted and row[\"document\"] in there]"),
    ("looks at the top folder only", "current", 'folder.rglob("*.md")', 'folder.glob("*.md")'),
    ("reads every file", "current", 'folder.rglob("*.md")', '(path for path in folder.rglob("*") if path.is_file())'),
    ("names a document without its folder", "current", "path.relative_to(folder).as_posix()", "path.name"),
    ("embeds what it adds, known or not", "embedded", "if text not in known))", "))"),
    ("embeds everything", "embedded", "fresh = list(dict.fromkeys(text for _, text in new.values() if text not in known))", "fresh = list(dict.fromkeys(text for _, text in wanted.values()))"),
    ("deletes and adds everything", "untouched", "if row[\"id\"] not in wanted]", "]", "if id not in have}", "}"),
    ("embeds a paragraph once for each place", "twice", "list(dict.fromkeys(text for _, text in new.values() if text not in known))", "[text for _, text in new.values() if text not in known]"),
    ("pairs vectors and rows in another order", "current", "vectors = known | dict(zip(fresh, embed(fresh) if fresh else []))", "vectors = known | dict(zip(sorted(fresh), embed(fresh) if fresh else []))"),
    ("takes a text of another document for the same chunk", "deleted", "chunk_id(name, text)", "chunk_id('', text)"),
]
