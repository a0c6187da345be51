"""Which of the found releases have to do with whom or what a question names: a person, a town, a programme.

Likeness in meaning brings along what is told of another: the money of one president for that of the next. A name, or
another word, that few passages hold tells them apart.
"""

import re
from collections.abc import Sequence, Set

from index.expansion import names_country
from index.hits import Hit
from index.lexical import Lexicon
from index.stated_dates import stated_dates
from rag.conversation import BEFORE
from rag.named_countries import of_named_countries
from rag.names import NAME_WORD, TITLES
from rag.several import asks_several

RARE = 0.03
"""Share of the passages up to which a name tells one release from the others."""

OF_ONE = 2
"""Rare words of one name at most; of 15 lists with no more none lost a release that answers."""

RARE_WORD = 0.02
"""The same of any word."""

ALIKE, ENDING = 5, 2
"""Letters that two forms of a name share from the first, at least, and those that may differ at its end: "Zelensky" and
"Zelenskyy", "Croats" and "Croatian"."""

NEAREST = 5
"""Releases among which one must bear the name: further down it stands by chance."""


def narrowed(question: str, asked: str, hits: Sequence[Hit], lexicon: Lexicon) -> list[Hit]:
    """The hits that have to do with the countries, and with whom and what a question names; `asked`: its own words.

    Of a list that names several each may stand in a release that names no other, and its members in other words.
    """
    found = of_named_countries(question, hits, lexicon)
    if not asks_several(asked):
        return of_rare_words(question, of_named_things(question, found, lexicon), lexicon)
    return of_named_things(question, found, lexicon) if len(_rare(asked, lexicon)) <= OF_ONE else found


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


def of_rare_words(question: str, hits: Sequence[Hit], lexicon: Lexicon) -> list[Hit]:
    """The hits whose release holds one of the words of a question that few passages hold, where that of the best does.

    A name is searched among more of the best: a word may have another in its place, and then the best lacks it too. Of
    74 parts of questions that lose hits so one loses the release that answers.
    """
    groups = lexicon.groups(question.partition(BEFORE)[0])
    words = [group.keys() for group in groups if 0 < sum(map(lexicon.share, group)) <= RARE_WORD]
    if not hits or not _bears(hits[0], words):
        return list(hits)
    return [hit for hit in hits if hit.release.language != "en" or _bears(hit, words)]


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
    return any(not name.isdisjoint(hit.all_terms) for name in names)
