"""Faults that learners make in 1.3-bump."""

MUTANTS = [
    ("overlooks that a property is gone", "major", "bool(before.keys() - after.keys()) or ", ""),
    ("overlooks what has become required", "major", " or bool(set(new[\"required\"]) - set(old[\"required\"]))", ""),
    ("overlooks types", "major", "before[name][\"type\"] != after[name][\"type\"]", "False"),
    ("takes a narrower enum for a wider one", "major", "not set(was) <= set(now))", "not set(now) <= set(was))"),
    ("does not see an enum that appears", "major", "(was is None or not set(was) <= set(now))", "was is not None and not set(was) <= set(now)"),
    ("calls a new required property minor", "major", "bool(set(new[\"required\"]) - set(old[\"required\"]))", "bool((set(new[\"required\"]) - set(old[\"required\"])) & before.keys())"),
    ("lets the widest change decide", "major", "\"major\" if breaks else \"minor\" if widens else", "\"minor\" if widens else \"major\" if breaks else"),
    ("calls every new property breaking", "minor", "bool(before.keys() - after.keys())", "bool(before.keys() ^ after.keys())"),
    ("calls every change of required breaking", "minor", "bool(set(new[\"required\"]) - set(old[\"required\"]))", "bool(set(new[\"required\"]) ^ set(old[\"required\"]))"),
    ("calls every change of an enum breaking", "minor", "not set(was) <= set(now))", "set(was) != set(now))"),
    ("does not see that an enum has gone", "minor", "(now is None or not set(now) <= set(was))", "now is not None and not set(now) <= set(was)"),
    ("overlooks new properties", "minor", "bool(after.keys() - before.keys()) or ", ""),
    ("calls words nothing", "patch", "\"patch\" if old != new else \"none\"", "\"none\""),
    ("calls nothing a patch", "patch", "\"patch\" if old != new else \"none\"", "\"patch\""),
    ("calls any difference major", "patch", "\"major\" if breaks", "\"major\" if old != new"),
    ("looks at the description of the tool only", "patch", "\"patch\" if old != new", "\"patch\" if old[\"description\"] != new[\"description\"]"),
]
