"""Collects the kinds of all changes and takes the worst."""

ORDER = ["none", "patch", "minor", "major"]


def changes(old, new):
    if old != new:
        yield "patch"
    gone = [name for name in old["properties"] if name not in new["properties"]]
    come = [name for name in new["properties"] if name not in old["properties"]]
    yield from ["major"] * len(gone) + ["minor"] * len(come)
    for name in new["required"]:
        if name not in old["required"]:
            yield "major"
    for name in old["required"]:
        if name not in new["required"]:
            yield "minor"
    for name, part in old["properties"].items():
        if name in new["properties"]:
            yield from part_changes(part, new["properties"][name])


def part_changes(old, new):
    if old["type"] != new["type"]:
        yield "major"
    if "enum" in old and "enum" in new:
        if any(value not in new["enum"] for value in old["enum"]):
            yield "major"
        if any(value not in old["enum"] for value in new["enum"]):
            yield "minor"
    elif "enum" in new:
        yield "major"
    elif "enum" in old:
        yield "minor"


def bump(old, new):
    return max(changes(old, new), key=ORDER.index, default="none")
