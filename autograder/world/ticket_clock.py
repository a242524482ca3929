"""When tickets are opened and answered: the desk's hours, holidays and seasons. All times are local time of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar

from .chance import Chance

T = TypeVar("T")
HISTORY = (date(2025, 7, 1), date(2026, 6, 30))  # what the first revision knows
NEWER = (date(2026, 7, 1), date(2026, 8, 28))  # what comes to it in the second
HOLIDAYS = frozenset({date(2025, 12, 24), date(2025, 12, 25), date(2025, 12, 26), date(2025, 12, 31), date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6),
                      date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25)})  # fmt: skip
BY_WEEKDAY = (10, 8, 8, 7, 7, 2, 1)
WARM = {5: 12, 6: 15, 7: 17, 8: 15}  # months in which cooling fails; the others count 9
QUIET = 9
YEAR_END = {12: 13, 1: 16, 2: 11}  # invoices, audits, budgets
WARM_CATEGORIES = ("device_fault", "alerts", "connectivity", "installation")
YEAR_END_CATEGORIES = ("billing", "cancellation", "reports")
HOURS = (1, 1, 1, 1, 2, 6, 14, 30, 44, 46, 42, 36, 22, 30, 38, 36, 30, 18, 10, 7, 6, 5, 3, 2)  # how many write in each hour of a day
NIGHT_HOURS = (6, 6, 7, 6, 5, 5, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 5, 6, 6)


@dataclass(frozen=True)
class Desk:
    """Working hours, as "08:00" and "18:30"."""

    opens: str
    closes: str

    def is_open(self, at: datetime) -> bool:
        return working(at.date()) and clock(self.opens) <= at.time() < clock(self.closes)

    def after(self, start: datetime, hours: float) -> datetime:
        """So many working hours later."""
        left = timedelta(hours=hours)
        at = start
        while True:
            begin = max(at, datetime.combine(at.date(), clock(self.opens)))
            end = datetime.combine(at.date(), clock(self.closes))
            if working(at.date()) and begin < end:
                if begin + left <= end:
                    return begin + left
                left -= end - begin
            at = datetime.combine(at.date() + timedelta(days=1), time())


def clock(text: str) -> time:
    return time(int(text[:2]), int(text[3:5]))


def working(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def opening_day(chance: Chance, category: str, first: date, last: date, months: Sequence[int]) -> date | None:
    """A day of the period in one of the months: more on Mondays, in warm months for what breaks, and around the turn of the year for
    what is paid. None if no day is left."""
    days, weights = calendar(category, first, last, tuple(months))
    return weighted(chance, days, weights) if any(weights) else None


@lru_cache(maxsize=512)
def calendar(category: str, first: date, last: date, months: tuple[int, ...]) -> tuple[list[date], list[int]]:
    days = [first + timedelta(days=number) for number in range(max(0, (last - first).days) + 1)]
    days = [day for day in days if day.month in months]
    return days, [weight(day, category) for day in days]


def weight(day: date, category: str) -> int:
    by_month = WARM if category in WARM_CATEGORIES else YEAR_END if category in YEAR_END_CATEGORIES else {}
    return BY_WEEKDAY[day.weekday()] * by_month.get(day.month, QUIET) * (1 if working(day) or day.weekday() > 4 else 0)


def opening_time(chance: Chance, day: date, night: bool) -> datetime:
    hour = weighted(chance, range(24), NIGHT_HOURS if night else HOURS)
    return datetime.combine(day, time(hour, chance.below(60), chance.below(60)))


def weighted(chance: Chance, values: Sequence[T], weights: Sequence[int]) -> T:
    left = chance.below(sum(weights))
    for value, share in zip(values, weights, strict=True):
        left -= share
        if left < 0:
            return value
    raise ValueError("there is no weight above 0")
