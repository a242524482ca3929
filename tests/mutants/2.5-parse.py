"""Faults that learners make in 2.5-parse."""

MUTANTS = [
    ("checks the names of the fields only", "raises", "        model.model_validate(value)\n", "        pass\n"),
    ("mends what is wrapped instead of refusing it", "raises", '            kind = "wrapped"\n', '            return json.JSONDecoder().raw_decode(text[text.index("{") :])[0]\n'),
    ("lets the JSON error out", "raises", "    except ValueError:\n        try", "    except KeyError:\n        try"),
    ("returns nothing for an empty reply", "raises", '        raise SchemaDrift("empty", "there is nothing in it")', "        return None"),
    ("takes any JSON for an object", "raises", '    if not isinstance(value, dict):\n        raise SchemaDrift("no_object", f"it is a {type(value).__name__}")\n', ""),
    ("takes a list for an object cut off", "kind", 'SchemaDrift("no_object"', 'SchemaDrift("cut_off"'),
    ("calls everything that is not JSON the same", "kind", '"cut_off" if text.count("{") > text.count("}") else "no_json"', '"no_json"'),
    ("takes single quotes for an end that is missing", "kind", 'text.count("{") > text.count("}")', 'text.startswith("{")'),
    ("looks for any closing brace", "recorded", 'text.count("{") > text.count("}")', '"{" in text and "}" not in text'),
    ("overlooks fields that are too many", "kind", "if value.keys() != model.model_fields.keys():", "if model.model_fields.keys() - value.keys():"),
    ("overlooks fields that are missing", "kind", "if value.keys() != model.model_fields.keys():", "if value.keys() - model.model_fields.keys():"),
    ("knows fences only", "kind", 'text[text.index("{") :]', 'text.removeprefix("```json").strip()'),
    ("knows no kind but one", "recorded", "raise SchemaDrift(kind, ", 'raise SchemaDrift("no_json", '),
    ("refuses white space around it", "valid", "        value = json.loads(text)", "        value = json.loads(text if text == text.strip() else '?')"),
]
