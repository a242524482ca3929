"""Collects everything that is wrong and says it in one error."""

import yaml


def number(value):
    return type(value) in (int, float)


RULES = {
    "temperature": lambda value: number(value) and 0 <= value <= 2,
    "top_k": lambda value: type(value) is int and value >= 0,
    "repeat_penalty": lambda value: number(value) and 1 <= value <= 2,
    "top_p": lambda value: number(value) and 0 < value <= 1,
    "num_predict": lambda value: type(value) is int and value > 0,
    "stop": lambda value: type(value) is list and all(type(one) is str and one for one in value),
}


def faults(name, knobs):
    for knob in RULES:
        if knob not in knobs:
            yield f"{name}.{knob} is not set"
    for knob, entry in knobs.items():
        if knob not in RULES:
            yield f"{name}.{knob} is no option"
            continue
        if not isinstance(entry, dict):
            yield f"{name}.{knob} is {entry!r} alone"
            continue
        for field in ("value", "why", "owner"):
            if field not in entry:
                yield f"{name}.{knob} lacks its {field}"
        for field in ("why", "owner"):
            if not isinstance(entry.get(field), str) or entry[field].isspace() or not entry[field]:
                yield f"{name}.{knob}: {field} says nothing"
        if not RULES[knob](entry.get("value")):
            yield f"{name}.{knob}: {entry.get('value')!r} is not allowed"


def load_defaults(text, task):
    file = yaml.safe_load(text)
    found = [fault for name, knobs in file.items() for fault in faults(name, knobs)]
    if found:
        raise ValueError("; ".join(found))
    return {knob: file[task][knob]["value"] for knob in RULES}
