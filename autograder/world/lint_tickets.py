"""What the lint asks of tickets: that they can be drawn, that their personal data are marked, and that answers say what documents say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ..matching.answers import normal
from .company import draw
from .errors import CompanyError
from .lint_questions import figures
from .pii import BEGIN, EMAIL, END, MIDDLE, TYPES, card_is_valid, iban_is_valid
from .problem import Problem
from .ticket_clock import HISTORY, NEWER
from .ticket_draw import TicketDraw
from .ticket_source import TicketTemplate, templates_of, ticket_files
from .tickets import Ticket

SEEDS = (1, 2)
FEWEST_WORDS_ALIKE = 2  # words of four letters or more that an answer shares with a span without figures
SIGNS = (BEGIN, MIDDLE, END)
LEFT_OVER = re.compile(r"\[\[|\]\]|\{\{|\}\}|\{(?:person|place|health|address):")
CARD = re.compile(r"(?<!\d)(?:\d[ -]?){14,15}\d(?!\d)")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}")
LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def ticket_problems(folder: Path) -> Iterator[Problem]:
    """The form of every template; if all are well formed, what is wrong with the tickets of some seeds."""
    templates: dict[str, TicketTemplate] = {}
    sound = True
    for path in ticket_files(folder):
        for one in templates_of(folder, path):
            if isinstance(one, CompanyError):
                yield Problem.of(one)
                sound = False
            elif one.id in templates:
                yield Problem.of(one.error(f"{templates[one.id].file} has a ticket of the same id.", "", "id"))
                sound = False
            else:
                templates[one.id] = one
    if sound and templates:
        for seed, period in [*((seed, HISTORY) for seed in SEEDS), (SEEDS[0], NEWER)]:
            yield from drawn_problems(folder, seed, period, templates)


def drawn_problems(folder: Path, seed: int, period: tuple[date, date], templates: dict[str, TicketTemplate]) -> Iterator[Problem]:
    try:
        tickets = TicketDraw(draw(seed, 2 if period == NEWER else 1, folder), period).tickets()
    except CompanyError as error:
        yield Problem.of(error)
        return
    counts = Counter(ticket.template for ticket in tickets)
    for ticket in tickets:
        template = templates[ticket.template]
        for check, message, key in [*text_faults(ticket), *pii_faults(ticket), *source_faults(ticket)]:
            yield Problem(template.file, template.line(key), f"ticket {template.id}: {message}", check)
    if period == HISTORY:
        for template in templates.values():
            if not counts[template.id] and not only_newer(template, folder):
                yield Problem(template.file, template.line("id"), f"ticket {template.id}: seed {seed} has no customer for it.", "customers")


def only_newer(template: TicketTemplate, folder: Path) -> bool:
    """Whether it answers from a document that comes with the second revision."""
    named = {name.partition("#")[0] for name in template.data.get("sources", [])}
    return any(1 not in one.revisions for one in draw(SEEDS[0], 1, folder).sources.templates if one.id in named)


Fault = tuple[str, str, str]  # check, message, key


def text_faults(ticket: Ticket) -> Iterator[Fault]:
    for text in [ticket.subject, ticket.resolution, *(message.text for message in ticket.messages)]:
        found = LEFT_OVER.search(text)
        if found or any(sign in text for sign in SIGNS):
            yield "marks", f"a mark is left over in {text[:60]!r}.", "thread"
    times = [message.time for message in ticket.messages]
    if times != sorted(times):
        yield "times", "its messages are not in order of time.", "thread"


def pii_faults(ticket: Ticket) -> Iterator[Fault]:
    for span in ticket.pii:
        text = ticket.messages[span.message].text[span.start : span.end]
        if not text.strip() or text != text.strip() or span.type not in TYPES:
            yield "pii", f"the {span.type} {text!r} is marked with spaces or not at all.", "thread"
    for number, message in enumerate(ticket.messages):
        spans = {(span.start, span.end): span.type for span in ticket.pii if span.message == number}
        for pattern, valid, kind in ((CARD, card_is_valid, "CREDIT_CARD"), (IBAN, iban_is_valid, "IBAN_CODE"), (EMAIL, bool, "EMAIL_ADDRESS")):
            for found in pattern.finditer(message.text):
                if valid(found[0]) and (found.start(), found.end()) not in spans and not inside(found.span(), spans):
                    yield "unmarked", f"{found[0]!r} looks like {kind} and is not marked.", "thread"


def inside(where: tuple[int, int], spans: dict[tuple[int, int], str]) -> bool:
    return any(start <= where[0] and where[1] <= end for start, end in spans)


def source_faults(ticket: Ticket) -> Iterator[Fault]:
    """Each span shares a figure with what staff wrote, notes included; one without figures and in the same language shares words.
    The rules that make a ticket be escalated or refused are followed and not recited."""
    if ticket.right_action != "answer":
        return
    text = "\n".join(message.text for message in ticket.messages if message.author in ("agent", "engineer", "lead"))
    said, words = figures(text) | figures(normal(text)), {word.casefold() for word in LONG_WORD.findall(text)}
    for span in ticket.sources:
        wanted = figures(span.text)
        alike = {word.casefold() for word in LONG_WORD.findall(span.text)} & words
        if not (wanted & said if wanted else len(alike) >= FEWEST_WORDS_ALIKE or ticket.language != "en"):
            yield f"agreement {span.name}", f"no answer says what the span {span.document[0]}#{span.name} says ({span.text[:70]!r}).", "sources"
