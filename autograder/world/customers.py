"""The customers of a seed: companies in fourteen countries with plan, sites, contract value and people who write to support."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .abroad import COUNTRIES, LATIN, Country
from .chance import Chance
from .pii import digits, marked, phone

COUNT = 170
INDUSTRIES = ("wholesale", "pharmacy", "hospital", "catering", "laboratory", "haulage")
SEGMENTS = ("micro", "small", "mid-market", "enterprise")
SHARE_OF_SEGMENTS = ("micro",) * 6 + ("small",) * 7 + ("mid-market",) * 5 + ("enterprise",) * 2
WEIGHTED = ("GB",) * 7 + ("DE",) * 6 + ("FR",) * 4 + ("ES",) * 4 + ("IE", "US", "AT", "CH", "NL", "NL", "BE", "DK", "SE", "FI", "JP", "JP", "US")
SIGNATURES = ("none", "first", "first", "name", "name", "block", "block", "address", "mobile", "initials")
TITLES = {
    "en": ("Quality", "Facilities", "Operations manager", "Office", "IT", "Accounts", "Purchasing", "Maintenance", "Quality assurance lead"),
    "de": ("Qualitätsmanagement", "Haustechnik", "Buchhaltung", "Betriebsleitung", "IT-Abteilung", "Einkauf"),
    "fr": ("Responsable qualité", "Services techniques", "Comptabilité", "Direction", "Informatique"),
    "es": ("Responsable de calidad", "Mantenimiento", "Administración", "Informática", "Compras"),
    "ja": ("品質管理課", "総務部", "情報システム課", "経理部"),
}
OWN_TITLES = {"catering": "Kitchen manager", "pharmacy": "Pharmacist", "hospital": "Ward pharmacist", "laboratory": "Sample management",
              "haulage": "Dispatch", "wholesale": "Warehouse manager"}  # fmt: skip
FOLDED = {"ß": "ss", "æ": "ae", "ø": "o", "ö": "oe", "ä": "ae", "ü": "ue", "å": "aa", "ł": "l"}


@dataclass(frozen=True)
class Person:
    """Somebody at a customer. The name's parts, mail, phone and address carry the marks of `pii`."""

    first: str
    last: str
    name: str
    mail: str
    phone: str
    address: str
    title: str
    signs: str  # how mails end, one of SIGNATURES


@dataclass(frozen=True)
class Customer:
    """`annual_value` in euro, from the price list of the seed; `tier` is the plan's place in company.plans."""

    id: str
    company: str
    domain: str
    industry: str
    segment: str
    country: str
    region: str
    language: str
    town: str
    plan: str
    tier: int
    sites: int
    annual_value: int
    since: date
    people: tuple[Person, ...]

    def public(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "company": self.company,
            "industry": self.industry,
            "segment": self.segment,
            "country": self.country,
            "region": self.region,
            "plan": self.plan,
            "sites": self.sites,
            "annual_value_eur": self.annual_value,
            "customer_since": self.since.isoformat(),
        }


def customers(facts: Mapping[str, Any], seed: int) -> list[Customer]:
    """All customers in order of id, in every industry and country."""
    found: dict[str, Customer] = {}
    number = 0
    while len(found) < COUNT:
        chance = Chance(seed, "customer", number)
        country = WEIGHTED[number % len(WEIGHTED)]
        industry = INDUSTRIES[(number // len(WEIGHTED) + number) % len(INDUSTRIES)]
        one = customer(facts, chance, country, industry, f"C-{20_000 + number * 331 % 70_000}")
        found.setdefault(one.domain, one)
        number += 1
    return sorted(found.values(), key=lambda one: one.id)


def customer(facts: Mapping[str, Any], chance: Chance, code: str, industry: str, identifier: str) -> Customer:
    country = COUNTRIES[code]
    town, last = chance.choice(country.towns), chance.choice(country.last)
    pattern = chance.choice(country.companies[industry])
    name = pattern.format(last=last, town=town)
    domain = domain_of(pattern, last, town)
    segment = chance.choice([one for one in SHARE_OF_SEGMENTS if one != "micro" or industry != "hospital"])
    tier, sites = size(facts, segment, chance)
    return Customer(
        id=identifier,
        company=name,
        domain=domain,
        industry=industry,
        segment=segment,
        country=code,
        region=country.region,
        language=country.language,
        town=town,
        plan=facts["company"].plans[tier],
        tier=tier,
        sites=sites,
        annual_value=annual_value(facts, tier, sites, chance),
        since=date(2017, 1, 9) + timedelta(days=chance.below(3000)),
        people=tuple(person(chance, country, code, domain, town, industry) for _ in range(3)),
    )


def size(facts: Mapping[str, Any], segment: str, chance: Chance) -> tuple[int, int]:
    """The plan and the number of sites, within what the plans allow."""
    most = facts["software"].sites
    if segment == "micro":
        tier = chance.choice((0, 0, 1))
        return tier, 1 + chance.below(2)
    if segment == "small":
        tier = chance.choice((1, 1, 1, 2))
        return tier, 3 + chance.below(most[1] // 2)
    if segment == "mid-market":
        return 2, most[1] + 1 + chance.below(30)
    return chance.choice((2, 3, 3)), 50 + chance.below(most[3] - 60 if most[2] > most[3] else most[2] - 52)


def annual_value(facts: Mapping[str, Any], tier: int, sites: int, chance: Chance) -> int:
    """A year's subscription: sites, some further seats, and the discount of those who pay yearly."""
    billing = facts["billing"]
    monthly = sites * (billing.site_0, billing.site_1, billing.site_2, billing.site_3)[tier] + chance.below(sites + 2) * billing.seat_price[3 - tier]
    discount = chance.choice((0, billing.annual_percent, billing.annual_percent))
    return int(float(monthly) * 12 * (100 - discount) / 100 + 0.5)


def person(chance: Chance, country: Country, code: str, domain: str, town: str, industry: str) -> Person:
    first, last = chance.choice(country.first), chance.choice(country.last)
    local = chance.choice((f"{latin(first)}.{latin(last)}", f"{latin(first)[0]}.{latin(last)}", latin(last), latin(first)))
    name = f"{last} {first}" if country.language == "ja" else f"{first} {last}"
    address = country.address.format(street=chance.choice(country.streets), number=chance.below(90) + 1, code=digits(country.code, chance), town=town)
    titles = TITLES.get(country.language, (*TITLES["en"], OWN_TITLES[industry]))
    return Person(
        first=marked("PERSON", first),
        last=marked("PERSON", last),
        name=marked("PERSON", name),
        mail=marked("EMAIL_ADDRESS", f"{local}@{domain}"),
        phone=marked("PHONE_NUMBER", phone(code, chance)),
        address=marked("LOCATION", digits(address, chance)),
        title=chance.choice(titles),
        signs=chance.choice(SIGNATURES),
    )


def domain_of(pattern: str, last: str, town: str) -> str:
    words = latin(re.sub(r"[^\w{} -]", " ", pattern).format(last=latin(last), town=latin(town)))
    return f"{words or latin(last) + '-' + latin(town)}.example"


def latin(text: str) -> str:
    """Small letters a to z, figures and hyphens, as in a mail address."""
    for sign, plain in LATIN.items():
        text = text.replace(sign, f" {plain} ")
    text = "".join(FOLDED.get(sign, sign) for sign in text.casefold())
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
