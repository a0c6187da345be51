"""The words of time in English, Russian and Kazakh, each with the one-letter code that the grammar reads.

    d day number   o ordinal   n count     y year       c decade     m month    M month that is also another word
    w weekday      s season    z "spring", "fall"       0 today ± n  V "биыл"   f Q1 … Q4, H1, H2    v Roman I … IV
    u hour, day, week, decade  U month  q quarter  h half  g year  k weekend    p part of, before    r part of, after
    l last  t this  N next  P past  G ago  L "so far"  1 year to date           j, J a date or month in figures
    S since  F from  A after  B before  T until, by  R to  K between  H onwards  > after, behind it  < before, behind it
    E the day before (or after)  i in, on, at (value 1: for)  D the  a a/an  O of  & and  - dash  , comma  . end
    e a holiday: 1225, or as `index.feasts` has it
    # other sign   x X other word, small or capital   @ a period that has been read

`date_words.json` holds them by code and value. `stem+adj` there is the stem with every ending of that list (`-` the
bare stem): the inflected forms are looked up, not guessed, and forms that do not exist do no harm.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.periods import Unit

Entry = tuple[str, int]
"""A code and the value it carries: the number of a month, a unit, how many years back."""

_DATA: dict[str, Any] = json.loads((Path(__file__).parent / "date_words.json").read_text(encoding="utf-8"))


def _words(key: str) -> frozenset[str]:
    return frozenset(_DATA[key].split())


def _value(name: str) -> int:
    return Unit[name] if name.isalpha() else int(name)


def _forms(word: str) -> Iterator[str]:
    stem, _, endings = word.partition("+")
    if not endings:
        yield stem
    for ending in _DATA["endings"].get(endings, "").split():
        yield stem + ending.removeprefix("-")


def _read_words() -> dict[str, Entry]:
    """Later codes win, so that a month that is also another word (M) is not taken for one that is not (m)."""
    return {
        form: (code, _value(value))
        for code, values in _DATA["words"].items()
        for value, words in values.items()
        for word in words.split()
        for form in _forms(word)
    }


def _read_phrases() -> dict[str, list[tuple[tuple[str, ...], Entry]]]:
    phrases: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
    for code, values in _DATA["phrases"].items():
        for value, texts in values.items():
            for text in texts:
                first, *rest = text.split()
                phrases.setdefault(first, []).append((tuple(rest), (code, int(value))))
    return {first: sorted(entries, key=lambda entry: -len(entry[0])) for first, entries in phrases.items()}


WORDS = _read_words()

PHRASES = _read_phrases()
"""By first word: the other words, longest first, and what the whole means ("day before yesterday")."""

ABBREVIATIONS = _words("abbreviations")
"""Words whose full stop belongs to them; months cut short are read only beside a number."""

VERBS = frozenset(("may", "march"))
"""In lower case these are months only beside a number."""

DOCUMENTS = _words("documents")
DOCUMENT_STEMS = tuple(_words("document_stems"))
"""What bears a year as part of its name: "the Paris Agreement of 2015", «Соглашение 2015 года»."""

NUMBERED = _words("numbered")
"""After these a number of four digits is no year: "room 2019"."""

COUNTED = _words("counted")
"""Before these a number of four digits is no year: "2024 people"."""

HOLIDAYS = _words("holidays")
"""Capitalised words after which a year is the time of the event, not part of a name: "St Patrick's Day 2024"."""

NOT_DAYS = _words("not_days")
"""After these a weekday is part of a name: "Friday Mosque"."""

NAMED_BY_DAY = _words("named_by_day")
"""Before these a day without a year is part of a name: "the 17 November Prize"."""
