"""Faults that learners make in 1.3-active."""

MUTANTS = [
    ("takes the newest version", "chosen", "version = active.get(name)", "version = max(registry.get(name, {}), default=None)"),
    ("takes the first version", "chosen", "version = active.get(name)", "version = next(iter(registry.get(name, {})), None)"),
    ("remembers what was live first", "chosen", "version = active.get(name)", "version = resolve.__dict__.setdefault('live', {}).setdefault(str(registry), active.get(name))"),
    ("keeps the digest on the tag", "chosen", "\"model\": pin[1]", "\"model\": pin[0]"),
    ("shortens the digest", "chosen", "\"digest\": pin[2]", "\"digest\": pin[2][:12]"),
    ("wants all versions pinned", "chosen", "    pin = re", "    if not all('@' in one['model'] and one['model'][-1] in '0123456789abcdef' for one in registry[name].values()):\n        raise ValueError(entry['model'])\n    pin = re"),
    ("does not look at the pin", "unpinned", "r\"([^@]+)@([0-9a-f]{12,64})\"", "r\"([^@]*)@?(.*)\""),
    ("takes anything after the @ for a digest", "unpinned", "[0-9a-f]{12,64}", ".+"),
    ("takes four digits for a digest", "unpinned", "{12,64}", "+"),
    ("needs no tag", "unpinned", "([^@]+)@", "([^@]*)@"),
    ("refuses \"latest\" only", "unpinned", "    if pin is None:", "    pin = pin or re.match(r'([^@]*)@?(.*)', entry['model'])\n    if 'latest' in entry['model']:"),
    ("does not say which model", "unpinned", "the model {entry['model']!r} is not pinned", "the model is not pinned"),
    ("falls back to the newest version", "nowhere", "entry = registry.get(name, {}).get(version)", "versions = registry.get(name, {})\n    version = version if version in versions else max(versions, default=None)\n    entry = versions.get(version)"),
    ("returns None for nothing", "nowhere", "        raise ValueError(f\"{name!r}: no version {version!r} in the registry\")", "        return None"),
    ("lets a KeyError out", "nowhere", "registry.get(name, {}).get(version)", "registry[name][version]"),
    ("finds a version by its beginning", "nowhere", "entry = registry.get(name, {}).get(version)", "entry = next((e for v, e in registry.get(name, {}).items() if v.startswith(str(version or ''))), None)"),
]
