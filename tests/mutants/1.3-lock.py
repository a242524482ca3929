"""Faults that learners make in 1.3-lock."""

MUTANTS = [
    ("refuses everything", "intact", "    if wrong:", "    if True:"),
    ("returns the hashes", "intact", "{path: text.replace(\"\\r\\n\", \"\\n\") for path, text in files.items()}", "{path: digest(text) for path, text in files.items()}"),
    ("leaves the prefix out when it compares", "intact", "digest(files[p]) != lock.get(p)", "digest(files[p])[7:] != lock.get(p)"),
    ("tidies the text before hashing", "changed", "digest(files[p]) != lock.get(p)", "digest(files[p].strip()) != lock.get(p) and digest(files[p]) != lock.get(p) and digest(files[p].strip() + '\\n') != lock.get(p)"),
    ("compares the number of files", "changed", "    if wrong:", "    if len(files) != len(lock):"),
    ("stops at the first", "changed", "for p in sorted(files.keys() | lock.keys()) if p not in files or digest(files[p]) != lock.get(p)]", "for p in sorted(files.keys() | lock.keys()) if p not in files or digest(files[p]) != lock.get(p)][:1]"),
    ("does not say which", "changed", "not what was locked: {', '.join(wrong)};", "the registry is not what was locked;"),
    ("names every file", "changed", "{', '.join(wrong)};", "{', '.join(sorted(files))};"),
    ("returns what is still good", "changed", "        raise ValueError(f\"not what was locked: {', '.join(wrong)}; a change needs a new version and a review\")", "        return {p: t for p, t in files.items() if p not in wrong}"),
    ("looks at locked files only", "unlisted", "files.keys() | lock.keys()", "lock.keys()"),
    ("looks at the files that are there only", "unlisted", "files.keys() | lock.keys()", "files.keys()"),
    ("hashes the line ends of the system", "line_ends", "hashlib.sha256(text.replace(\"\\r\\n\", \"\\n\").encode", "hashlib.sha256(text.encode"),
    ("returns the line ends of the system", "line_ends", "{path: text.replace(\"\\r\\n\", \"\\n\") for path, text in files.items()}", "files"),
]
