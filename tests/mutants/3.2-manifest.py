"""Faults that learners make in 3.2-manifest."""

MUTANTS = [
    ("writes what Python prints, not JSON", "first", "json.dumps(settings)", "str(settings)"),
    ("keeps the digest only", "first", "json.dumps(settings)", 'json.dumps({"digest": settings["digest"]})'),
    ("never writes it", "first", 'file.write_text(json.dumps(settings), encoding="utf-8")', "pass"),
    ("takes another name for another model", "same", '(held.keys() | settings.keys()) - {"model"}', "held.keys() | settings.keys()"),
    ("compares the texts of both", "same", "if differing:", "if json.dumps(held) != json.dumps(settings):"),
    ("compares digests only", "refuses", 'sorted((held.keys() | settings.keys()) - {"model"})', '["digest"]'),
    ("compares dimensions only, as the database does", "refuses", 'sorted((held.keys() | settings.keys()) - {"model"})', '["dimension"]'),
    ("looks at the keys that the manifest has", "refuses", "(held.keys() | settings.keys())", "held.keys()"),
    ("takes a key that is missing for one that agrees", "refuses", "held.get(key, nothing) != settings.get(key, nothing)", "key in held and key in settings and held[key] != settings[key]"),
    ("names the first that differs", "refuses", "', '.join(differing)", "differing[0]"),
    ("names all keys", "refuses", "', '.join(differing)", "', '.join(settings)"),
    ("warns, and goes on with the new settings", "refuses", 'raise ValueError(f"the index was made with other settings: {\', \'.join(differing)}")', 'file.write_text(json.dumps(settings), encoding="utf-8")'),
    ("replaces what it cannot read", "unreadable", "if not file.exists():", 'if not file.exists() or not file.read_text().startswith("{"):'),
    ("takes valid JSON for a manifest", "unreadable", "if not isinstance(held, dict):", "if not isinstance(held, dict):\n        return \"same\"\n    if held is None:"),
    ("takes a key that is missing for one that is null", "refuses", "held.get(key, nothing) != settings.get(key, nothing)", "held.get(key) != settings.get(key)"),
    ("writes it in another encoding", "first", "file.write_text(json.dumps(settings), encoding=\"utf-8\")", "file.write_text(json.dumps(settings, ensure_ascii=False), encoding=\"latin-1\")"),
]
