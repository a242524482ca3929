"""One table of question by search, filled line by line, and a bootstrap by counting how often each question is drawn."""

import json

import numpy as np


def decision_row(path, first, second, measure, date):
    table = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row["search"] in (first, second):
                table.setdefault(row["question"], {})[row["search"]] = row[measure]
    torn = sorted(name for name, found in table.items() if len(found) < 2)
    if torn or not table:
        raise ValueError(f"no pair of figures for {torn or 'any question'}")
    gaps = np.array([found[first] - found[second] for found in table.values()])
    often = np.random.default_rng(7).multinomial(len(gaps), np.full(len(gaps), 1 / len(gaps)), size=2000)
    low, high = np.percentile(often @ gaps / len(gaps), [2.5, 97.5])
    verdict = "no decision"
    if low > 0:
        verdict = first
    elif high < 0:
        verdict = second
    names = ("date", "compared", "measure", "n", "difference", "low", "high", "decision")
    return dict(zip(names, (date, f"{first} - {second}", measure, len(gaps), gaps.mean(), low, high, verdict), strict=True))
