"""Feeds the parts to the digest one after the other, each with its length before it."""

import hashlib


def cassette_key(digest, request):
    found = hashlib.sha256()

    def feed(text):
        data = text.encode()
        found.update(len(data).to_bytes(8, "big") + data)

    def value_text(value):
        if isinstance(value, (int, float)):
            return repr(float(value))
        return repr(value)

    feed(digest)
    for message in request["messages"]:
        feed(message["role"])
        feed(message["content"])
    feed("options")
    for name in sorted(request.get("options") or {}):
        if request["options"][name] is not None:
            feed(name)
            feed(value_text(request["options"][name]))
    return found.hexdigest()
