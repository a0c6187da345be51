"""Other words for the question's words: a ministry writes "Czech Republic" and "call", a reader "Prague" and "phone".

Countries come from the countryinfo library (name, demonym, capital, which the press uses for the government); the
vocabulary of diplomacy is the small list `expansion.txt`, regions are in `regions.txt`; the acronyms are those that the
releases spell out. A group of alternatives counts once, by its best member, so a question never gains by saying one
thing twice.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from index.acronyms import Acronyms
from index.terms import terms

SYNONYM, CAPITAL, SPELLED, MEMBER = 0.7, 0.5, 0.9, 0.4
"""How much an alternative counts beside the question's own word; a capital is also a city where things happen, an
acronym is what it stands for, and any country of a region may be the one that is meant."""

# Words of country names that name no country by themselves.
_COMMON = frozenset(
    terms(
        "south north east west new united republic democratic people islands island saint states state kingdom city "
        "federation federal islamic union great northern southern central guinea"
    )
)

_OWN = """US American Washington
UK Britain British London
Kazakhstan Kazakh Kazakhstani Astana
Russia Russian Moscow Kremlin
Turkey Turkish Türkiye Ankara
Czechia Czech Prague
Myanmar Burma Burmese
Kosovo Kosovar Pristina
Ivoire Ivorian Ivory Abidjan
EU European Brussels
Ukraine Ukrainian Kyiv Kiev
Netherlands Dutch Holland
India Indian Delhi"""
"""Names the library has otherwise, or that the press uses otherwise."""

Alternatives = dict[str, float]
"""Terms that stand for one word of the question, with weights from 0 to 1; several in one string stand together."""


_SHORT = {"PRC": "China", "ROK": "Korea", "DPRK": "Korea", "UAE": "Emirates", "DRC": "Congo", "KSA": "Saudi"}
"""What a text calls a country for short; search learns it from the releases' own acronyms."""


def expand(question: str, acronyms: Acronyms | None = None) -> list[Alternatives]:
    """One group for each different term of the question: the term itself with weight 1, and what stands for it.

    An acronym's long form stands for it as a whole; where the question spells it out, the acronym stands for each word.
    """
    words = terms(question)
    groups = {term: _alternatives().get(term, {}) | {term: 1.0} for term in dict.fromkeys(words)}
    for region in regions_in(words):
        # "American" in "South American" is not of the United States.
        groups |= {term: {term: 1.0} for term in region.words[:-1]}
        groups[region.words[-1]] = dict.fromkeys(region.members, MEMBER) | {region.words[-1]: 1.0}
    if acronyms:
        for term, group in groups.items():
            group |= dict.fromkeys(acronyms.long_forms.get(term, ()), SPELLED)
        for phrase, short in acronyms.spelled_in(words):
            for word in phrase:
                groups[word].setdefault(short, SPELLED)
    return list(groups.values())


@dataclass(frozen=True)
class Region:
    """The words that name a region, and the terms that name its countries; their numbers are as in `countries_in`."""

    words: tuple[str, ...]
    members: frozenset[str]
    countries: frozenset[int]


def regions_in(words: Sequence[str]) -> list[Region]:
    """The regions that a text names, given its terms."""
    text = f" {' '.join(words)} "
    found = []
    for region in _regions():
        name = f" {' '.join(region.words)} "
        if name in text:
            found.append(region)
            text = text.replace(name, " ")
    return found


@lru_cache(maxsize=1)
def _regions() -> list[Region]:
    """All regions, those with the most words first."""
    from countryinfo import all_countries

    groups = list(_countries())
    lines = (files("index") / "regions.txt").read_text(encoding="utf-8").splitlines()
    named = [line.partition(":")[::2] for line in lines if not line.startswith("#")]
    for names, continent in (("african, africa", "Africa"), ("asian, asia", "Asia")):
        named.append((names, ",".join(each.name() for each in all_countries() if each.region() == continent)))
    found = []
    for names, countries in named:
        numbers = frozenset(number for country in countries.split(",") for number in countries_in(country))
        members = frozenset(term for number in numbers for term, weight in groups[number].items() if weight >= SYNONYM)
        found += [Region(tuple(terms(name)), members, numbers) for name in names.split(",")]
    return sorted(found, key=lambda region: -len(region.words))


def stands(alternative: str, inside: Set[str]) -> bool:
    """Whether an alternative, all of its terms, is among a text's terms."""
    return all(term in inside for term in alternative.split())


@lru_cache(maxsize=1)
def _alternatives() -> dict[str, Alternatives]:
    found: dict[str, Alternatives] = {}
    for group in (*_vocabulary(), *_countries()):
        for term in group:
            others = {other: weight for other, weight in group.items() if other != term}
            found[term] = {**others, **found.get(term, {})}
    return found


_UNIONS = {" ".join(terms(name)): short for name, short in (("United States", "usa"), ("United Kingdom", "uk"))}
"""Countries whose name is made of words that name none by themselves."""


def countries_in(text: str, but: Set[str] = frozenset()) -> set[int]:
    """Which countries a text names, by their names or their people, as numbers; the terms `but` name none."""
    found = (_country_numbers().get(term) for term in _country_terms(text) if term not in but)
    return {number for number in found if number is not None}


def names_country(text: str) -> bool:
    """Whether a name is that of countries alone: "United States", "Saudi Arabian", but not "United Nations"."""
    return bool(countries_in(text)) and all(
        term in _COMMON or term in _country_numbers() for term in _country_terms(text)
    )


def _country_terms(text: str) -> list[str]:
    joined = f" {' '.join(terms(text))} "
    for union, short in _UNIONS.items():
        joined = joined.replace(f" {union} ", f" {short} ")
    return [_shorts().get(term, term) for term in joined.split()]


@lru_cache(maxsize=1)
def _shorts() -> dict[str, str]:
    return {terms(short)[0]: terms(name)[0] for short, name in _SHORT.items()}


@lru_cache(maxsize=1)
def _country_numbers() -> dict[str, int]:
    found: dict[str, int] = {}
    for number, group in enumerate(_countries()):
        for term in (term for term, weight in group.items() if weight >= SYNONYM):
            found.setdefault(term, number)
    return found


def _vocabulary() -> Iterator[Alternatives]:
    for line in (files("index") / "expansion.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield dict.fromkeys(terms(line), SYNONYM)


def _countries() -> Iterator[Alternatives]:
    """A group a country, the populous first: a term is taken once, so "American" is never American Samoa."""
    from countryinfo import all_countries

    taken = set(terms(_OWN))
    for country in sorted(all_countries(), key=lambda country: -(country.population() or 0)):
        names = [term for term in terms(f"{country.name()} {country.demonym() or ''}") if term not in _COMMON]
        if not names or not taken.isdisjoint(names):
            continue
        taken.update(names)
        seat = country.capital() or ""
        capital = terms(seat[0] if isinstance(seat, list) else seat)
        # Luxembourg is both, and then the country.
        yield dict.fromkeys(capital if len(capital) == 1 else [], CAPITAL) | dict.fromkeys(names, SYNONYM)
    for line in _OWN.splitlines():
        yield dict.fromkeys(terms(line), SYNONYM)
