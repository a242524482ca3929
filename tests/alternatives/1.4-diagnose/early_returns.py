"""Decides with a chain of returns; the wait is read by hand."""

import json

import httpx


def diagnose(reply=None, failure=None):
    if isinstance(failure, httpx.ConnectError):
        return ("unavailable", str(failure), None)
    if isinstance(failure, httpx.TimeoutException) and not isinstance(failure, (httpx.ReadTimeout, httpx.WriteTimeout)):
        return ("unavailable", str(failure), None)
    if failure:
        return ("no_answer", repr(failure), None)
    header = reply.headers.get("Retry-After")
    wait = float(header) if header and header.replace(".", "", 1).isdigit() else None
    message, code = reply.text, None
    if reply.text.startswith("{"):
        try:
            error = json.loads(reply.text).get("error")
        except json.JSONDecodeError:
            error = None
        if isinstance(error, dict):
            message, code = error["message"], error.get("code")
        elif error:
            message = error
    status = reply.status_code
    if status == 429:
        return ("denied" if code == "insufficient_quota" else "rate_limited", message, wait)
    if status == 504 or status // 100 == 2:
        return ("no_answer", message, wait)
    if status // 100 == 5:
        return ("unavailable", message, wait)
    return ("denied" if 401 <= status <= 403 else "bad_request", message, wait)
