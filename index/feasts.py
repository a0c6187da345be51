"""Holidays and the days on which a year has them: fixed ones, those counted from Easter, and Thanksgiving."""

from datetime import date, timedelta

from dateutil.easter import easter

from index.periods import Period, one_day

EASTER, WEEKEND, THANKSGIVING = 2100, 3000, 4000
"""Codes in `date_words.json`: 1225 is 25 December, 2098 two days before Easter Sunday, 3000 its long weekend."""

_THURSDAY = 3


def feast(code: int, year: int) -> Period:
    """The days of a holiday in a year; ValueError where the year lacks them."""
    if code == THANKSGIVING:  # The fourth Thursday of November.
        first = date(year, 11, 1)
        return one_day(first + timedelta(days=(_THURSDAY - first.weekday()) % 7 + 21))
    if code == WEEKEND:
        return Period(easter(year) - timedelta(days=2), easter(year) + timedelta(days=1))
    if code > EASTER - 100:
        return one_day(easter(year) + timedelta(days=code - EASTER))
    return one_day(date(year, *divmod(code, 100)))
