"""Parts and neighbours of a period that has been read: "the first week of", "late", "the end of", "the day before"."""

from datetime import date, timedelta

from index import date_builders as build
from index import periods
from index.date_builders import FEW, Match, count_of, many_of, number_of, third_of, unit_of
from index.periods import Kind, Period, Unit, one_day, shift

VAGUE = frozenset("a few several несколько нескольких бірнеше".split())
VAGUE_MOST = 7
"""Words of a count that tells no number ("a" of "a few"), and how many "a few days before Christmas" may be at most."""


def nth(match: Match) -> Period | None:
    """ "the first week of May", "the last ten days of 2023"; a bare plural, "the last days", is a few."""
    ordinal = match.find("o")
    count = FEW if many_of(match) and not match.find("dna") else count_of(match)
    return periods.nth(_inner(match), unit_of(match), ordinal.value if ordinal else -1, count)


def half_part(match: Match) -> Period | None:
    number = number_of(match, 2)
    return periods.half_of(_inner(match), number) if number <= 2 else None


def part(match: Match) -> Period | None:
    item, inner = match.need("pr"), _inner(match)
    noun = item.text.isascii() and item.text.lower() not in ("early", "mid", "late")
    if inner.kind is Kind.ROLLING or (noun and not match.find("O")):
        return None  # "did the talks end last week"
    return inner if inner.start == inner.end else third_of(inner, item.value)


def weekday_of(match: Match) -> Period | None:
    """ "Tuesday of last week" """
    inner, days = _inner(match), match.need("w").value
    is_week = inner.start.weekday() == 0 and (inner.end - inner.start).days == len("MTWTFS")
    return one_day(inner.start + timedelta(days=days)) if is_week else None


def week_of(match: Match) -> Period | None:
    is_week = unit_of(match) is Unit.WEEK and not many_of(match)
    return periods.week(_inner(match).start) if is_week else None


def days_from(match: Match) -> Period | None:
    """ "three days before 5 May"; "a few weeks after" is anything from one week to seven."""
    inner, unit, way = _inner(match), unit_of(match), 1 if match.find("A") else -1
    if inner.start != inner.end:
        return None
    if few := few_from(inner.start, match, way):
        return few
    return one_day(shift(inner.start, unit, way * count_of(match)))


def days_beside(match: Match) -> Period | None:
    """ "in the 30 days before 1 May", "within a week of 1 May": from its neighbour on, or up to it."""
    inner, count, unit = _inner(match), count_of(match), unit_of(match)
    if match.find("B"):
        return Period(shift(inner.start, unit, -count), inner.start - timedelta(days=1))
    within = match.need("i").text.lower() == "within"
    if match.find("O"):
        return Period(inner.start, shift(inner.end, unit, count)) if within and inner.start == inner.end else None
    return Period(inner.end + timedelta(days=1), shift(inner.end, unit, count))


def ago(match: Match) -> Period | None:
    """ "three weeks ago"; "a few days ago" is anything from yesterday back."""
    return few_from(match.clock.day, match, -1) or build.ago(match)


def few_from(day: date, match: Match, way: int) -> Period | None:
    """From one unit to as many as a vague count may be, before a day (`way` -1) or after it (1); None for another."""
    item = match.find("dn")
    if not item or item.value != FEW or item.text.lower() not in VAGUE:
        return None
    near, far = (shift(day, unit_of(match), way * count) for count in (1, VAGUE_MOST))
    return Period(min(near, far), max(near, far))


def up_to(match: Match) -> Period:
    """ "the three months to June 2024": with its last day, which ends them."""
    end = _inner(match).end
    return Period(shift(end + timedelta(days=1), unit_of(match), -count_of(match)), end)


def week_beside(match: Match) -> Period | None:
    """ "the week before 15 March": the seven days up to the one before."""
    inner, after = _inner(match), match.find("A") is not None
    if unit_of(match) is not Unit.WEEK:
        return None
    first = inner.end + timedelta(days=1) if after else shift(inner.start, Unit.WEEK, -1)
    return Period(first, first + timedelta(days=6))


def neighbour_day(match: Match) -> Period:
    inner, step = _inner(match), match.need("E").value
    return one_day((inner.end if step > 0 else inner.start) + timedelta(days=step))


def _inner(match: Match) -> Period:
    period = match.need("@").period
    if period is None:
        raise LookupError("an item of code @ carries a period")
    return period
