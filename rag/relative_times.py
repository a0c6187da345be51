"""Times that are told by another: "two days later", "the following week", "by that August", "later that year".

They lean on what was asked or told before, so no clock gives them.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from index.dates import Window, find_window
from index.periods import Unit, around, shift

_MANY = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
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
_NAMED = re.compile(
    r"\b(?:(?:in|by|during|until) )?that (?P<name>January|February|March|April|May|June|July|August|September|October"
    r"|November|December|spring|summer|autumn|fall|winter)\b",
    re.IGNORECASE,
)
_LATER = ("later", "afterwards", "on", "next", "following", "after")

_SLACK = {Unit.WEEK: 2, Unit.FORTNIGHT: 3, Unit.MONTH: 8, Unit.YEAR: 91}
"""Days by which "a week later", "a year later" than a day may miss it."""


def relative(text: str, told: Window) -> Window | None:
    """The days that `text` counts from those of `told`; None where it counts none or they have no beginning or end."""
    if not told.since or not told.until:
        return None
    for pattern, read in _READINGS:
        if match := pattern.search(text):
            with suppress(ValueError, OverflowError):  # The calendar ends.
                since, until = read(match, told.since, told.until)
                return Window(since, until, words=match[0]) if since <= until else None
    return None


def _moved(match: re.Match[str], since: date, until: date) -> tuple[date, date]:
    said = match.groupdict().get("many", "a")
    unit, many = Unit[match["unit"].upper()], _MANY.get(said.lower()) or int(said)
    many = many if match["way"].lower() in _LATER else -many
    slack = timedelta(_SLACK.get(unit, 0) if since == until else 0)
    return shift(since, unit, many) - slack, shift(until, unit, many) + slack


def _within(match: re.Match[str], since: date, until: date) -> tuple[date, date]:
    whole = around(since, Unit[match["unit"].upper()])
    way = (match["way"] or "").lower()
    return (until + timedelta(1), whole.end) if way == "later" else (whole.start, whole.end if not way else since)


def _first_of(match: re.Match[str], since: date, until: date) -> tuple[date, date]:
    """The first March that is not over when what was told begins."""
    for year in (since.year, since.year + 1):
        named = find_window(f"in {match['name']} {year}", since)
        if named.since and named.until and named.until >= since:
            break
    return named.since or since, named.until or until


_Reading = Callable[[re.Match[str], date, date], tuple[date, date]]
_READINGS: tuple[tuple[re.Pattern[str], _Reading], ...] = (
    (_BY_SO_MUCH, _moved),
    (_NEXT, _moved),
    (_BESIDE, _moved),
    (_SAME, _within),
    (_NAMED, _first_of),
)
