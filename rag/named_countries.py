"""Which of the found releases have to do with a country that the question names.

A small model takes the police officers of one country for those of another, and likeness in meaning brings them along.
"""

import re
from collections.abc import Sequence

from index.expansion import common_countries, countries_in, regions_in
from index.lexical import Lexicon
from index.search import Hit
from index.terms import terms

HOME = 0.2
"""Share of the passages from which a country is the releases' own: each of them has to do with it, named or not."""

_NO_COUNTRY = frozenset(terms("EU European Brussels"))
_APART = re.compile(r"\b(?:apart from|besides|other than|except|outside|beyond|кроме|помимо)\b", re.I)


def of_named_countries(question: str, hits: Sequence[Hit], lexicon: Lexicon) -> list[Hit]:
    """The hits whose release names one of the countries that the question names, or its capital; all where none does.

    What is asked for apart from a country need not name it.
    """
    regions = {word for region in regions_in(terms(question)) for word in region.words}
    named = countries_in(question, _NO_COUNTRY | regions) - common_countries(lexicon.share, HOME)
    if not named or _APART.search(question):
        return list(hits)
    texts = (f"{hit.release.title}\n{hit.release.text}" for hit in hits)
    about = [hit for hit, text in zip(hits, texts, strict=True) if named & countries_in(text, seats=True)]
    return about or list(hits)
