"""A table of statuses, and small readers for the words and the wait."""

TABLE = {401: "denied", 402: "denied", 403: "denied", 429: "rate_limited", 504: "no_answer"}


def sentence(reply):
    try:
        body = reply.json()
    except ValueError:
        return reply.text, ""
    error = body.get("error") if isinstance(body, dict) else None
    match error:
        case str():
            return error, ""
        case {"message": str() as message}:
            return message, error.get("code") or ""
    return reply.text, ""


def seconds(reply):
    try:
        return float(reply.headers["retry-after"])
    except (KeyError, ValueError):
        return None


def diagnose(reply=None, failure=None):
    if reply is None:
        early = type(failure).__name__ in ("ConnectError", "ConnectTimeout", "PoolTimeout")
        return "unavailable" if early else "no_answer", f"{type(failure).__name__}: {failure}", None
    message, code = sentence(reply)
    if reply.is_success:
        kind = "no_answer"
    elif code == "insufficient_quota":
        kind = "denied"
    else:
        kind = TABLE.get(reply.status_code, "bad_request" if reply.is_client_error else "unavailable")
    return kind, message, seconds(reply)
