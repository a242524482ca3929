"""Faults that learners make in 2.5-score."""

MUTANTS = [
    ("counts drift as a wrong field", "fields", "share(got[name] == want[name] for got, want in valid)", "share(got is not None and got[name] == want[name] for got, want in outcomes)"),
    ("counts what is usable among the valid only", "usable", 'share(got == want for got, want in outcomes)', 'share(got == want for got, want in valid)'),
    ("counts any right field as usable", "usable", "share(got == want for", "share(got is not None and any(got[n] == want[n] for n in names) for"),
    ("leaves drift out of validity", "valid", "share(got is not None for got, _ in outcomes)", "share(got is not None for got, _ in valid)"),
    ("calls validity what is right", "valid", "share(got is not None for got, _ in outcomes)", "share(got == want for got, want in outcomes)"),
    ("says zero where nothing is known", "nothing", "if hits else None", "if hits else 0.0"),
    ("divides by nothing", "nothing", " if hits else None", ""),
]
