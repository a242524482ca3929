"""What tickets there are, for the datasheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from ..matching.answers import length
from .stats import listed
from .tickets import Ticket


def ticket_statistics(tickets: Sequence[Ticket], later: Sequence[Ticket]) -> str:
    """Markdown about the tickets of one seed; `later` are those of its second revision."""
    if not tickets:
        return "- no tickets"
    templates = Counter(ticket.template for ticket in tickets)
    messages = [message for ticket in tickets for message in ticket.messages]
    given = [ticket.satisfaction for ticket in tickets if ticket.satisfaction]
    hours = [(ticket.first_response - ticket.opened).total_seconds() / 3600 for ticket in tickets]
    per_week = Counter(ticket.opened.isocalendar()[:2] for ticket in tickets)
    busiest, most = per_week.most_common(1)[0]
    return "\n".join([
        f"- {len(tickets)} tickets from {len(templates)} hand-written threads (each used {min(templates.values())} to {max(templates.values())} times) "
        f"of {len({ticket.customer.id for ticket in tickets})} customers, {tickets[0].opened:%d %B %Y} to {tickets[-1].opened:%d %B %Y}",
        f"- {len(messages):,} messages, {sum(message.internal for message in messages)} of them internal; "
        f"{sum(length(message.text) for message in messages):,} words; a week has {median(per_week.values()):.0f} tickets in the median, "
        f"week {busiest[1]} of {busiest[0]} has {most}",
        f"- by language: {listed(Counter(ticket.language for ticket in tickets))}",
        f"- by category: {listed(Counter(ticket.category for ticket in tickets))}",
        f"- by priority: {listed(Counter(ticket.priority for ticket in tickets))}",
        f"- by channel: {listed(Counter(ticket.channel for ticket in tickets))}",
        f"- by segment: {listed(Counter(ticket.customer.segment for ticket in tickets))}",
        f"- by right action: {listed(Counter(ticket.right_action for ticket in tickets))}",
        f"- by outcome: {listed(Counter(ticket.outcome for ticket in tickets))}",
        f"- answerable from documents: {sum(bool(ticket.sources) for ticket in tickets)}; first answer after {median(hours):.1f} h in the median; "
        f"satisfaction given by {len(given)}, {sum(given) / len(given):.1f} on average",
        f"- personal data: {listed(Counter(span.type for ticket in tickets for span in ticket.pii))}",
        f"- second revision: {len(later) - len(tickets)} newer tickets, {sum(ticket.outdated for ticket in later)} whose documents have changed since",
    ])  # fmt: skip
