class Refused(ValueError):
    pass


def claim(folder, settings):
    path = folder / "manifest.json"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(settings, file, indent=2, sort_keys=True)
        return "new"
    known = json.loads(text)
    if type(known) is not dict:
        raise Refused("this file is not a manifest")
    absent = object()
    wrong = []
    for key in sorted(set(known) | set(settings)):
        if key == "model":
            continue
        old, new = known.get(key, absent), settings.get(key, absent)
        if old is absent or new is absent or old != new:
            wrong.append(key)
    if not wrong:
        return "same"
    raise Refused("re-index first, or use the old settings; different: " + " and ".join(wrong))
