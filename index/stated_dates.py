"""The dates that a release states, read at index time, so that a June release is found for what it says of March.

The grammar is the one questions are read with (`index.date_grammar`); only the clock differs: words are relative to
the day of publication, and a day or month without a year is the nearest one to it ("May 23", "on Thursday").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from index.date_grammar import periods
from index.date_lexer import Item, read
from index.date_words import PHRASES, WORDS
from index.periods import Clock, Kind

LONGEST = 366
"""Days: a decade dates nothing."""

SENTENCE = re.compile(r"(?:[^.?!\n]|[.?!](?!\s+[^\W\d_a-zа-яёәіңғүұқөһ]))+")
"""Up to a full stop before a capital, or a line break: no date goes on beyond, and "Sept. 14" stays whole."""

WORD = re.compile(r"\w+")
TIME_WORDS = frozenset(word for word, (code, _) in WORDS.items() if code in "mMwsz0VuUgqk") | frozenset(
    rest[-1] for entries in PHRASES.values() for rest, (code, _) in entries if code == "0" and rest
)


@dataclass(frozen=True)
class StatedDate:
    """The days `since` to `until`, both inside, that the words `[start, end)` of a release name, in code points."""

    start: int
    end: int
    since: date
    until: date


def stated_dates(text: str, published: date | None) -> list[StatedDate]:
    """Every day, week, month, season or year that `text` states, in order of their place; never raises.

    Spans of years and "over the past decade" are left out: they date nothing. Without `published` only dates that
    carry their year are read.
    """
    clock = Clock(published, nearest=True)
    return [
        StatedDate(offset + item.start, offset + item.end, item.period.start, item.period.end)
        for offset, sentence in _dated_sentences(text)
        for item in periods(read(sentence), clock)
        if item.period and _is_date(item)
    ]


def _dated_sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences worth reading, most are not: those with a figure or a word of time, and where they start."""
    for match in SENTENCE.finditer(text):
        sentence = match[0]
        words = WORD.findall(sentence.lower())
        if not TIME_WORDS.isdisjoint(words) or any(word[-1].isdigit() or word[0].isdigit() for word in words):
            yield match.start(), sentence


def _is_date(item: Item) -> bool:
    period = item.period
    if item.code != "@" or period is None or period.kind is Kind.ROLLING:
        return False
    return (period.end - period.start).days <= LONGEST
