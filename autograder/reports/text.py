"""Words that came from somebody else's program, made harmless to look at."""

from __future__ import annotations

import re

ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
LIMIT = 4_000


def clean(text: str, limit: int = LIMIT) -> str:
    """Drop terminal escapes, spell out control, zero-width and direction-changing characters, and cut at `limit` characters."""
    text = ANSI.sub("", text[: limit * 4]).replace("\r\n", "\n")
    text = HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
