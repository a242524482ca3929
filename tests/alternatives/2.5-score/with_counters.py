"""Counts in one pass and divides at the end."""

import collections


def score(outcomes, names):
    counts = collections.Counter()
    for got, want in outcomes:
        counts["all"] += 1
        if got is None:
            continue
        counts["valid"] += 1
        wrong = 0
        for name in names:
            if got[name] == want[name]:
                counts["field", name] += 1
            else:
                wrong += 1
        counts["usable"] += not wrong

    def part(of, base):
        return None if counts[base] == 0 else counts[of] / counts[base]

    fields = {name: part(("field", name), "valid") for name in names}
    return {"valid": part("valid", "all"), "fields": fields, "usable": part("usable", "all")}
