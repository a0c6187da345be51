"""The kinds of answer that questions ask for, and the nouns that ask for them: "which city" asks for a place."""

import re
from enum import StrEnum
from importlib.resources import files


class Kind(StrEnum):
    """The kind of answer a question asks for.

    `MONEY` is a sum, `COUNT` a number that is neither money nor a share; `ACTOR` is whoever did it, a country or an
    institution too. `FIRM` is a house with a name of its own, as banks and hospitals have: no person and no ministry.
    """

    NUMBER = "number"
    MONEY = "money"
    COUNT = "count"
    SHARE = "share"
    DURATION = "duration"
    TIME = "time"
    FUTURE = "future"
    ACTOR = "actor"
    PERSON = "person"
    COUNTRY = "country"
    PLACE = "place"
    NAME = "name"
    FIRM = "firm"
    OTHER = "other"


NAMED = (Kind.ACTOR, Kind.PERSON, Kind.COUNTRY, Kind.PLACE, Kind.NAME, Kind.FIRM)
"""Kinds of answer that have a name."""

COUNTED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.COUNT, Kind.SHARE, Kind.DURATION})
"""Kinds of answer that a number gives."""

COUNTS = {word: n for n, words in enumerate(("two 2", "three 3", "four 4", "five 5"), 2) for word in words.split()}
"""Words before a noun that tell how many are asked for."""

_IRREGULAR = {"man": "men", "woman": "women", "child": "children"}


def _plural(noun: str) -> str:
    """The English plural of a noun, or of the last word of several."""
    rest, _, last = noun.rpartition(" ")
    stem = next((last.removesuffix(one) + many for one, many in _IRREGULAR.items() if last.endswith(one)), None)
    if stem is None and re.search(r"[^aeiou]y$", last):
        stem = f"{last[:-1]}ies"
    elif stem is None:
        stem = f"{last}es" if re.search(r"(?:s|x|ch|sh)$", last) else f"{last}s"
    return f"{rest} {stem}".strip()


def plurals(kind: Kind) -> list[str]:
    """The plurals of the nouns of a kind."""
    return [_plural(noun) for noun, of in KINDS.items() if of is kind]


def _read_nouns() -> dict[str, Kind]:
    """The kind that each noun of `answer_nouns.txt` asks for, the plurals too."""
    found: dict[str, Kind] = {}
    for line in (files("rag") / "answer_nouns.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, _, listed = line.partition(":")
            found |= {form: Kind(kind) for noun in listed.strip().split(", ") for form in (noun, _plural(noun))}
    return found


KINDS = _read_nouns()
"""The kind that each noun asks for."""

NO_NOUN = (
    "was|were|is|are|do|did|does|has|had|have|will|would|can|could|should|may|must|the|this|that|a|an|his|her|its|their"
    "|our|happen|happens|happened|happening|took|takes|take|came|comes|made|makes|caused|causes|led|about|if|when|who"
    "|with|for|from|by|after|before|during|since|last|next|else"
    "|of|to|in|on|at|and|or|he|she|they|it|we|you|(?-i:us)"
)
"""Words of one pattern behind which no noun is the question word's own: "which was the city"."""


def nouns(*kinds: Kind) -> str:
    """The nouns of some kinds as one pattern, the longest first."""
    return "|".join(sorted((noun for noun, kind in KINDS.items() if kind in kinds), key=len, reverse=True))
