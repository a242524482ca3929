"""One step at a time, each with its own sentence; the digest is looked at digit by digit."""


def resolve(name, registry, active):
    if name not in registry:
        raise ValueError(f"there is no prompt {name}")
    if name not in active:
        raise ValueError(f"nothing is live for {name}")
    version = active[name]
    if version not in registry[name]:
        raise ValueError(f"{name} has no version {version}")
    written = registry[name][version]["model"]
    tag, at, digest = written.rpartition("@")
    hexadecimal = all(letter in "0123456789abcdef" for letter in digest)
    if not (tag and at and hexadecimal and 12 <= len(digest) <= 64):
        raise ValueError(f"{written} can be anything")
    return dict(version=version, model=tag, digest=digest, template=registry[name][version]["template"])
