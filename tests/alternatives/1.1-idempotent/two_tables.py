"""Requests and replies kept in two inner tables; the reservation is taken back on failure."""

import copy


def handle(key, body, store, act):
    asked = store.setdefault("asked", {})
    replied = store.setdefault("replied", {})
    if key not in asked:
        asked[key] = copy.deepcopy(body)
        try:
            replied[key] = act(body)
        except Exception as error:
            del asked[key]
            return 502, {"error": type(error).__name__}
        return 200, replied[key]
    if asked[key] != body:
        return 409, {"error": f"{key} belongs to another request"}
    return 200, replied[key]
