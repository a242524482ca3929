"""How much of the model a run may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits on one run; None means unlimited. `tokens` counts prompt and completion tokens together, recorded ones too;
    `seconds` is the time spent answering, added over calls. A call that begins under the limits is finished."""

    calls: int | None = None
    tokens: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name in ("calls", "tokens", "seconds"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise ValueError(f"budget {name} must not be negative, got {value}")

    def spent(self, *, calls: int, tokens: int, seconds: float) -> tuple[str, float, float] | None:
        """The first limit that leaves no room for another call, as (name, used, allowed); None when there is room."""
        for name, used, allowed in (
            ("calls", calls, self.calls),
            ("tokens", tokens, self.tokens),
            ("seconds", seconds, self.seconds),
        ):
            if allowed is not None and used >= allowed:
                return name, float(used), float(allowed)
        return None
