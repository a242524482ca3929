"""Faults that learners make in 3.4-decision."""

MUTANTS = [
    ("pairs by place in the file", "figures", "[one[name] - other[name] for name in one]", "[a - b for a, b in zip(one.values(), other.values())]"),
    ("subtracts the first from the second", "figures", "one[name] - other[name]", "other[name] - one[name]"),
    ("counts lines", "figures", '"n": len(differences)', '"n": len(rows)'),
    ("mixes the searches", "figures", 'if row["search"] == search}', "}"),
    ("reads always the hits", "figures", "row[measure]", 'row["hit"]'),
    ("takes the interval of the first search", "figures", "interval(differences)", "interval(list(one.values()))"),
    ("decides by the mean", "undecided", "low > 0", "sum(differences) > 0", "high < 0", "sum(differences) < 0"),
    ("always takes the newer search", "better", "second if high < 0", "first if high < 0"),
    ("knows only gains", "better", "second if high < 0 else ", ""),
    ("calls an undecided comparison a win for the old", "undecided", 'high < 0 else "no decision"', 'high < 0 else second'),
    ("takes an end of zero for a win", "undecided", "low > 0", "low >= 0"),
    ("takes an end of zero for a loss", "undecided", "high < 0", "high <= 0"),
    ("demands every question of every search", "figures", "one.keys() != other.keys():", "not one.keys() == other.keys() == {row['question'] for row in rows}:"),
    ("names the second first", "identity", 'f"{first} - {second}"', 'f"{second} - {first}"'),
    ("leaves the date out", "identity", '"date": date, ', ""),
    ("drops questions that one search lacks", "refuses", "if not one or one.keys() != other.keys():", "one = {name: one[name] for name in one if name in other}\n    if not one:"),
    ("counts a missing figure as zero", "refuses", "if not one or one.keys() != other.keys():", "names = one.keys() | other.keys()\n    one, other = ({name: found.get(name, 0.0) for name in names} for found in (one, other))\n    if not one:"),
    ("takes an empty comparison for a draw", "refuses", "if not one or one.keys() != other.keys():", 'if not one and not other:\n        return {"n": 0, "decision": "no decision"}\n    if one.keys() != other.keys():'),
]
