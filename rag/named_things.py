"""Which of the found releases have to do with whom or what a question names: a person, a town, a programme.

Likeness in meaning brings along what is told of another: the money of one president for that of the next. A name that
few passages hold tells them apart.
"""

import re
from collections.abc import Sequence, Set

from index.expansion import names_country
from index.hits import Hit
from index.lexical import Lexicon
from index.stated_dates import stated_dates
from index.terms import terms
from rag.conversation import BEFORE
from rag.named_countries import of_named_countries
from rag.names import NAME_WORD, TITLES
from rag.several import asks_several

RARE = 0.03
"""Share of the passages up to which a name tells one release from the others."""

ALIKE, ENDING = 5, 2
"""Letters that two forms of a name share from the first, at least, and those that may differ at its end: "Zelensky" and
"Zelenskyy", "Croats" and "Croatian"."""

NEAREST = 5
"""Releases among which one must bear the name: further down it stands by chance."""


def narrowed(question: str, asked: str, hits: Sequence[Hit], lexicon: Lexicon) -> list[Hit]:
    """The hits that have to do with the countries and, but for lists, with whom and what a question names.

    `asked`: its own words. Of what is listed each may stand in a release that names no other.
    """
    found = of_named_countries(question, hits, lexicon)
    return found if asks_several(asked) else of_named_things(question, found, lexicon)


def of_named_things(question: str, hits: Sequence[Hit], lexicon: Lexicon) -> list[Hit]:
    """The hits whose release bears one of the rare names of a question; all where none of the nearest does.

    A release of another language than English stays in any case: it may write the name otherwise.
    """
    own, _, before = question.partition(BEFORE)
    names = _rare(own, lexicon) or _rare(before, lexicon)
    bears = [hit.release.language != "en" or _bears(hit, names) for hit in hits]
    if not any(is_one and hit.release.language == "en" for is_one, hit in zip(bears[:NEAREST], hits, strict=False)):
        return list(hits)
    return [hit for is_one, hit in zip(bears, hits, strict=True) if is_one]


def _rare(text: str, lexicon: Lexicon) -> list[Set[str]]:
    """What may stand for each name of a text that few passages hold; none for countries, titles and times."""
    days = [(day.start, day.end) for day in stated_dates(text, None)]
    found: list[Set[str]] = []
    for match in NAME_WORD.finditer(text):
        word = re.sub(r"['’]s$", "", match[0])
        is_time = any(start <= match.start() < end for start, end in days)
        if not (is_time or word.lower() in TITLES or names_country(word)):
            found += [group for group in forms(word, lexicon) if 0 < sum(map(lexicon.share, group)) <= RARE]
    return found


def forms(name: str, lexicon: Lexicon) -> list[Set[str]]:
    """The terms of each word of a name, of what stands for it, and those that differ only in how they end."""
    return [
        frozenset(group).union(
            *(lexicon.beginning(term[: max(ALIKE, len(term) - ENDING)]) for term in group if len(term) >= ALIKE)
        )
        for group in lexicon.groups(name)
    ]


def _bears(hit: Hit, names: Sequence[Set[str]]) -> bool:
    held = frozenset(terms(f"{hit.release.title}\n{hit.release.text}"))
    return any(not name.isdisjoint(held) for name in names)
