import os


def claim(folder, settings):
    target = folder / "manifest.json"
    if target.is_file():
        try:
            old = dict(json.loads(target.read_bytes()).items())
        except (ValueError, AttributeError):
            raise ValueError("there is a manifest that nobody can read") from None
        different = {key for key, _ in without_name(old) ^ without_name(settings)}
        if different:
            raise ValueError(f"not the same: {sorted(different)}")
        return "same"
    beside = folder / "manifest.part"
    beside.write_text(json.dumps(settings), encoding="utf-8")
    os.replace(beside, target)
    return "new"


def without_name(settings):
    return {(key, json.dumps(value)) for key, value in settings.items() if key != "model"}
