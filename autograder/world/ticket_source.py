"""Ticket templates: hand-written threads in `tickets/*.yaml`, parsed and checked but not rendered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from .customers import INDUSTRIES
from .errors import CompanyError
from .kinds import KINDS
from .source import Source

LANGUAGES = ("en", "de", "es", "fr", "ja")
CATEGORIES = ("billing", "cancellation", "installation", "device_fault", "connectivity", "alerts", "reports", "access", "integration", "delivery",
              "privacy", "feedback")  # fmt: skip
PRODUCTS = ("sensors", "gateways", "web_application", "mobile_app", "api", "reports", "subscription", "logistics", "support")
PRIORITIES = ("P1", "P2", "P3", "P4")
ACTIONS = ("answer", "escalate", "refuse")
OUTCOMES = ("solved_by_documents", "solved_by_agent", "needed_engineer", "device_replaced", "refunded", "credited", "declined", "passed_on",
            "churn_risk", "churned", "no_reply")  # fmt: skip
CHANNELS = ("email", "chat", "portal", "phone")
ROLES = ("customer", "colleague", "agent", "engineer", "lead", "note", "system")
STAFF = ("agent", "engineer", "lead")
KEYS = ("id", "category", "product", "priority", "action", "rule", "outcome", "language", "channels", "industries", "plans", "countries",
        "after", "before", "months", "incident", "days", "night", "uses", "sources", "draw", "let", "cases", "subject", "thread", "resolution",
        "satisfaction")  # fmt: skip
REQUIRED = ("id", "category", "product", "priority", "outcome", "subject", "thread", "resolution")
MESSAGE_KEYS = ("maybe", "bare", "quote", "wait")
CHOICES = {"category": CATEGORIES, "product": PRODUCTS, "priority": PRIORITIES, "action": ACTIONS, "outcome": OUTCOMES, "language": LANGUAGES}
LISTS = {"channels": CHANNELS, "industries": INDUSTRIES, "plans": (0, 1, 2, 3)}
USES = ((2, 3), (3, 4), (4, 6))  # tickets of a template that begins in one way, in two, in more, unless it says otherwise


@dataclass(frozen=True)
class MessageTemplate:
    """`texts` are alternatives by hand, of which a ticket has one. `to` says of each which openings it fits, counted from 0; empty
    for all."""

    role: str
    texts: tuple[str, ...]
    to: tuple[tuple[int, ...], ...]
    maybe: int  # percent of the tickets that have this message
    bare: bool  # without greeting and signature
    quote: bool  # with the message before it quoted below
    wait: tuple[float, float] | None  # hours after the one before


@dataclass(frozen=True)
class TicketTemplate:
    id: str
    file: str
    index: int
    source: Source
    data: Mapping[str, Any]
    thread: tuple[MessageTemplate, ...]

    @property
    def language(self) -> str:
        return str(self.data.get("language", "en"))

    @property
    def uses(self) -> tuple[int, int]:
        ways = len(self.thread[0].texts) * len(self.data.get("cases", [0]))
        given = self.data.get("uses", USES[min(ways, len(USES)) - 1])
        return given[0], given[1]

    def error(self, message: str, mend: str = "", *keys: str | int) -> CompanyError:
        return CompanyError(f"ticket {self.id}: {message}", mend, file=self.file, line=self.source.line(self.index, *keys))

    def line(self, *keys: str | int) -> int:
        return self.source.line(self.index, *keys)


def ticket_files(folder: Path) -> list[Path]:
    return sorted((folder / "tickets").glob("*.yaml"))


def read_ticket_templates(folder: Path) -> tuple[TicketTemplate, ...]:
    """All templates in order of file, parsed once per state of the folder. Raises CompanyError at the first that is malformed."""
    return _read(folder, tuple((path, path.stat().st_mtime_ns) for path in ticket_files(folder)))


@lru_cache(maxsize=4)
def _read(folder: Path, state: Sequence[tuple[Path, int]]) -> tuple[TicketTemplate, ...]:
    found: dict[str, TicketTemplate] = {}
    for path, _ in state:
        for template in templates_of(folder, path):
            if isinstance(template, CompanyError):
                raise template
            if template.id in found:
                raise template.error(f"{found[template.id].file} has a ticket of the same id.", "", "id")
            found[template.id] = template
    return tuple(found.values())


def templates_of(folder: Path, path: Path) -> list[TicketTemplate | CompanyError]:
    """The templates of one file, and an error in the place of each that is malformed."""
    file = path.relative_to(folder).as_posix()
    try:
        source = Source(path.read_text(encoding="utf-8"), file)
    except CompanyError as error:
        return [error]
    if not isinstance(source.data, list):
        return [CompanyError("this is no list of tickets.", file=file, line=1)]
    found: list[TicketTemplate | CompanyError] = []
    for index, data in enumerate(source.data):
        try:
            found.append(parsed(source, file, index, data))
        except CompanyError as error:
            found.append(error)
    return found


def parsed(source: Source, file: str, index: int, data: Any) -> TicketTemplate:
    name = data.get("id", index + 1) if isinstance(data, dict) else index + 1

    def error(message: str, mend: str = "", *keys: str | int) -> CompanyError:
        return CompanyError(f"ticket {name}: {message}", mend, file=file, line=source.line(index, *keys))

    if not isinstance(data, dict):
        raise error("it is no mapping.")
    for key in data:
        if key not in KEYS:
            raise error(f'"{key}" is no key of a ticket.', f"There are {', '.join(KEYS)}.", key)
    for key in REQUIRED:
        if not data.get(key):
            raise error(f'"{key}" is missing.')
    for key, allowed in CHOICES.items():
        if key in data and data[key] not in allowed:
            raise error(f"the {key} is {data[key]!r}.", f"There are {', '.join(allowed)}.", key)
    for key, values in LISTS.items():
        if not set(data.get(key, [])) <= set(values):
            raise error(f"{key} must be some of {', '.join(map(str, values))}.", "", key)
    if (data.get("action", "answer") == "answer") == ("rule" in data):
        raise error('"rule" says which rule makes a ticket be escalated or refused, and stands with these only.', "", "action")
    for key, spec in data.get("draw", {}).items():
        kinds = [kind for kind in spec if kind in KINDS] if isinstance(spec, dict) else []
        if len(kinds) != 1:
            raise error(f"{key} must have one kind of {', '.join(KINDS)}.", "", "draw", key)
    thread = tuple(message_of(message, number, error) for number, message in enumerate(data["thread"]))
    if thread[0].role not in ("customer", "system") or not any(message.role in STAFF for message in thread):
        raise error("a thread begins with the customer and has an answer.", "", "thread")
    return TicketTemplate(str(data["id"]), file, index, source, data, thread)


def message_of(data: Any, number: int, error: Any) -> MessageTemplate:
    roles = [key for key in data if key in ROLES] if isinstance(data, dict) else []
    if len(roles) != 1 or set(data) - set(roles) - set(MESSAGE_KEYS):
        raise error(f"a message has one of {', '.join(ROLES)} and may have {', '.join(MESSAGE_KEYS)}.", "", "thread", number)
    texts = data[roles[0]]
    texts = [texts] if isinstance(texts, str) else texts
    pairs = [(text["text"], text["to"]) if isinstance(text, dict) and set(text) == {"text", "to"} else (text, []) for text in texts or []]
    if not pairs or not all(isinstance(text, str) and text.strip() and isinstance(to, list) for text, to in pairs):
        raise error("a message is a text or a list of texts, each alone or as {to: [0], text: ...}.", "", "thread", number)
    wait = data.get("wait")
    return MessageTemplate(
        roles[0],
        tuple(text.strip() for text, _ in pairs),
        tuple(tuple(to) for _, to in pairs),
        int(data.get("maybe", 100)),
        bool(data.get("bare", False)),
        bool(data.get("quote", False)),
        (float(wait[0]), float(wait[1])) if wait else None,
    )
