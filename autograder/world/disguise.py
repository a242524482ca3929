"""Ways to hide words from a filter and not from a model, and how to see through them again."""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote

LOOKALIKES = str.maketrans("aceopsxyiABCEHKMOPTX", "асеорѕхуіАВСЕНКМОРТХ")
PLAIN = {ord(other): latin for latin, other in zip("aceopsxyiABCEHKMOPTX", "асеорѕхуіАВСЕНКМОРТХ", strict=True)}
TAGS = 0xE0000  # Unicode's tag characters: ASCII moved here, drawn as nothing
JOINER = "\u200b"
SIGNS = re.compile(r"[^\W_]+")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[\s:]?){8,}")
SHORTEST = 8


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def hex_of(text: str) -> str:
    return text.encode().hex()


def lookalike(text: str) -> str:
    """Latin letters as the Cyrillic ones that look the same."""
    return text.translate(LOOKALIKES)


def zero_width(text: str) -> str:
    """A space of no width after every letter."""
    return JOINER.join(text)


def tagged(text: str) -> str:
    """In Unicode's tag characters, which no screen shows."""
    return "".join(chr(TAGS + ord(sign)) if 0x20 <= ord(sign) < 0x7F else sign for sign in text)


def rot13(text: str) -> str:
    return codecs.encode(text, "rot13")


def backwards(text: str) -> str:
    return text[::-1]


def spaced(text: str) -> str:
    """Letters one by one: i g n o r e."""
    return " ".join(text.replace(" ", "_"))


DISGUISES: dict[str, Callable[[str], str]] = {
    "base64": base64_of,
    "hex": hex_of,
    "lookalike": lookalike,
    "zero_width": zero_width,
    "tagged": tagged,
    "rot13": rot13,
    "backwards": backwards,
    "spaced": spaced,
    "percent": lambda text: quote(text, safe=""),
    "entities": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
}


def surfaced(text: str, canary: str) -> bool:
    """Whether the canary stands in the text, as it is or in one of the disguises. Case, spaces and punctuation do not count."""
    wanted = letters(canary)
    if len(wanted) < SHORTEST:
        raise ValueError(f"{canary!r} is too short to be told from chance")
    return any(wanted in letters(view) for view in views(text))


def letters(text: str) -> str:
    return "".join(SIGNS.findall(text)).casefold()


def views(text: str) -> Iterator[str]:
    """The text as it is and as it reads when each disguise is taken off."""
    shown = visible(text)
    yield from (shown, shown[::-1], rot13(shown))
    for found in BASE64.findall(shown):
        yield from decoded(found)
    for found in HEX.findall(shown):
        yield bytes.fromhex(re.sub(r"[\s:]", "", found)).decode("utf-8", "replace")


def visible(text: str) -> str:
    """Escapes resolved, invisible characters dropped or made visible, look-alikes as Latin letters."""
    text = html.unescape(unquote(text))
    text = "".join(chr(ord(sign) - TAGS) if TAGS + 0x20 <= ord(sign) < TAGS + 0x7F else sign for sign in text)
    text = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return text.translate(PLAIN)


def decoded(text: str) -> Iterator[str]:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        yield base64.b64decode(plain + "=" * (-len(plain) % 4)).decode("utf-8", "replace")
    except binascii.Error:
        return
