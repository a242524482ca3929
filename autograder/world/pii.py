"""Personal data in tickets: fictional values, and marks that say where they stand until a text is finished.

Types are those of Presidio: PERSON, EMAIL_ADDRESS, PHONE_NUMBER, CREDIT_CARD, IBAN_CODE, LOCATION, IP_ADDRESS. It has no name for remarks
about somebody's health; here they are MEDICAL_CONDITION.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .chance import Chance

TYPES = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "LOCATION", "IP_ADDRESS", "MEDICAL_CONDITION")
BEGIN, MIDDLE, END = "\ue000", "\ue001", "\ue002"
MARK = re.compile(f"{BEGIN}([A-Z_]+){MIDDLE}([^{BEGIN}{MIDDLE}{END}]*){END}")
WRITTEN = re.compile(r"\{(person|place|health|address): ([^{}\n]+)\}")
WRITTEN_TYPES = {"person": "PERSON", "place": "LOCATION", "health": "MEDICAL_CONDITION", "address": "IP_ADDRESS"}
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")

# Numbers that card networks publish for tests; no bank issues them.
CARDS = (
    "4242424242424242 4000056655665556 4111111111111111 4012888888881881 4000002500003155 4000000000000077 4000002760003184 5555555555554444 "
    "5200828282828210 5105105105105100 2223003122003222 5454545454545454 378282246310005 371449635398431 6011111111111117 3566002020360505"
).split()
# Bank part of an account number: an issuer that does not exist, then digits.
ACCOUNTS = {"DE": "0000####" + "#" * 10, "AT": "00###" + "#" * 11, "CH": "00###" + "#" * 12, "NL": "FICT" + "#" * 10, "BE": "000" + "#" * 9,
            "DK": "0000" + "#" * 10, "SE": "000" + "#" * 17, "FI": "000" + "#" * 11, "GB": "FICT0000####" + "#" * 6, "IE": "FICT0000##" + "#" * 8,
            "FR": "00000000##" + "#" * 13, "ES": "0000####" + "#" * 12}  # fmt: skip
# Ranges that the regulators of Britain, Germany, France, Sweden, Ireland and North America keep for fiction. The others keep none:
# there the part after the area code begins with 0 and cannot be dialled.
PHONES = {
    "GB": ("+44 20 7946 0###", "0113 496 0###", "07700 900###", "+44 7700 900###"),
    "DE": ("030 23125 ###", "+49 69 90009 ###", "+49 40 66969 ###", "+49 171 39200##", "089 99998 ###"),
    "FR": ("01 99 00 ## ##", "+33 4 65 71 ## ##", "06 39 98 ## ##", "+33 5 36 49 ## ##"),
    "SE": ("08-465 004 ##", "+46 31 390 06 ##", "040-628 04 ##"),
    "IE": ("+353 20 91# ####", "020 91# ####"),
    "US": ("(###) 555-01##", "###-555-01##"),
    "NL": ("+31 20 000 ## ##", "030 000 ## ##"),
    "BE": ("+32 2 000 ## ##", "+32 9 000 ## ##"),
    "DK": ("+45 00 ## ## ##", "00 ## ## ##"),
    "FI": ("+358 9 000 ###", "+358 3 000 ####"),
    "AT": ("+43 1 000 ####", "0316 000 ###"),
    "CH": ("+41 31 000 ## ##", "044 000 ## ##"),
    "ES": ("+34 91 000 ## ##", "96 000 ## ##"),
    "JP": ("03-0000-####", "06-0000-####"),
}
AREA_CODES = ("206", "312", "415", "503", "617", "713")
NETWORKS = ("192.0.2.", "198.51.100.", "203.0.113.")  # RFC 5737


@dataclass(frozen=True)
class Pii:
    """A stretch of one message's text, counted in characters from 0; `end` is the first one behind it."""

    message: int
    start: int
    end: int
    type: str


def marked(kind: str, text: str) -> str:
    """The text with invisible marks around it, which `unmarked` takes away again."""
    return f"{BEGIN}{kind}{MIDDLE}{text}{END}"


def written(source: str) -> str:
    """`{health: on dialysis}` of a template as a marked text."""
    return WRITTEN.sub(lambda found: marked(WRITTEN_TYPES[found[1]], found[2]), source)


def bare(text: str) -> str:
    return MARK.sub(r"\2", text)


def unmarked(text: str, message: int, others: re.Pattern[str] | None = None) -> tuple[str, list[Pii]]:
    """The text as it is read, and where its personal data stand: what is marked, then mail and network addresses and `others`
    (one group per type, named as the type) wherever they stand without a mark."""
    parts: list[str] = []
    spans: list[Pii] = []
    length = last = 0
    for found in MARK.finditer(text):
        before = text[last : found.start()]
        length += len(before)
        spans.append(Pii(message, length, length + len(found[2]), found[1]))
        length += len(found[2])
        parts += [before, found[2]]
        last = found.end()
    plain = "".join([*parts, text[last:]])
    for kind, start, end in loose(plain, others):
        if all(end <= span.start or start >= span.end for span in spans):
            spans.append(Pii(message, start, end, kind))
    return plain, sorted(spans, key=lambda span: span.start)


def loose(text: str, others: re.Pattern[str] | None) -> Iterable[tuple[str, int, int]]:
    if "@" in text:
        yield from (("EMAIL_ADDRESS", found.start(), found.end()) for found in EMAIL.finditer(text))
    yield from (("IP_ADDRESS", found.start(), found.end()) for found in ADDRESS.finditer(text))
    for found in others.finditer(text) if others else ():
        yield str(found.lastgroup), found.start(), found.end()


def digits(pattern: str, chance: Chance) -> str:
    """The pattern with a digit in the place of each #."""
    return "".join(str(chance.below(10)) if sign == "#" else sign for sign in pattern)


def phone(country: str, chance: Chance) -> str:
    pattern = chance.choice(PHONES[country])
    return digits(pattern.replace("###", chance.choice(AREA_CODES), 1) if country == "US" else pattern, chance)


def card(chance: Chance) -> str:
    """A published test number, in one of the ways in which people write it."""
    number = chance.choice(CARDS)
    gap = chance.choice((" ", " ", "-", ""))
    cut = (4, 10) if len(number) == 15 else (4, 8, 12)
    return gap.join(number[start:end] for start, end in zip((0, *cut), (*cut, len(number)), strict=True))


def iban(country: str, chance: Chance) -> str:
    """An account number with right check digits at a bank that there is not."""
    country = country if country in ACCOUNTS else "DE"
    account = digits(ACCOUNTS[country], chance)
    number = f"{country}{98 - remainder(account + country + '00'):02d}{account}"
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4)) if chance.below(4) else number


def remainder(text: str) -> int:
    """Modulo 97, letters counted as 10 to 35."""
    return int("".join(str(int(sign, 36)) for sign in text)) % 97


def iban_is_valid(text: str) -> bool:
    number = text.replace(" ", "")
    return remainder(number[4:] + number[:4]) == 1


def card_is_valid(text: str) -> bool:
    """Luhn's check."""
    number = [int(sign) for sign in reversed(text) if sign.isdigit()]
    return len(number) > 11 and sum(digit if place % 2 == 0 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(number)) % 10 == 0


def network_address(chance: Chance) -> str:
    return chance.choice(NETWORKS) + str(chance.below(253) + 1)
