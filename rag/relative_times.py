"""Times that are told by another: "two days later", "the following week", "by that August", "later that year".

They lean on what was asked or told before, so no clock gives them.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from index.dates import Window, find_window
from index.periods import Unit, around, shift

_MANY = {"a": 1} | {
    word: many
    for many, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
}
_UNIT = "(?P<unit>day|week|fortnight|month|year)"
_BY_SO_MUCH = re.compile(
    rf"\b(?P<many>{'|'.join(_MANY)}|\d{{1,2}}) {_UNIT}s? (?P<way>later|afterwards|earlier|(?:on|before)(?=\W*$|,))",
    re.IGNORECASE,
)
"""So long after or before; "two days before the vote" is told by the vote."""

_NEXT = re.compile(rf"\b(?:on |in )?the (?P<way>next|following|preceding) {_UNIT}\b", re.IGNORECASE)
_BESIDE = re.compile(rf"\b(?:on |in )?the {_UNIT} (?P<way>after|before)(?=\W*$|,)", re.IGNORECASE)
"""At the end of a clause: "the day before the vote" is told by the vote."""

_SAME = re.compile(
    r"\b(?:(?P<way>later|earlier) |in |by the end of |at the end of )?(?:that|the same) (?P<unit>week|month|year)\b",
    re.IGNORECASE,
)
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_SEASON = "spring|summer|autumn|fall|winter"
_NAMED = re.compile(
    rf"(?:\b(?:in|by|during|until) )?\bthat (?P<name>{_MONTH})\b"
    rf"|\b(?:in|by|during|until) that (?P<season>{_SEASON})\b"
    rf"|\bthat (?P<alone>{_SEASON})(?=\W*$|,)"
)
_NAMED_BESIDE = re.compile(
    rf"\b(?:in )?the (?:(?P<way>previous|preceding|following|next) (?P<name>{_MONTH}|{_SEASON})\b"
    rf"|(?P<alone>{_MONTH}|{_SEASON}) (?P<side>before|after)(?=\W*$|,))"
)
"""Months in capitals, seasons where they are none of "those that fall under it"."""

_OPEN = re.compile(r"\b(?:some )?(?P<unit>days|weeks|months|years) (?P<way>later|afterwards|earlier)\b", re.IGNORECASE)
"""Nobody says how many."""

_LATER = ("later", "afterwards", "on", "next", "following", "after")

_SLACK = {Unit.WEEK: 2, Unit.FORTNIGHT: 3, Unit.MONTH: 8, Unit.YEAR: 91}
"""Days by which "a week later", "a year later" than a day may miss it."""


def relative(text: str, told: Window) -> Window | None:
    """The days that `text` counts from those of `told`, without an end where it does not say how many; None where it
    counts none or they have no beginning or end."""
    if not told.since or not told.until:
        return None
    for pattern, read in _READINGS:
        if match := pattern.search(text):
            with suppress(ValueError, OverflowError):  # The calendar ends.
                since, until = read(match, told.since, told.until)
                return Window(since, until, words=match[0]) if since <= until else None
    if (match := _OPEN.search(text)) and not _BY_SO_MUCH.search(text):
        is_later = match["way"].lower() in _LATER
        return Window(told.since if is_later else None, None if is_later else told.until, words=match[0])
    return None


def _moved(match: re.Match[str], since: date, until: date) -> tuple[date, date]:
    """As long after or before as is said."""
    said = match["many"].lower()
    unit, many = Unit[match["unit"].upper()], _MANY.get(said) or int(said)
    many = many if match["way"].lower() in _LATER else -many
    slack = timedelta(_SLACK.get(unit, 0) if since == until else 0)
    # Counted to the day behind the last, February's month goes to the end of March.
    return shift(since, unit, many) - slack, shift(until + timedelta(1), unit, many) - timedelta(1) + slack


def _next(match: re.Match[str], since: date, until: date) -> tuple[date, date]:
    """The whole week, month or year ahead or behind."""
    unit, is_later = Unit[match["unit"].upper()], match["way"].lower() in _LATER
    whole = around(shift(until if is_later else since, unit, 1 if is_later else -1), unit)
    return whole.start, whole.end


def _within(match: re.Match[str], since: date, until: date) -> tuple[date, date]:
    whole = around(since, Unit[match["unit"].upper()])
    way = (match["way"] or "").lower()
    return (until + timedelta(1), whole.end) if way == "later" else (whole.start, whole.end if not way else since)


def _in_year(name: str, year: int) -> tuple[date, date]:
    """The days of a month or season, by its name; ValueError where the calendar has none of that year."""
    window = find_window(f"in {name} {year}", date(2000, 1, 1))
    if not (window.since and window.until):
        raise ValueError(f"no {name} {year}")
    return window.since, window.until


def _nearest(match: re.Match[str], since: date, until: date) -> tuple[date, date]:
    """The March that lies nearest."""
    name = match["name"] or match["season"] or match["alone"]
    named = [_in_year(name, since.year + step) for step in (-1, 0, 1)]
    return min(named, key=lambda each: max(each[0] - until, since - each[1]))


def _named_beside(match: re.Match[str], since: date, until: date) -> tuple[date, date]:
    """The last March, or spring, that was over, or the first that had not begun."""
    is_later = (match["way"] or match["side"]) in _LATER
    whole = (_in_year(match["name"] or match["alone"], since.year + step) for step in (-2, -1, 0, 1, 2))
    if is_later:
        return min(days for days in whole if days[0] > until)
    return max(days for days in whole if days[1] < since)


_Reading = Callable[[re.Match[str], date, date], tuple[date, date]]
_READINGS: tuple[tuple[re.Pattern[str], _Reading], ...] = (
    (_BY_SO_MUCH, _moved),
    (_NEXT, _next),
    (_BESIDE, _next),
    (_SAME, _within),
    (_NAMED, _nearest),
    (_NAMED_BESIDE, _named_beside),
)
