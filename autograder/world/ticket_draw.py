"""Draws the tickets of one seed and period from their templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Any

from .chance import Chance
from .company import Company
from .customers import Customer, customers
from .documents import Document, rendered
from .errors import CompanyError
from .facts import Facts, flat
from .names import FIRST, LAST
from .pii import marked
from .questions import Span
from .template import ENVIRONMENT
from .ticket_clock import NEWER, Desk, opening_day, opening_time, weighted, working
from .ticket_frame import Staff
from .ticket_source import TicketTemplate, read_ticket_templates
from .ticket_voice import VOICES, Voice
from .tickets import Ticket

AGENTS = 8
BURST = (8, 5, 4, 2, 1, 1, 1, 1, 1, 1)  # how many write on the first day on which one may, and on those that follow
FIRST_HOURS = 6  # in which those write who do so on the day itself
FOREIGN = 3  # one in so many customers of another language than English writes in English
FACT_PHONES = (("operations", "night_line"), ("software", "caller_id"))
FACT_PLACES = (("company", "city"), ("devices", "rma_city"), ("operations", "move_new"), ("operations", "move_old"))


@dataclass(frozen=True)
class Plan:
    """Which customer writes when; `use` counts the tickets of one template."""

    template: TicketTemplate
    use: int
    customer: Customer
    opened: datetime
    incident: str
    chance: Chance


class TicketDraw:
    """Everything that the tickets of one company and period have in common."""

    def __init__(self, company: Company, period: tuple[date, date], after: Sequence[Ticket] = ()) -> None:
        self.company = company
        self.areas = company.facts.areas
        self.seed = company.seed
        self.period = period
        self.newer = period == NEWER
        self.first_number = int(after[-1].id[2:]) + 3 if after else 40_000 + Chance(self.seed, "tickets").below(30_000)
        self._documents: dict[tuple[str, int], Document] = {}

    def tickets(self) -> list[Ticket]:
        """In order of time. One that would say the same as another, word for word, as short chats may, is left out."""
        from .ticket_thread import Thread

        number = self.first_number
        found: dict[tuple[str, ...], Ticket] = {}
        for plan in sorted(self.plans(), key=lambda plan: (plan.opened, plan.template.id)):
            number += 1 + plan.chance.below(9)
            ticket = Thread(self, plan, f"T-{number}").ticket()
            found.setdefault(tuple(message.text for message in ticket.messages), ticket)
        return list(found.values())

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.areas["company"].support_opens, self.areas["company"].support_closes)

    @cached_property
    def customers(self) -> list[Customer]:
        """The same in both revisions, at the prices of the first."""
        return customers(Facts(self.company.sources.facts, self.seed).areas, self.seed)

    @cached_property
    def agents(self) -> list[Staff]:
        chance = Chance(self.seed, "support desk")
        taken = {name.rsplit(" ", 1)[1] for name in self.people}
        names = [f"{chance.choice(FIRST)} {last}" for last in chance.sample([name for name in LAST if name not in taken], AGENTS)]
        return [staff(name, VOICES[number % len(VOICES)]) for number, name in enumerate(names)]

    @cached_property
    def engineers(self) -> list[Staff]:
        return [staff(self.areas["devices"].tr_second_line), self.agents[-1]]

    @cached_property
    def lead(self) -> Staff:
        return staff(self.areas["operations"].shift_lead)

    @cached_property
    def people(self) -> list[str]:
        facts = self.company.facts
        return [name for key, fact in self.company.sources.facts.items() if fact.kind == "person" for name in flat(facts.value(*key))]

    @cached_property
    def named(self) -> re.Pattern[str]:
        """Personal data that come out of facts, and so stand in texts without a mark."""
        parts = {
            "PERSON": self.people,
            "PHONE_NUMBER": [self.fact(key) for key in FACT_PHONES],
            "LOCATION": [self.fact(key) for key in FACT_PLACES],
        }
        groups = (f"(?P<{kind}>(?<!\\w)(?:{'|'.join(re.escape(text) for text in texts)})(?!\\w))" for kind, texts in parts.items())
        return re.compile("|".join(groups))

    def fact(self, key: tuple[str, str]) -> str:
        return str(self.company.facts.value(*key))

    def evaluated(self, template: TicketTemplate, expression: Any, values: dict[str, Any], *keys: str | int) -> Any:
        """What a Jinja expression of the template comes to."""
        try:
            return compiled(str(expression))(**values)
        except CompanyError as error:
            raise template.error(error.message, error.mend, *keys) from None
        except Exception as problem:
            raise template.error(f"{expression!r} cannot be computed: {problem}.", "", *keys) from None

    def plans(self) -> Iterator[Plan]:
        for template in read_ticket_templates(self.company.sources.folder):
            if not self.documented(template):
                continue
            chance = Chance(self.seed, "uses", template.id, self.period[0])
            fewest, most = template.uses
            count = fewest + chance.below(most - fewest + 1)
            if self.newer:
                count = 0 if {"incident", "before"} & set(template.data) else chance.below(2)
            for use, customer in enumerate(chance.shuffled(self.eligible(template, chance))[:count]):
                plan = self.plan(template, use, customer)
                if plan:
                    yield plan

    def documented(self, template: TicketTemplate) -> bool:
        """Whether all its documents are in this revision; those that nobody ever wrote are reported by `span`."""
        named = {name.partition("#")[0] for name in template.data.get("sources", [])}
        return all(self.company.revision in one.revisions for one in self.company.sources.templates if one.id in named)

    def eligible(self, template: TicketTemplate, chance: Chance) -> list[Customer]:
        data, language = template.data, template.language
        channels = data.get("channels", ["email"])
        lowest = {"phone": 2, "chat": 1}
        tier = min(lowest.get(channel, 0) for channel in channels)
        return [
            one
            for one in self.customers
            if one.industry in data.get("industries", [one.industry])
            and one.tier in data.get("plans", [one.tier])
            and one.tier >= tier
            and one.country in data.get("countries", [one.country])
            and (one.language == language or (language == "en" and ("countries" in data or self.writes_english(one, chance))))
        ]

    def writes_english(self, one: Customer, chance: Chance) -> bool:
        return one.language not in ("de", "es", "fr", "ja") or (one.language != "ja" and chance.below(FOREIGN) == 0)

    def plan(self, template: TicketTemplate, use: int, customer: Customer) -> Plan | None:
        data = template.data
        chance = Chance(self.seed, "ticket", template.id, self.period[0], use)
        first, last = self.period
        incident = ""
        night = bool(data.get("night"))
        if "incident" in data:
            name = data["incident"]
            start = self.areas["operations"].__getattr__(f"{name}_day")
            incident = getattr(self.areas["operations"], f"inc_{name}")
            earliest, latest = data.get("days", (0, len(BURST) - 1))
            later = weighted(chance, range(earliest, latest + 1), BURST[: latest - earliest + 1])
            opened = opening_time(chance, start + timedelta(days=later), night)
            if later == 0:
                opened = datetime.combine(start, time(10)) + timedelta(seconds=chance.below(FIRST_HOURS * 3600))
            return Plan(template, use, customer, opened, incident, chance)
        if "after" in data and not self.newer:
            first = min(max(first, self.evaluated(template, data["after"], self.areas, "after")), last - timedelta(days=20))
        if "before" in data:
            last = max(min(last, self.evaluated(template, data["before"], self.areas, "before")), first + timedelta(days=5))
        day = opening_day(chance, data["category"], first, last, data.get("months", range(1, 13)))
        if day is None:
            return None
        while data.get("channels") == ["phone"] and not night and not working(day):
            day += timedelta(days=1)
        opened = opening_time(chance, day, night)
        if data.get("channels") == ["phone"] and not night and not self.desk.is_open(opened):
            opened = opened.replace(hour=10 + chance.below(6))
        return Plan(template, use, customer, opened, incident, chance)

    def span(self, template: TicketTemplate, name: str, customer: Customer, index: int) -> Span:
        """`document#span`, of a document with variants `document#span@2`, `@plan` or `@region` for the customer's own."""
        where, _, variant = name.partition("@")
        identifier, _, span = where.partition("#")
        source = next((one for one in self.company.sources.templates if one.id == identifier), None)
        if source is None or self.company.revision not in source.revisions:
            raise template.error(f'"{name}" names a document there is not.', "", "sources", index)
        number = int(variant) if variant.isdigit() else 0
        if variant in ("plan", "region"):
            wanted = {"plan": customer.tier, "region": customer.region}[variant]
            number = next((at for at, one in enumerate(source.variants) if one.get(variant) == wanted), -1)
        if not 0 <= number < len(source.variants):
            raise template.error(f'"{name}" names a variant there is not for {customer.plan} in {customer.region}.', "", "sources", index)
        document = self._documents.get((identifier, number))
        if document is None:
            document = self._documents[identifier, number] = rendered(source, self.areas, self.company.revision, number)
        if span not in document.spans:
            raise template.error(f'"{span}" is no span of {identifier}.', "", "sources", index)
        return Span(document.key, span, document.path, document.spans[span])


@lru_cache(maxsize=1_000)
def compiled(expression: str) -> Callable[..., Any]:
    return ENVIRONMENT.compile_expression(expression, undefined_to_none=False)


def staff(name: str, voice: Voice = VOICES[0]) -> Staff:
    return Staff(marked("PERSON", name.split(" ", 1)[0]), marked("PERSON", name), voice)


