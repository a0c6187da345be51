"""Exact rules for numbers, dates, years and weekdays: each must be in the evidence, or follow from it."""

import calendar
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.stated_dates import StatedDate
from rag.claims import Kind, Missing
from rag.quantities import Quantity
from rag.reading import Reading

YEAR = re.compile(r"(?:19|20)\d\d")

_WEEKDAYS = frozenset(name.lower() for name in calendar.day_name)
_COUNTED = frozenset("leaders sides countries parties presidents ministers nations governments officials".split())


def missing_numbers(stated: Reading, evidence: Sequence[Reading]) -> Iterator[Missing]:
    """Numbers whose value, unit or bound the evidence does not state, or states of something else."""
    known = [quantity for reading in evidence for quantity in reading.quantities]
    for claim in stated.quantities:
        text = stated.text[claim.start : claim.end]
        if (claim.value == 1 and not text[0].isdigit()) or YEAR.fullmatch(text):
            continue  # "one" is as often a pronoun as a number; a year is a date
        # "The fifth meeting" does not say that they met five times there.
        same = [other for other in known if claim.same(other) and claim.ordinal == other.ordinal]
        if not same:
            if not _copied(stated, claim, evidence) and not _counted_names(stated, claim, evidence):
                yield Missing(Kind.NUMBER, text)
        elif all({claim.bound, other.bound} == {"<", ">"} for other in same) or _counts_other(claim, same, known):
            yield Missing(Kind.NUMBER, text)


def _counts_other(claim: Quantity, same: Sequence[Quantity], known: Sequence[Quantity]) -> bool:
    """Whether the evidence has the number for something else, and another number for what the sentence counts."""
    if not claim.noun or any(other.noun in ("", claim.noun) for other in same):
        return False
    return any(other.noun == claim.noun and other.ordinal == claim.ordinal for other in known)


def _copied(stated: Reading, claim: Quantity, evidence: Sequence[Reading]) -> bool:
    """Whether a bare number stands beside the same word in the evidence, as in a date that could not be read."""
    if claim.unit:
        return False
    places = [at for at, token in enumerate(stated.tokens) if claim.start <= token.start < claim.end]
    pairs = {stated.lows[at : at + 2] for first in places for at in (first - 1, first) if at >= 0}
    return any(not pairs.isdisjoint(pairwise(reading.lows)) for reading in evidence)


def _counted_names(stated: Reading, claim: Quantity, evidence: Sequence[Reading]) -> bool:
    """`the two leaders`, `both sides`: small counts of people and sides that the evidence names without counting."""
    following = stated.text[claim.end : claim.end + 20].split()[:1]
    if claim.value not in (2, 3) or not following or following[0].strip(".,") not in _COUNTED:
        return False
    return any(len(reading.names) >= claim.value for reading in evidence)


def missing_dates(stated: Reading, evidence: Sequence[Reading], near: Reading) -> Iterator[Missing]:
    """Dates that no evidence states or was published on; `near` is the evidence closest in wording."""
    known = [period for reading in evidence for period in reading.dates]
    for claim in stated.dates:
        text = stated.text[claim.start : claim.end]
        if any(_within(period, claim) for period in known):
            continue
        if any(text.lower() in reading.text.lower() for reading in evidence) or _is_stated_year(claim, evidence):
            continue
        if not _is_publication(claim, evidence) or _rival(claim, near, stated):
            yield Missing(Kind.DATE, text)


def missing_years(stated: Reading, evidence: Sequence[Reading]) -> Iterator[Missing]:
    """Years that no date was read from (`the 2013 study`), in no evidence and with no day of its dates in them."""
    known = {low for reading in evidence for low in reading.lows}
    known |= {str(period.since.year) for reading in evidence for period in reading.dates}
    known |= {str(reading.published.year) for reading in evidence if reading.published}
    for token in stated.tokens:
        inside = any(period.start <= token.start < period.end for period in stated.dates)
        if YEAR.fullmatch(token.low) and not inside and token.low not in known:
            yield Missing(Kind.DATE, token.text)


def missing_weekdays(stated: Reading, evidence: Sequence[Reading]) -> Iterator[Missing]:
    """Names of weekdays that the evidence does not have, and on which none of its days falls."""
    known = {token.low for reading in evidence for token in reading.tokens}
    days = [period.since for reading in evidence for period in reading.dates if period.since == period.until]
    days += [reading.published for reading in evidence if reading.published]
    known |= {calendar.day_name[day.weekday()].lower() for day in days}
    for token in stated.tokens:
        if token.low in _WEEKDAYS and token.low not in known:
            yield Missing(Kind.DATE, token.text)


def _within(period: StatedDate, claim: StatedDate) -> bool:
    return claim.since <= period.since and period.until <= claim.until


def _is_stated_year(claim: StatedDate, evidence: Sequence[Reading]) -> bool:
    whole = (claim.until - claim.since).days in (364, 365) and claim.since.day == claim.since.month == 1
    return whole and any(str(claim.since.year) in reading.lows for reading in evidence)


def _is_publication(claim: StatedDate, evidence: Sequence[Reading]) -> bool:
    return any(r.published is not None and claim.since <= r.published <= claim.until for r in evidence)


def _rival(claim: StatedDate, near: Reading, stated: Reading) -> bool:
    """Whether the nearest evidence gives another date of the same grain, one that the sentence does not have."""
    grain = (claim.until - claim.since).days
    return any(
        not _within(period, claim)
        and (period.until - period.since).days <= grain
        and not any(_within(period, other) for other in stated.dates)
        for period in near.dates
    )
