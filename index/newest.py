"""Where the newest is asked for: the relevant hits by date, and which of them are about the same names and meetings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.dates import Window, outside_words
from index.expansion import Alternatives, expand
from index.hits import Hit
from index.stated_dates import stated_dates
from index.terms import terms

RELEVANT = 30
"""Releases among which the newest is looked for when the question asks for the latest."""

CLOSE = 0.85
"""Share of the best chunk's score from which a release's best one makes it relevant to the same question."""

LATE = timedelta(days=31)
"""How long after a day a release that tells the state of things on it may come out."""

OF_THE_DAY = 0.7
"""The same share for a release of the very day, where the state of things on it is asked for."""

_NAME = re.compile(r"(?<!^)\b[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w’'-]+")
"""A word written as a name; the first word of a question is written so in any case."""


@dataclass(frozen=True)
class _Way:
    """How two came to speak, as questions ask for it and titles tell it; of a call the title names who is called."""

    asked: re.Pattern[str]
    told: re.Pattern[str]
    is_call: bool = True


_WAYS = (
    _Way(
        re.compile(r"\b(?:tele)?phone[ds]?\b|\bcalls?\b|\brang\b|\brung\b|\bring up\b|телефон", re.I),
        re.compile(r"\b(?:tele)?phone|\bcalls?\b|телефон", re.I),
    ),
    _Way(
        re.compile(r"\b(?:meet|met|in person|face[ -]to[ -]face|s[ia]t down)\b|\bвстре[тч]", re.I),
        re.compile(r"\b(?:meet|met\b|visit|receiv|host|welcom|talks?\b)|\bвстре[тч]|\bвизит", re.I),
        is_call=False,
    ),
    _Way(
        re.compile(r"\b(?:speak|spoke|spoken|talk|talked)\b|\b(?:по)?говорил|\bбеседова", re.I),
        re.compile(r"\b(?:calls?\b|meet|met\b|visit|receiv|talks?\b|speak|spoke)|разговор|\bвстре[тч]", re.I),
    ),
)
"""By telephone comes first: "by telephone, rather than in person"."""

_STATE = re.compile(r"\bas of\b|^by\b|по состоянию на", re.I)


def asks_newest(window: Window) -> bool:
    """Whether the newest relevant release is wanted: "the latest …", or the state of things "as of" or "by" a day."""
    return window.latest or bool(_STATE.search(window.words))


def newest_first(question: str, hits: Sequence[Hit], window: Window) -> list[Hit]:
    """The relevant hits by date, the newest first, then the rest as they were.

    Relevant is a hit with a chunk nearly as good as the best that holds, in its title or a found chunk, every name of
    the question that the best hit holds: the newest release about Qatar is not the newest about a neighbour. "As of" a
    day nothing published later is the newest, though it may state an earlier day; but what tells of that very day is.
    """
    if not hits:
        return []
    names = [
        group for group in expand(" ".join(_NAME.findall(outside_words(question, window)))) if _holds(hits[0], group)
    ]
    # By the passages: long releases hold more of a question's words than the short one that answers it.
    best = max(hit.chunks[0].score for hit in hits)
    until, of_the_day = window.until or date.max, state_day(window)
    close = [
        hit for hit in hits if hit.chunks[0].score >= (OF_THE_DAY if hit.release.date == of_the_day else CLOSE) * best
    ]
    relevant = _relevant(question, close, names)

    def order(hit: Hit) -> tuple[bool, bool, date]:
        day = hit.release.date or date.min
        return tells_of(of_the_day, " ".join(own.chunk.text for own in hit.chunks), day), day <= until, day

    return sorted(relevant, key=order, reverse=True) + [hit for hit in hits if hit not in relevant]


def state_day(window: Window) -> date:
    """The day on which the state of things is asked for, "as of 8 March"; the calendar's last where none is."""
    return window.until if window.until and _STATE.search(window.words) else date.max


def tells_of(day: date, text: str, published: date) -> bool:
    """Whether a text tells the state of things on a day, after which it was published: "up to 8 March, 13,388"."""
    is_soon = published - LATE <= day <= published if published > date.min + LATE else False
    return is_soon and any(stated.since == stated.until == day for stated in stated_dates(text, published))


def _relevant(question: str, hits: Sequence[Hit], names: Sequence[Alternatives]) -> Sequence[Hit]:
    """The hits that hold all names; of these, those whose title says that they met or spoke, where that is asked for.

    Of calls the ones whose title names the most of those whom the question names: one with somebody else is not meant.
    """
    way = next((way for way in _WAYS if way.asked.search(question)), None)
    told = [hit for hit in hits if way and way.told.search(hit.release.title)]
    if way and way.is_call and told:
        titles = [frozenset(terms(hit.release.title)) for hit in told]
        held = [sum(not name.keys().isdisjoint(title) for name in names) for title in titles]
        return [hit for hit, count in zip(told, held, strict=True) if count == max(held)]
    named = [hit for hit in hits if all(_holds(hit, name) for name in names)]
    return [hit for hit in named if hit in told] or named


def _holds(hit: Hit, group: Alternatives) -> bool:
    return not group.keys().isdisjoint(hit.terms)
