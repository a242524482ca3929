"""One list for each kind of fault; line ends mended first."""

import hashlib


def load(files, lock):
    texts = {path: "\n".join(text.split("\r\n")) for path, text in files.items()}
    hashes = {path: f"sha256:{hashlib.sha256(text.encode()).hexdigest()}" for path, text in texts.items()}
    changed = [path for path in texts if path in lock and hashes[path] != lock[path]]
    unknown = [path for path in texts if path not in lock]
    missing = [path for path in lock if path not in texts]
    complaints = [f"{word}: {', '.join(found)}" for word, found in (("changed", changed), ("unknown", unknown), ("missing", missing)) if found]
    if complaints:
        raise ValueError("; ".join(complaints))
    return texts
