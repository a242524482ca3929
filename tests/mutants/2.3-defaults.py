"""Faults that learners make in 2.3-defaults."""

MUTANTS = [
    ("returns the entries instead of their values", "options", 'entry["value"] for knob', "entry for knob"),
    ("does not ask for a reason", "reasons", '("why", "owner")', '("owner",)'),
    ("does not ask for an owner", "reasons", '("why", "owner")', '("why",)'),
    ("takes blanks for a reason", "reasons", 'str(entry.get(field) or "").strip()', 'entry.get(field)'),
    ("looks only whether the field is there", "reasons", 'not str(entry.get(field) or "").strip()', "field not in entry"),
    ("falls over a bare value", "reasons", "            entry = entry if isinstance(entry, dict) else {}\n", ""),
    ("lets a misspelt knob through", "knobs", "set(knobs) ^ set(KNOBS)", "set(KNOBS) - set(knobs)"),
    ("lets a forgotten knob through", "knobs", "set(knobs) ^ set(KNOBS)", "set(knobs) - set(KNOBS)"),
    ("takes a text for a list of stop sequences", "kind", "isinstance(value, list) and all", "all"),
    ("takes True for a number", "kind", "isinstance(value, bool) or not", "not"),
    ("knows no upper limit", "range", "low <= value <= high", "low <= value"),
    ("allows a top_p of zero", "range", "0 < value <= 1", "0 <= value <= 1"),
    ("knows no lower limit", "range", "low <= value <= high", "value <= high"),
    ("takes -1 for a top_k that is off", "range", '"top_k": (0, 1e9)', '"top_k": (-1, 1e9)'),
    ("does not say which knob", "range", "{name}: {knob} cannot be", "{name}: cannot be"),
    ("checks only the task that is asked for", "whole", "for name, knobs in tasks.items():", "for name, knobs in [(task, tasks[task])]:"),
]
