"""What every route wants to know of a request: its body as JSON, the desk behind it, whether it asks for a live answer."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from .desk import Desk
from .errors import BadRequest, BodyTooLarge

BODY_LIMIT = 16 << 20
"""Bytes of a request body."""


async def body_of(request: Request) -> Any:
    """The decoded JSON body, whatever its content type says; refuses what is too large or no JSON."""
    size = 0
    parts = []
    async for part in request.stream():
        size += len(part)
        if size > BODY_LIMIT:
            raise BodyTooLarge(BODY_LIMIT)
        parts.append(part)
    if not size:
        raise BadRequest("missing request body")
    try:
        return json.loads(b"".join(parts), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"invalid JSON in request body: {error}") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def wants_live(request: Request) -> bool:
    return request.headers.get("x-cassette-mode", "").lower() == "live"
