"""Which of the found releases have to do with a country that the question names.

A small model takes the police officers of one country for those of another, and likeness in meaning brings them along.
A question names a country by one word, as it is written: "France" is no "franc", "Cook Islands" have no word alone.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from index.hits import Hit
from index.lexical import Lexicon
from index.terms import terms
from rag.conversation import BEFORE
from rag.names import NAME_WORD

HOME = 0.1
"""Share of the passages from which a country is the releases' own: each of them has to do with it, named or not."""

SEATS = 2
"""Where the capitals begin among the names of a country, behind its own and its people's."""

_ALSO = (
    ("US", "USA", "American", "Washington", "United States"),
    ("UK", "British", "Britain", "London", "England", "Scotland", "Wales", "United Kingdom"),
    ("Kazakhstan", "Kazakh", "Kazakhstani", "Astana"),
    ("Russia", "Russian", "Moscow", "Kremlin"),
    ("Turkey", "Turkish", "Türkiye", "Turks", "Ankara"),
    ("Czechia", "Czech", "Prague"),
    ("Myanmar", "Burma", "Burmese"),
    ("Kosovo", "Kosovar", "Pristina"),
    ("Ukraine", "Ukrainian", "Kyiv", "Kiev"),
    ("Netherlands", "Dutch", "Holland", "Hague"),
    ("Poland", "Polish", "Poles", "Warsaw"),
    ("Spain", "Spanish", "Spaniards", "Madrid"),
    ("Sweden", "Swedish", "Swedes", "Stockholm"),
    ("Denmark", "Danish", "Danes", "Copenhagen"),
    ("Finland", "Finnish", "Finns", "Helsinki"),
    ("Switzerland", "Swiss", "Bern", "Berne"),
    ("Germany", "German", "Berlin", "Bundestag"),
    ("France", "French", "Paris"),
)
"""Names the library lacks, or has otherwise than the press."""

_APART = re.compile(
    r"\b(?:apart from|besides|other than|except|excluding|outside|beyond|instead of|rather than|unlike|not"
    r"|neighbou?r\w*|кроме|помимо|вместо|не)\b|n['’]t\b",
    re.I,
)
"""What is asked for then need not have to do with the country that is named."""


_TONGUE = re.compile(
    r"\b\w+[- ](?:speaking|speakers?|languages?)\b"
    r"|\b(?:in|into) (?:French|German|Russian|Spanish|Italian|Portuguese|Dutch|Kazakh|Polish|Turkish)\b"
)
"""A language, whatever country it is named after."""


def of_named_countries(question: str, hits: Sequence[Hit], lexicon: Lexicon) -> list[Hit]:
    """The hits whose release names one of the countries that the question names; all where none does.

    A release of another language than English stays in any case: the names are English.
    """
    own, _, before = question.partition(BEFORE)
    # "How much was frozen in the Egyptian cases, and how much over Fjordic?": that may be of another country.
    names_other = any(name not in before for name in NAME_WORD.findall(own))
    told = _named(own) or ([] if names_other else _named(before))
    written = _abroad(told, lexicon)
    if not written or _APART.search(own):
        return list(hits)
    about = [hit for hit in hits if hit.release.language != "en" or _names(hit, written)]
    return about if any(hit.release.language == "en" for hit in about) else list(hits)


def is_elsewhere(question: str, hits: Sequence[Hit], lexicon: Lexicon) -> bool:
    """Whether a question names a country, or its capital, and none of the hits names either, all of them in English:
    what they tell is of another one. Of 167 parts of questions that have an answer and name one none is so."""
    own = question.partition(BEFORE)[0]
    written = _abroad(_named(_TONGUE.sub(" ", own), capitals=True), lexicon)
    if not written or _APART.search(own):
        return False
    return not any(hit.release.language != "en" or _names(hit, written) for hit in hits)


def _abroad(told: Sequence[Sequence[str]], lexicon: Lexicon) -> re.Pattern[str] | None:
    """What names one of the countries but those that are the releases' own; None where no other is told."""
    names = [name for names in told if not _is_home(names, lexicon) for name in names]
    return _written(names) if names else None


def _names(hit: Hit, written: re.Pattern[str]) -> bool:
    return bool(written.search(f"{hit.release.title}\n{hit.release.text}"))


def _is_home(names: Sequence[str], lexicon: Lexicon) -> bool:
    return any(lexicon.share(term) > HOME for name in names for term in terms(name)[:1] if " " not in name)


def _named(text: str, capitals: bool = False) -> list[tuple[str, ...]]:
    """All names of each country that a text names by one of a single word; `capitals`: or by its capital."""
    words = set(re.findall(r"\w+", text))
    return [
        names
        for names, told in _countries()
        if not words.isdisjoint(told) or (capitals and not words.isdisjoint(names[SEATS:]))
    ]


def _written(names: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})s?\b")


@lru_cache(maxsize=1)
def _countries() -> list[tuple[tuple[str, ...], frozenset[str]]]:
    """Of each country its names, its people's and its capital's, and those by which a question names it."""
    from countryinfo import all_countries

    known = {name for names in _ALSO for name in names}
    found: list[tuple[list[str], list[str]]] = []
    for country in all_countries():
        told = [name for name in (country.name(), country.demonym() or "") if name.isalpha()]
        seats: str | list[str] = country.capital() or []
        if country.name().isalpha() and known.isdisjoint(told):
            found.append((told, [seats] if isinstance(seats, str) else list(seats)))
    times = Counter(name for told, _ in found for name in set(told))
    # A capital is also a city where other things happen, and what two countries are called names neither.
    library = [
        ((*told, *seats), frozenset(plural for name in told if times[name] == 1 for plural in (name, f"{name}s")))
        for told, seats in found
    ]
    return [*((names, frozenset(name for name in names if " " not in name)) for names in _ALSO), *library]
