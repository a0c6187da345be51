"""Calendar arithmetic: days, weeks from Monday, months, quarters, halves, seasons, years, and parts of them."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum


class Unit(IntEnum):
    """The units that words of time count in."""

    HOUR = 0
    DAY = 1
    WEEK = 2
    FORTNIGHT = 3
    MONTH = 4
    QUARTER = 5
    HALF = 6
    YEAR = 7
    DECADE = 8
    WEEKEND = 9


class Kind(StrEnum):
    """`span`: a plain period; `end`: the end of one ("by the end of May" is to its last day); `rolling`: counted."""

    SPAN = "span"
    END = "end"
    ROLLING = "rolling"


@dataclass(frozen=True)
class Period:
    """The days from `start` to `end`, both inside."""

    start: date
    end: date
    kind: Kind = Kind.SPAN


@dataclass(frozen=True)
class Clock:
    """The day words are relative to: a question's March is the last one begun, in a release (`nearest`) the nearest."""

    now: date | None
    nearest: bool = False

    @property
    def day(self) -> date:
        """`now`; raises ValueError where the day is not known, so that words relative to it stay unread."""
        if self.now is None:
            raise ValueError("a word about time needs a day to count from")
        return self.now


Yearly = Callable[[int], Period]
"""A period that returns every year: "5 May", "spring"; raises ValueError in years that lack it."""

MONTHS_IN = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF: 6, Unit.YEAR: 12, Unit.DECADE: 120}
DAYS_IN = {Unit.DAY: 1, Unit.WEEK: 7, Unit.FORTNIGHT: 14, Unit.WEEKEND: 7}


def one_day(day: date) -> Period:
    return Period(day, day)


def months(year: int, month: int, count: int = 1) -> Period:
    """`count` whole months from `month` (1 to 12, or beyond the year's ends)."""
    last = month + count - 1
    last_year, last_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return Period(first, date(last_year, last_month, monthrange(last_year, last_month)[1]))


def whole_year(year: int) -> Period:
    return months(year, 1, 12)


def quarter(year: int, number: int) -> Period:
    return months(year, 3 * number - 2, 3)


def half(year: int, number: int) -> Period:
    return months(year, 6 * number - 5, 6)


def season(year: int, number: int) -> Period:
    """0 spring from March, 1 summer, 2 autumn, 3 winter: the December before to the February of `year`."""
    return months(year, 3 * number + 3, 3) if number < 3 else months(year, 0, 3)


def decade(year: int) -> Period:
    return months(year - year % 10, 1, 120)


def week(day: date) -> Period:
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def shift(day: date, unit: Unit, count: int) -> date:
    """The same day `count` units away; a day the month lacks becomes its last."""
    if unit is Unit.HOUR:
        return day + timedelta(days=-(-abs(count) // 24) * (1 if count > 0 else -1))
    if unit in DAYS_IN:
        return day + timedelta(days=DAYS_IN[unit] * count)
    month = months(day.year, day.month + MONTHS_IN[unit] * count)
    return min(month.end, month.start + timedelta(days=day.day - 1))


def around(day: date, unit: Unit) -> Period:
    """The calendar unit that holds `day`; of a weekend, the one of its week."""
    if unit in (Unit.HOUR, Unit.DAY):
        return one_day(day)
    if unit is Unit.WEEKEND:
        return Period(week(day).start + timedelta(days=5), week(day).end)
    if unit in (Unit.WEEK, Unit.FORTNIGHT):
        return week(day)
    if unit is Unit.DECADE:
        return decade(day.year)
    length = MONTHS_IN[unit]
    return months(day.year, (day.month - 1) // length * length + 1, length)


def third(period: Period, part: int) -> Period:
    """Part 0, 1 or 2: of a month the days 1-10, 11-20 and the rest; of longer periods whole months if they divide."""
    days = (period.end - period.start).days + 1
    span = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    if period.start.day == 1 and span % 3 == 0:
        return months(period.start.year, period.start.month + part * span // 3, span // 3)
    cut = 10 if 28 <= days <= 31 else max(1, days // 3)
    first = min(period.start + timedelta(days=part * cut), period.end)
    return Period(first, period.end if part == 2 else min(period.end, first + timedelta(days=cut - 1)))


def half_of(period: Period, number: int) -> Period:
    """The first or second half of a month (to the 15th), a year or any other period."""
    days = (period.end - period.start).days + 1
    if period.start.day == 1 and period.start.month in (1, 7) and days > 300:
        return half(period.start.year, number)
    middle = period.start + timedelta(days=(15 if 28 <= days <= 31 else days // 2) - 1)
    return (
        Period(period.start, middle) if number == 1 else Period(min(middle + timedelta(days=1), period.end), period.end)
    )


def nth(period: Period, unit: Unit, number: int, count: int = 1) -> Period | None:
    """`count` units of `period` from the `number`-th on; -1 counts from its end. None where the period is too short."""
    if number < 0:
        start = shift(period.end + timedelta(days=1), unit, -count)
        return Period(start, period.end) if start >= period.start else None
    start = shift(period.start, unit, number - 1)
    end = shift(start, unit, count) - timedelta(days=1)
    return Period(start, min(end, period.end)) if start <= period.end else None


def choose(yearly: Yearly, clock: Clock, since: date | None = None, until: date | None = None) -> Period | None:
    """The year of a period named without one: next from `since`, last up to `until`, else by the clock."""
    anchor = since or until or clock.day
    found = [period for year in range(anchor.year - 4, anchor.year + 6) if (period := _in_year(yearly, year))]
    if since:
        return min((p for p in found if p.end >= since), key=lambda p: p.start, default=None)
    if clock.nearest and not until:
        return min(found, key=lambda p: _distance(p, anchor), default=None)
    return max((p for p in found if p.start <= anchor), key=lambda p: p.start, default=None)


def _in_year(yearly: Yearly, year: int) -> Period | None:
    try:
        return yearly(year)
    except ValueError:  # 29 February, or a year the calendar does not reach
        return None


def _distance(period: Period, day: date) -> int:
    return max((period.start - day).days, (day - period.end).days, 0)
