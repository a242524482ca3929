"""A table of tests; the first that hits names the drift."""

import json


class SchemaDrift(ValueError):
    def __init__(self, kind, why):
        super().__init__(f"{kind}: {why}")
        self.kind = kind


NOTHING = object()


def decoded(text):
    try:
        return json.loads(text)
    except ValueError:
        return NOTHING


def first_object(text):
    try:
        return json.JSONDecoder().raw_decode(text[text.index("{") :])[0]
    except ValueError:
        return NOTHING


def fits(value, model):
    try:
        model(**value)
    except ValueError:
        return False
    return True


def read_reply(text, model):
    value = decoded(text)
    tests = [
        ("empty", lambda: text.isspace() or text == ""),
        ("wrapped", lambda: value is NOTHING and first_object(text) is not NOTHING),
        ("cut_off", lambda: value is NOTHING and text.count("{") > text.count("}")),
        ("no_json", lambda: value is NOTHING),
        ("no_object", lambda: not isinstance(value, dict)),
        ("fields", lambda: set(value) ^ set(model.model_fields)),
        ("values", lambda: not fits(value, model)),
    ]
    for kind, hits in tests:
        if hits():
            raise SchemaDrift(kind, f"the reply was {text[:40]!r}")
    return value
