"""One ticket: its values, its messages with their times, and its labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from ..matching.answers import length
from .chance import Chance
from .errors import CompanyError
from .kinds import KINDS, LETTERS
from .pii import Pii, bare, card, digits, iban, marked, network_address, phone, unmarked, written
from .template import render
from .ticket_draw import Plan, TicketDraw
from .ticket_frame import Staff, answer, quoted, signed
from .ticket_source import STAFF, MessageTemplate
from .tickets import Message, Ticket

ALTERNATIVES = re.compile(r"\[\[((?:[^\[\]{]|\{\{[^}]*\}\}|\{[^{])*?)\]\]", re.S)
BAR = re.compile(r"\|(?![^{]*\}\})")
SPACE_AT_END = re.compile(r"[ \t]+$", re.M)
QUOTERS = ("block", "address")  # whose mail programs are set up that way
MISSED = 9  # one in so many first answers comes after its target
SAID = 45  # percent of the customers who say how satisfied they are
MARKS = {"solved_by_documents": (5, 5, 4, 4, 3), "solved_by_agent": (5, 5, 4, 4, 2), "needed_engineer": (5, 4, 4, 3, 2), "device_replaced": (5, 4, 4, 3),
         "refunded": (5, 4, 4, 3), "credited": (4, 4, 3, 3), "declined": (3, 2, 2, 1, 4), "passed_on": (4, 3, 3, 2), "churn_risk": (2, 1, 1, 2),
         "churned": (1, 2, 3), "no_reply": (3,)}  # fmt: skip
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
    "ja": "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日".split(),
}


class Thread:
    def __init__(self, draw: TicketDraw, plan: Plan, number: str) -> None:
        self.draw = draw
        self.plan = plan
        self.number = number
        self.template = plan.template
        self.data = plan.template.data
        self.customer = plan.customer
        self.chance = plan.chance
        self.language = plan.template.language
        channels = [one for one in self.data.get("channels", ["email"]) if self.customer.tier >= {"phone": 2, "chat": 1}.get(one, 0)]
        self.channel = self.chance.choice(channels)
        self.agent = self.chance.choice(draw.agents)
        self.engineer = self.chance.choice(draw.engineers)
        self.contact, self.other, self.third = self.chance.shuffled(self.customer.people)
        self.values = self.all_values()

    def ticket(self) -> Ticket:
        messages, pii, response = self.messages()
        last = max(message.time for message in messages)
        open_still = self.data["outcome"] in ("no_reply",) and self.chance.below(2)
        subject = bare(self.filled(self.pick(self.data["subject"], "subject"), "subject"))
        return Ticket(
            id=self.number,
            template=self.template.id,
            opened=self.plan.opened,
            first_response=response,
            resolved=None if open_still else last + timedelta(minutes=self.chance.below(90) + 1),
            channel=self.channel,
            language=self.language,
            customer=self.customer,
            requester=bare(self.contact.mail),
            product_area=self.data["product"],
            category=self.data["category"],
            priority=self.data["priority"],
            subject=subject,
            messages=tuple(messages),
            resolution=bare(self.filled(self.data["resolution"], "resolution")),
            outcome=self.data["outcome"],
            right_action=self.data.get("action", "answer"),
            rule=self.data.get("rule", ""),
            satisfaction=self.satisfaction(),
            handling_minutes=self.handling(messages),
            incident=self.plan.incident,
            sources=tuple(
                self.draw.span(self.template, name, self.customer, index) for index, name in enumerate(self.data.get("sources", []))
            ),
            outdated=False,
            pii=tuple(pii),
        )

    def all_values(self) -> dict[str, Any]:
        """What a template sees beside the facts."""
        chance, one, day = self.chance, self.customer, self.plan.opened.date()
        signs = int(self.draw.areas["devices"].sn_digits)
        site = self.third.address
        values: dict[str, Any] = {
            **self.draw.areas,
            "customer": one,
            "contact": self.contact,
            "other": self.other,
            "third": self.third,
            "agent": SimpleNamespace(first=self.agent.first, name=self.agent.name),
            "engineer": SimpleNamespace(first=self.engineer.first, name=self.engineer.name),
            "lead": SimpleNamespace(first=self.draw.lead.first, name=self.draw.lead.name),
            "town": marked("LOCATION", one.town),
            "site": SimpleNamespace(number=chance.below(40) + 1, address=site),
            "device": SimpleNamespace(serial=self.serial(signs), second=self.serial(signs), gateway=self.serial(signs)),
            "money": SimpleNamespace(
                card=marked("CREDIT_CARD", card(chance)),
                iban=marked("IBAN_CODE", iban(one.country, chance)),
                iban_new=marked("IBAN_CODE", iban(one.country, chance)),
                invoice=self.draw.areas["billing"].invoice_series + digits("#######", chance),
                earlier=self.draw.areas["billing"].invoice_series + digits("#######", chance),
                order=digits("SO-######", chance),
                purchase=digits("45000#####", chance),
            ),
            "net": SimpleNamespace(
                address=marked("IP_ADDRESS", network_address(chance)),
                inside=marked("IP_ADDRESS", f"10.{chance.below(60)}.{chance.below(250)}.{chance.below(250)}"),
            ),
            "mobile": marked("PHONE_NUMBER", phone(one.country, chance)),
            "when": SimpleNamespace(
                day=day,
                weekday=WEEKDAYS[self.language][day.weekday()],
                yesterday=day - timedelta(days=1),
                week=day - timedelta(days=7),
                month=day - timedelta(days=28 + chance.below(5)),
                quarter=day - timedelta(days=80 + chance.below(20)),
                next=day + timedelta(days=7 + chance.below(5)),
                soon=day + timedelta(days=14 + chance.below(10)),
            ),
            "ticket": SimpleNamespace(id=self.number, earlier=f"T-{int(self.number[2:]) - 60 - chance.below(200)}"),
        }
        own: dict[str, Any] = {}
        for name, spec in self.data.get("draw", {}).items():
            own[name] = self.drawn(name, spec)
        cases = self.data.get("cases")
        if cases:
            order = Chance(self.draw.seed, self.template.id, "cases").shuffled(range(len(cases)))
            own.update(cases[order[self.plan.use % len(order)]])
        values["this"] = own
        for name, expression in self.data.get("let", {}).items():
            own[name] = self.draw.evaluated(self.template, expression, values, "let", name)
        for name, text in own.items():
            if isinstance(text, str) and "{" in text:
                own[name] = self.rendered(text, values, "cases")
        return values

    def drawn(self, name: str, spec: dict[str, Any]) -> Any:
        kind = next(key for key in spec if key in KINDS)
        try:
            return KINDS[kind](spec[kind], spec.get("step")).draw(self.chance)
        except (TypeError, ValueError, ArithmeticError) as problem:
            raise self.template.error(f"{name} cannot be drawn: {problem}.", "", "draw", name) from None

    def serial(self, signs: int) -> str:
        plants = self.draw.areas["devices"].sn_plant
        return str(self.chance.choice(plants)) + digits("5" + "#" * (signs - 4), self.chance) + self.chance.choice(LETTERS) + digits("#", self.chance)

    def pick(self, texts: str | Sequence[str], *key: object) -> str:
        """One of the alternatives, another one for each of the template's tickets as far as they reach."""
        if isinstance(texts, str):
            return texts
        order = Chance(self.draw.seed, self.template.id, *key).shuffled(range(len(texts)))
        return texts[order[self.plan.use % len(texts)]]

    def said(self, template: MessageTemplate, number: int) -> str:
        """One of the message's alternatives that fits the opening."""
        opening = self.template.thread[0].texts
        chosen = opening.index(self.pick(opening, 0).strip())
        fit = [text for text, to in zip(template.texts, template.to, strict=True) if not to or chosen in to]
        if not fit:
            raise self.template.error(f"no alternative fits opening {chosen}.", "", "thread", number)
        return self.pick(fit, number) if number else opening[chosen]

    def filled(self, text: str, *keys: str | int) -> str:
        return self.rendered(text, self.values, *keys)

    def rendered(self, text: str, values: dict[str, Any], *keys: str | int) -> str:
        """The text with one of each `[[this|that]]`, with marks for what is written as personal, and everything filled in."""
        chosen = ALTERNATIVES.sub(lambda found: self.chance.choice(BAR.split(found[1])), text)
        try:
            return SPACE_AT_END.sub("", render(written(chosen), values)).strip()
        except CompanyError as error:
            if error.file:
                raise
            raise self.template.error(error.message, error.mend, *keys) from None

    def messages(self) -> tuple[list[Message], list[Pii], datetime]:
        """The messages, where their personal data stand, and the time of the first answer."""
        at = self.plan.opened
        response: datetime | None = None
        found: list[Message] = []
        spans: list[Pii] = []
        before = ""
        seen: set[str] = set()
        for number, template in enumerate(self.template.thread):
            if template.maybe < 100 and self.chance.below(100) >= template.maybe:
                continue
            text = self.filled(self.said(template, number), "thread", number)
            if found:
                at = self.next_time(template, at, response).replace(microsecond=0)
            framed = self.framed(template, text, seen)
            if before and self.quotes(template, found):
                framed = quoted(framed, self.chance, self.language, before, found[-1].time, self.agent.name)
            plain, marks = unmarked(framed, len(found), self.draw.named)
            role = {"colleague": "customer", "note": "agent"}.get(template.role, template.role)
            found.append(Message(role, template.role == "note", at, plain))
            spans.extend(marks)
            seen.add(template.role)
            if template.role != "note":
                before = text
            if template.role in STAFF and response is None:
                response = at
        assert response is not None
        return found, spans, response

    def quotes(self, template: MessageTemplate, found: Sequence[Message]) -> bool:
        """Whether a customer's mail has the answer below it, as some mail programs do it."""
        mail = template.role == "customer" and self.channel == "email" and not template.bare
        return mail and found[-1].author in STAFF and (template.quote or self.contact.signs in QUOTERS)

    def framed(self, template: MessageTemplate, text: str, seen: set[str]) -> str:
        """With greeting and signature, if it is a mail."""
        if template.bare or template.role in ("note", "system") or self.channel in ("chat", "phone"):
            return text
        first = template.role not in seen
        company = self.draw.areas["company"].name
        if template.role in STAFF:
            by: Staff = {"agent": self.agent, "engineer": self.engineer, "lead": self.draw.lead}[template.role]
            grave = self.data.get("action", "answer") != "answer" or self.data["priority"] == "P1"
            return answer(text, self.chance, self.language, self.contact, by, company, first, plain=grave)
        if self.channel == "portal":
            return text
        person = self.other if template.role == "colleague" else self.contact
        return signed(text, self.chance, self.language, person, self.customer.company, first)

    def next_time(self, template: MessageTemplate, at: datetime, response: datetime | None) -> datetime:
        chance, desk = self.chance, self.draw.desk
        if self.channel in ("chat", "phone") and not template.wait and desk.is_open(at):
            return at + timedelta(seconds=25 + chance.below(300))
        if template.role in ("customer", "colleague"):
            low, high = template.wait or (0.2, 30)
            then = at + timedelta(hours=low + (high - low) * chance.share() ** 2)
            return then if 6 <= then.hour < 22 or self.data.get("night") else then.replace(hour=7 + chance.below(3)) + timedelta(days=int(then.hour >= 22))
        if response is None and template.role in STAFF:
            return self.first_answer(at)
        low, high = template.wait or ((0.05, 0.6) if template.role in ("note", "system") else (0.4, 7))
        hours = low + (high - low) * chance.share() ** 2
        urgent = self.data["priority"] == "P1" and self.customer.tier >= 2
        return at + timedelta(hours=hours / 3) if urgent else desk.after(at, hours)

    def first_answer(self, at: datetime) -> datetime:
        """Mostly well within the target of the plan; later now and then, and during incidents."""
        operations, tier, chance = self.draw.areas["operations"], self.customer.tier, self.chance
        share = 0.08 + 0.8 * chance.share() ** 1.7
        if chance.below(MISSED) == 0:
            share = 1.05 + chance.share()
        if self.plan.incident:
            share = 0.4 + 1.6 * chance.share()
        if self.data["priority"] == "P1":
            hours = share * operations.urgent_minutes[3 - tier] / 60
            return at + timedelta(hours=hours) if tier >= 2 else self.draw.desk.after(at, hours)
        target = (operations.first_low, operations.first_plus, operations.first_pro, operations.first_top)[tier]
        return self.draw.desk.after(at, share * target)

    def satisfaction(self) -> int | None:
        given = self.data.get("satisfaction")
        marks = given if given else MARKS[self.data["outcome"]]
        mark = int(self.chance.choice(marks))
        return mark if self.chance.below(100) < SAID else None

    def handling(self, messages: Sequence[Message]) -> int:
        """Minutes: reading what came in, writing what went out, and what an engineer needs."""
        minutes = Decimal(3)
        for message in messages:
            words = length(message.text)
            minutes += Decimal(words) / (60 if message.author == "customer" else 18)
            minutes += {"engineer": 15 + self.chance.below(40), "lead": 6}.get(message.author, 1)
        return int(minutes)


