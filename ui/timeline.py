"""When the releases behind an answer were published: a row of bars, each a button that opens its releases.

The days are cut into at most `MOST` stretches of a day, a week, a month or several, a year or several, so that each bar
stays wide enough for a thumb on a phone.
"""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from rag.answers import NearRelease
from ui.markup import escape
from ui.sources import near_list
from ui.words import ENGLISH, Words

MOST = 14
"""Bars in a row: 354 pixels of a phone's page, 25 for each."""

SEVERAL = 3
"""Dated releases from which on their times are a picture worth its place."""

# A later year is a slip of the pen, and the stretch around it would end where no date can.
_LAST_YEAR = 9_000
_DAYS = (1, 7)
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 600, 1200, 12_000)


@dataclass(frozen=True)
class Bar:
    """The releases published from `since` to `until`, both inclusive."""

    since: date
    until: date
    releases: tuple[NearRelease, ...]


def timeline(turn: int, releases: Sequence[NearRelease], words: Words = ENGLISH, are_newest: bool = False) -> str:
    """The bars, a list for each that holds several releases, and the first and last day; empty for few releases.

    `are_newest`: there are more releases, older ones, which must not look as if there were none.
    """
    found = bars(releases)
    count = sum(len(bar.releases) for bar in found)
    if count < SEVERAL or len(found) < 2:
        return ""
    most = max(len(bar.releases) for bar in found)
    shown = "".join(f"<li>{_bar(bar, f'turn-{turn}-bar-{place}', most, words)}</li>" for place, bar in enumerate(found))
    lists = "".join(
        f'<div class="bar-list" id="turn-{turn}-bar-{place}" hidden><p>{_when(bar, words)}</p>'
        f"{near_list(bar.releases, words)}</div>"
        for place, bar in enumerate(found)
        if len(bar.releases) > 1
    )
    label = words.say("timeline_newest" if are_newest else "timeline", releases=words.releases(count))
    caption = f'<p class="caption" aria-hidden="true">{escape(label)}</p>' if are_newest else ""
    first, last = found[0], found[-1]
    begin, end = _unit(first, words) or words.day(first.since), _unit(last, words) or words.day(last.until)
    ends = f"<span>{begin}</span><span>{end}</span>"
    return (
        f'<section class="timeline" aria-label="{escape(label)}">{caption}<ol class="bars">{shown}</ol>'
        f'<p class="ends" aria-hidden="true">{ends}</p>{lists}</section>'
    )


def bars(releases: Sequence[NearRelease]) -> list[Bar]:
    """The dated releases in stretches of equal kind, from the first day to the last, empty stretches between."""
    dated = [(release.date, release) for release in releases if release.date and release.date.year <= _LAST_YEAR]
    if not dated:
        return []
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return [
        Bar(since, after - timedelta(1), tuple(release for day, release in dated if since <= day < after))
        for since, after in pairwise(_edges(dated[-1][0], dated[0][0]))
    ]


def _edges(first: date, last: date) -> list[date]:
    """Where the stretches begin, and the day after the last."""
    for step in _DAYS:
        if (last - first).days < step * MOST:
            begin = first - timedelta(first.weekday()) if step == 7 else first
            edges = [begin]
            while edges[-1] <= last:
                edges.append(edges[-1] + timedelta(step))
            if len(edges) <= MOST + 1:
                return edges
    return next(edges for step in _MONTHS if len(edges := list(_month_edges(first, last, step))) <= MOST + 1)


def _month_edges(first: date, last: date, step: int) -> Iterator[date]:
    """Firsts of months, `step` apart, from the one at or before `first` to the one after `last`."""
    month = (first.year * 12 + first.month - 1) // step * step
    yield _first_of(month)
    while _first_of(month) <= last:
        month += step
        yield _first_of(month)


def _first_of(month: int) -> date:
    """The first day of a month counted from the year 0, within what a date can hold."""
    year, number = divmod(month, 12)
    return date.min if year < 1 else date.max if year > 9999 else date(year, number + 1, 1)


def _when(bar: Bar, words: Words) -> str:
    """`7 March 2024`, `March 2024`, `2024`, or the first and the last day."""
    return _unit(bar, words) or words.period(bar.since, bar.until)


def _unit(bar: Bar, words: Words) -> str:
    """The month or the year that a bar is; empty where it is neither."""
    first, last = bar.since, bar.until
    if first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1] and first.year == last.year:
        if first.month == last.month:
            return words.month(first)
        if (first.month, last.month) == (1, 12):
            return str(first.year)
    return ""


def _bar(bar: Bar, name: str, most: int, words: Words) -> str:
    if not bar.releases:
        return '<span class="no-bar"></span>'
    count = len(bar.releases)
    told = words.say("bar", when=_when(bar, words), releases=words.releases(count))
    opens = f'data-list="{name}" aria-expanded="false" aria-controls="{name}"'
    if count == 1:
        [only] = bar.releases
        told = f"{words.day(only.date)}: {only.title or only.release_id}"
        opens = f'data-read="{escape(only.release_id)}"'
    column = f'<span style="height:{max(8, round(100 * count / most))}%"></span>'
    label = escape(told)
    return f'<button type="button" class="time-bar" {opens} aria-label="{label}" title="{label}">{column}</button>'
