"""One digest for each part, and a digest of those."""

import hashlib
import json


def plain(value):
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in sorted(value.items()) if inner is not None}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and int(value) == value:
        return int(value)
    return value


def sha(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def cassette_key(digest, request):
    decides = {name: request.get(name) for name in request.keys() - {"timeout", "stream"}}
    parts = [f"{name}:{sha(json.dumps(plain(part), ensure_ascii=False))}" for name, part in sorted(decides.items())]
    return sha("\n".join([digest, *parts]))
