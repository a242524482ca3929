"""Describes for each field what a call may put there, and compares the descriptions."""


def accepted(schema, name):
    """(types and values that may stand there, whether it may be left out); None for values means all."""
    if name not in schema["properties"]:
        return None
    part = schema["properties"][name]
    return part["type"], part.get("enum"), name not in schema["required"]


def covers(wide, narrow):
    """Whether everything that `narrow` accepts is accepted by `wide`."""
    if narrow is None:
        return wide is None or wide[2]
    if wide is None or wide[0] != narrow[0] or (narrow[2] and not wide[2]):
        return False
    return wide[1] is None or (narrow[1] is not None and all(value in wide[1] for value in narrow[1]))


def bump(old, new):
    if old == new:
        return "none"
    names = {*old["properties"], *new["properties"]}
    if not all(covers(accepted(new, name), accepted(old, name)) for name in names):
        return "major"
    return "patch" if all(covers(accepted(old, name), accepted(new, name)) for name in names) else "minor"
