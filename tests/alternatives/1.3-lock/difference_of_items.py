"""Computes the lock that the files would have, and looks at the symmetric difference."""

import hashlib


class Drift(ValueError):
    pass


def load(files, lock):
    clean = {}
    for path, text in files.items():
        clean[path] = text.replace("\r\n", "\n")
    found = {path: "sha256:" + hashlib.new("sha256", bytes(text, "utf-8")).hexdigest() for path, text in clean.items()}
    different = {path for path, _ in found.items() ^ lock.items()}
    if different:
        raise Drift("review these first: " + " ".join(sorted(different)))
    return clean
