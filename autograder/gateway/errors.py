"""Every refusal the gateway makes, with the HTTP status Ollama would use for it."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import CourseError


class GatewayError(CourseError):
    """A request that is answered with Ollama's error body `{"error": ...}` and `status`."""

    status = 500

    def __init__(self, message: str, mend: str = "", *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message, mend)
        self.headers = dict(headers or {})

    def body(self) -> dict[str, str]:
        return {"error": str(self)}


class BadRequest(GatewayError):
    status = 400


class ModelNotFound(GatewayError):
    status = 404

    def __init__(self, model: str) -> None:
        super().__init__(f"model '{model}' not found")


class ModelNotAllowed(GatewayError):
    status = 403

    def __init__(self, model: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"model '{model}' may not be used in this run.", f"Use one of: {', '.join(sorted(allowed))}.")


class PlanClosed(GatewayError):
    """What a double answers is judged in this run."""

    status = 403

    def __init__(self) -> None:
        super().__init__("the model doubles of this run do as its grader has planned.")


class BodyTooLarge(GatewayError):
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"request body is larger than {limit} bytes")


class OverBudget(GatewayError):
    """The run has used up its calls, tokens or seconds; `limit` names which."""

    status = 429

    def __init__(self, limit: str, used: float, allowed: float) -> None:
        super().__init__(
            f"this run's budget of {allowed:g} {limit} is used up ({used:g} so far).", "Make fewer or shorter model calls."
        )
        self.limit = limit


class NotRecorded(GatewayError):
    """Replaying only, and no recording answers this request."""

    status = 409

    def __init__(self, what: str) -> None:
        super().__init__(f"no recording answers {what}.", "Run with cassettes in mode replay or live, or record it.")


class OutOfMemory(GatewayError):
    status = 500

    def __init__(self, need: int, available: int) -> None:
        gib = 1 << 30
        super().__init__(f"model requires more system memory ({need / gib:.1f} GiB) than is available ({available / gib:.1f} GiB)")


class EngineFailed(GatewayError):
    """The engine itself gave up on a request it should have been able to answer."""

    status = 500


class UpstreamFailed(GatewayError):
    """A real Ollama behind the gateway cannot be reached or broke off."""

    status = 502


class UpstreamRefused(GatewayError):
    """A real Ollama behind the gateway answered with an error; its status and sentence are passed on."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message, headers=headers)
        self.status = status


class CannotServe(CourseError):
    """The gateway itself cannot start: port taken, socket path unusable, unknown backend."""


class BadCassette(CourseError):
    """A cassette file cannot be read."""


class WeightsError(CourseError):
    """A model's weights cannot be brought here."""
