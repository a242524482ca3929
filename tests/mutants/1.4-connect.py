"""Faults that learners make in 1.4-connect."""

MUTANTS = [
    ("takes the first provider there is", "active", 'config["providers"].get(config["active"])', 'next(iter(config["providers"].values()))'),
    (
        "makes a client for every provider",
        "active",
        "    client = clients",
        "    for other in config[\"providers\"].values():\n"
        "        clients[other[\"client\"]](base_url=other[\"base_url\"], model=other[\"model\"], api_key=None)\n    client = clients",
    ),
    ("always asks the laptop", "active", 'base_url=provider["base_url"]', 'base_url="http://127.0.0.1:11434"'),
    ("falls back when the active one is unknown", "refused", '.get(config["active"])', '.get(config["active"], next(iter(config["providers"].values())))'),
    ("lets a KeyError out", "refused", 'if provider["client"] not in clients:', "if False:"),
    ("makes do without a pin", "refused", 'if not provider.get("digest"):', 'if provider.get("digest", 1) is None:'),
    ("does not say which provider", "refused", "f\"there is no provider {config['active']!r}\"", '"there is no such provider"'),
    ("hands over the variable's name", "secret", "api_key=key", 'api_key=variable'),
    ("goes on without a key", "secret", "if variable and not key:", "if False:"),
    ("takes an empty key for a key", "secret", "if variable and not key:", "if variable and key is None:"),
    ("does not hand over the key", "secret", "api_key=key", "api_key=None"),
    ("never asks which weights there are", "pinned", "if found != provider", "if False and found != provider", "found = client.digest()", 'found = provider["digest"]'),
    ("compares as many digits as it prints", "pinned", 'if found != provider["digest"]', 'if found[:12] != provider["digest"][:12]'),
    ("does not say what it found", "pinned", ", the server has {found}", ""),
    ("warns and goes on", "pinned", "        raise ValueError(f\"{provider['digest']}", "        print(f\"{provider['digest']}"),
]
