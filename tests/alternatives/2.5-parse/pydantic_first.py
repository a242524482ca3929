"""Believes the text until pydantic does not, and only then looks for the reason."""

import json
import re


class SchemaDrift(ValueError):
    def __init__(self, kind, why):
        super().__init__(f"{kind}: {why}")
        self.kind = kind


def read_reply(text, model):
    try:
        model.model_validate_json(text)
        return json.loads(text)
    except ValueError as error:
        raise SchemaDrift(reason(text, model), error) from error


def reason(text, model):
    if re.fullmatch(r"\s*", text):
        return "empty"
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        objects = re.search(r"\{.*\}", text, re.DOTALL)
        try:
            json.loads(objects[0] if objects else "")
            return "wrapped"
        except json.JSONDecodeError:
            opened = len(re.findall(r"\{", text)) - len(re.findall(r"\}", text))
            return "cut_off" if opened > 0 else "no_json"
    if type(found) is not dict:
        return "no_object"
    return "values" if sorted(found) == sorted(model.model_fields) else "fields"
