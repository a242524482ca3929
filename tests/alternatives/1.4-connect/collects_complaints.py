"""Collects every complaint before it raises, then makes the client."""


def connect(config, clients, environ):
    name = config["active"]
    provider = config["providers"].get(name, {})
    complaints = []
    if not provider:
        complaints.append(f"no provider called {name}; there are {', '.join(config['providers'])}")
    elif provider["client"] not in clients:
        complaints.append(f"{name} wants the client {provider['client']}, which does not exist")
    if provider and not provider.get("digest"):
        complaints.append(f"{name} has no digest")
    variable = provider.get("api_key_env", "")
    if variable and not environ.get(variable):
        complaints.append(f"set {variable}")
    if complaints:
        raise ValueError("; ".join(complaints))
    make = clients[provider["client"]]
    client = make(model=provider["model"], base_url=provider["base_url"], api_key=environ[variable] if variable else None)
    if (there := client.digest()) != provider["digest"]:
        raise ValueError(f"wanted {provider['digest']}, found {there}")
    return client
