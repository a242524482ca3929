"""Past support tickets of a seed: hand-written threads with the seed's facts, customers and personal data filled in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from .company import Company, draw
from .customers import Customer
from .pii import Pii
from .questions import Span


@dataclass(frozen=True)
class Message:
    """`author` is customer, agent, engineer, lead or system; `internal` messages are notes that the customer never sees."""

    author: str
    internal: bool
    time: datetime
    text: str


@dataclass(frozen=True)
class Ticket:
    """One ticket with its labels. `template` names the hand-written thread it is drawn from and is not published."""

    id: str
    template: str
    opened: datetime
    first_response: datetime
    resolved: datetime | None
    channel: str
    language: str
    customer: Customer
    requester: str  # mail address
    product_area: str
    category: str
    priority: str
    subject: str
    messages: tuple[Message, ...]
    resolution: str
    outcome: str
    right_action: str  # answer, escalate or refuse
    rule: str  # why it is escalated or refused; empty for answers
    satisfaction: int | None  # 1 to 5, as far as the customer said
    handling_minutes: int  # working time of everybody at the desk
    incident: str  # number of the incident it belongs to, or empty
    sources: tuple[Span, ...]  # what answers it in the documents of the revision
    outdated: bool  # whether the documents that were right at the time have changed since
    pii: tuple[Pii, ...]

    def public(self) -> dict[str, Any]:
        """The ticket as one line of tickets.jsonl."""
        return {
            "id": self.id,
            "opened": self.opened.isoformat(),
            "first_response": self.first_response.isoformat(),
            "resolved": self.resolved.isoformat() if self.resolved else None,
            "channel": self.channel,
            "language": self.language,
            "customer": self.customer.public(),
            "requester": self.requester,
            "product_area": self.product_area,
            "category": self.category,
            "priority": self.priority,
            "subject": self.subject,
            "messages": [{"author": m.author, "internal": m.internal, "time": m.time.isoformat(), "text": m.text} for m in self.messages],
            "resolution": self.resolution,
            "outcome": self.outcome,
            "right_action": self.right_action,
            "rule": self.rule,
            "satisfaction": self.satisfaction,
            "handling_minutes": self.handling_minutes,
            "incident": self.incident,
            "answerable_from": [{"document": span.path, "span": span.text} for span in self.sources],
            "outdated": self.outdated,
            "pii": [{"message": p.message, "start": p.start, "end": p.end, "type": p.type} for p in self.pii],
        }


def draw_tickets(seed: int, revision: int = 1, folder: Path | None = None) -> list[Ticket]:
    """The tickets of a seed in order of time, none if the folder has no templates. What was written is not rewritten: the second
    revision has the same tickets, those marked as outdated whose documents now say something else, and two months of newer ones."""
    from .ticket_clock import HISTORY, NEWER
    from .ticket_draw import TicketDraw

    company = draw(seed, 1, folder)
    history = TicketDraw(company, HISTORY).tickets()
    if revision == 1:
        return history
    later = draw(seed, 2, folder)
    newer = TicketDraw(later, NEWER, after=history).tickets()
    return [*aged(history, later), *newer]


def write_tickets(tickets: Iterable[Ticket], path: Path) -> None:
    """One JSON object per line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(ticket.public(), ensure_ascii=False) + "\n" for ticket in tickets), encoding="utf-8")


def aged(tickets: Iterable[Ticket], later: Company) -> list[Ticket]:
    """The tickets as seen from the second revision: a source counts only while the same words stand in the same document."""
    now = {key: {name: Span(key, name, one.path, text) for name, text in one.spans.items()} for key, one in spans_of(later).items()}
    found = []
    for ticket in tickets:
        kept = [now.get(span.document, {}).get(span.name) for span in ticket.sources]
        same = all(new is not None and new.text == old.text for new, old in zip(kept, ticket.sources, strict=True))
        sources = tuple(span for span in kept if span) if same else ()
        found.append(replace(ticket, sources=sources, outdated=ticket.outdated or not same))
    return found


def spans_of(company: Company) -> dict[tuple[str, int], Any]:
    return {document.key: document for document in company.documents}
