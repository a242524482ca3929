"""Local forms of amounts, numbers and dates, for English, German, Spanish, French and Japanese pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ..matching.names import MONTHS, ONES, TENS
from .exact import exact

NBSP = "\u00a0"

SEPARATORS = {"en": (",", "."), "ja": (",", "."), "de": (".", ","), "es": (".", ","), "fr": (NBSP, ",")}


def number(value: Any, language: str = "en") -> str:
    """12,500 and 2.5; 12.500 and 2,5 in German and Spanish; 12 500 and 2,5 in French."""
    thousands, point = separators(language)
    whole, _, cents = format(exact(value), ",f").partition(".")
    return whole.replace(",", thousands) + (point + cents if cents else "")


def money(value: Any, language: str = "en") -> str:
    """€1,250, or €1,249.50 when there are cents."""
    amount = exact(value)
    amount = amount.quantize(Decimal("0.01") if amount % 1 else Decimal(1), ROUND_HALF_UP)
    sign, figures = ("-" if amount < 0 else ""), number(abs(amount), language)
    if language == "en":
        return f"{sign}€{figures}"
    return f"{sign}{figures}ユーロ" if language == "ja" else f"{sign}{figures}{NBSP}€"


def written_date(value: Any, form: str = "en") -> str:
    """3 March 2026; `form` is a language, "us" or "iso"."""
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no date")
    day, year = value.day, value.year
    if form == "iso":
        return value.isoformat()
    if form == "us":
        return f"{MONTHS['en'][value.month - 1]} {day}, {year}"
    if form == "ja":
        return f"{year}年{value.month}月{day}日"
    separators(form)
    month = MONTHS[form][value.month - 1]
    return {
        "en": f"{day} {month} {year}",
        "de": f"{day}. {month} {year}",
        "es": f"{day} de {month} de {year}",
        "fr": f"{'1er' if day == 1 else day} {month} {year}",
    }[form]


def words(value: Any) -> str:
    """fourteen; whole numbers from 0 to 100."""
    if not isinstance(value, int) or not 0 <= value <= 100:
        raise ValueError(f"{value!r} cannot be written in words; only 0 to 100")
    if value == 100:
        return "one hundred"
    if value < 20:
        return ONES[value]
    tens, ones = divmod(value, 10)
    return TENS[tens - 2] + (f"-{ONES[ones]}" if ones else "")


def plus(value: Any, days: int) -> date:
    """A day so many days later."""
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no date")
    return value + timedelta(days=days)


def separators(language: str) -> tuple[str, str]:
    if language not in SEPARATORS:
        raise ValueError(f"{language!r} is no language here; there are {', '.join(SEPARATORS)}")
    return SEPARATORS[language]


FILTERS: dict[str, Callable[..., Any]] = {"money": money, "number": number, "date": written_date, "words": words, "plus": plus}
