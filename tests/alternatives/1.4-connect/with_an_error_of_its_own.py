"""Catches what a lookup raises and says it in an error of its own, a kind of ValueError."""


class ConfigError(ValueError):
    pass


def must(condition, text):
    if not condition:
        raise ConfigError(text)


def connect(config, clients, environ):
    try:
        provider = config["providers"][config["active"]]
        make = clients[provider["client"]]
        key = environ[provider["api_key_env"]] if "api_key_env" in provider else None
    except KeyError as error:
        raise ConfigError(f"not configured: {error}") from error
    must(key != "", f"{provider.get('api_key_env')} is empty")
    must(provider.get("digest"), f"pin the digest of {config['active']}")
    client = make(base_url=provider["base_url"], model=provider["model"], api_key=key)
    found = client.digest()
    must(found == provider["digest"], f"weights changed: {provider['digest']} -> {found}")
    return client
