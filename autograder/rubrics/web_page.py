"""What a browser would make of an HTML page: its text, its marked passage, what it loads, and what in it is alive."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from ..contracts import WebReply

LOADS = {
    "link": ("href",),
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "form": ("action",),
    "base": ("href",),
}
"""Attributes whose address is fetched, by element."""
RUNS = ("srcdoc", "style", "src", "srcset", "data", "action", "formaction", "background", "poster")
"""Attributes through which text becomes more than text, beside those that begin with "on"."""
RAW = ("script", "style")
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
IN_STYLE = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])\s*((?:https?:)?//[^'\")\s]+)", re.I)
IN_SCRIPT = re.compile(
    r"(?:\bfrom|\bimport|\bimport\s*\(|\bfetch\s*\(|EventSource\s*\(|WebSocket\s*\(|importScripts\s*\(|\.(?:src|href)\s*=)\s*['\"`]((?:https?:|wss?:)?//[^'\"`]+)"
)


class Seen(HTMLParser):
    """`passages` counts elements with id="passage"; `tag` and `passage` are the first one's name and text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.raw: list[tuple[str, str]] = []  # (element, text) of scripts and style sheets
        self.tag, self.passages = "", 0
        self._text: list[str] = []
        self._passage: list[str] = []
        self._inside = 0  # how deep in the passage, 0 outside
        self._raw: str | None = None

    @classmethod
    def of(cls, reply: WebReply) -> Seen:
        seen = cls()
        seen.feed("".join(piece.bytes for piece in reply.pieces).encode("latin-1").decode("utf-8", "replace"))
        seen.close()
        return seen

    @property
    def text(self) -> str:
        return "".join(self._text)

    @property
    def passage(self) -> str:
        return "".join(self._passage)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}  # of two with the same name the first counts
        self.elements.append((tag, given))
        if given.get("id") == "passage":
            self.passages += 1
            if self.passages == 1:
                self.tag, self._inside = tag, 1
        elif self._inside and tag not in VOID:
            self._inside += 1
        if tag in RAW:
            self._raw = "data" if given.get("type", "").endswith("json") else tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A slash closes nothing in HTML."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._inside -= bool(self._inside) and tag not in VOID
        if tag in RAW:
            self._raw = None

    def handle_data(self, data: str) -> None:
        if self._raw:
            self.raw.append((self._raw, data))
            return
        self._text.append(data)
        if self._inside:
            self._passage.append(data)

    def alive(self, canary: str) -> str:
        """The first place where the canary is not plain text: in the name of an element, in a script, in an attribute that runs or loads."""
        for tag, attributes in self.elements:
            if canary in tag:
                return f"<{tag}>"
            for name, value in attributes.items():
                runs = name.startswith("on") or name in RUNS or re.match(r"\s*(?:javascript|data):", value, re.I)
                if canary in name or (canary in value and runs):
                    return f"<{tag} {name}={value[:60]!r}>"
        return next((f"<{tag}> {text[:60]}" for tag, text in self.raw if canary in text and tag in RAW), "")


def foreign(reply: WebReply) -> str:
    """The first address on another host that a page, a style sheet or a script loads; "" when there is none."""
    kind = kind_of(reply)
    text = "".join(piece.bytes for piece in reply.pieces)
    if kind == "text/html":
        seen = Seen.of(reply)
        addresses = [attributes[name] for tag, attributes in seen.elements for name in LOADS.get(tag, ()) if name in attributes]
        far = next((address for address in addresses if urlsplit(address.strip()).netloc), "")
        return far or next(filter(None, (first(IN_STYLE if tag == "style" else IN_SCRIPT, text) for tag, text in seen.raw)), "")
    return first(IN_STYLE if kind == "text/css" else IN_SCRIPT, text)


def first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def kind_of(reply: WebReply) -> str:
    """The media type, without its parameters."""
    return reply.headers.get("content-type", "").partition(";")[0].strip().lower()
