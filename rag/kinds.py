"""The kind of answer a question asks for, read from its words, and whether a text holds anything of that kind."""

import re
from datetime import date
from enum import StrEnum

from index.stated_dates import stated_dates
from rag.quantities import Quantity, quantities


class Kind(StrEnum):
    """The kind of answer a question asks for."""

    NUMBER = "number"
    TIME = "time"
    FUTURE = "future"
    PERSON = "person"
    OTHER = "other"


_NUMBER = re.compile(
    r"\b(how (many|much|old|long|big|large|often|high)|what (number|percentage|share|amount|price|cost))\b"
    r"|\b(сколько|қанша|неше)\b"
    r"|\b(price|cost|interest rate)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"^\W*(and |so |but )?when\b|\bwhen (did|was|were|will|is|are|does|do|has|have|had)\b"
    r"|\b(what|which) (day|date|year|month|time)\b|\b(когда|в каком году|қашан)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(will|planned|plans?|going to|due|scheduled|is .* to be|does .* (open|start|begin))\b|будет|откроется",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(who|whom|whose|кто|кого|кому|кем|кім)\b", re.IGNORECASE)
NAME = re.compile(r"(?<!^)(?<![.?!]\s)\b[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w’'-]*\w")
"""A word written as a name; the first of a sentence is written so in any case."""

_SEVERAL = re.compile(
    r"\b(which|what)\s+(?:(?!(?:was|were|is|are|do|did|does|has|had|have|the|this|his|us|its)\b)[\w'’-]+\s+){0,2}?"
    r"(?!(?:was|is|does|has|this|his|us|its|means|news|series|congress|press|business|process|progress)\b)"
    r"(?:[\w-]+(?:[^s\W]s|s['’])|people)\s+(?!(?:of|after|for|at|to|in|into|on|up|with|from|by|the|a|an|its|his|her)\b)"
    r"|^\W*(list|name)\b|\b(both|respectively|each of|all the)\b"
    r"|\b(какие|каких|каким|перечислите|қандай \w+([лдт]ар|[лдт]ер))\b",
    re.IGNORECASE,
)
"""Words that ask for more than one thing: "which leaders …", "in which cities …", "list …". A verb ("which country
looks after …") is told from a plural by the small word behind it."""

_PAIR = re.compile(r"\b(the|these|our|both) (two|three)\b", re.IGNORECASE)
"""Those who were spoken of, not a number that answers "how many": "the two discussed …"."""

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(
    rf"\b(1[89]|20)\d\d\b|\b\d{{1,2}} \w{{3,}}|\b({_MONTHS}|today|tonight|yesterday|tomorrow|(last|next|this) \w+)\b"
)


def asked_for(question: str) -> Kind:
    """The kind of answer the question's words ask for."""
    if _TIME.search(question) and _FUTURE.search(question):
        return Kind.FUTURE
    for pattern, kind in ((_NUMBER, Kind.NUMBER), (_TIME, Kind.TIME), (_PERSON, Kind.PERSON)):
        if pattern.search(question):
            return kind
    return Kind.OTHER


def asks_several(question: str) -> bool:
    """Whether a question asks for several things, which several releases may hold."""
    return bool(_SEVERAL.search(question))


def holds_kind(kind: Kind, text: str, published: date | None = None) -> bool:
    """Whether a text, of a release published on a day, holds anything of the kind asked for.

    When something will happen is answered by a day after the release's own, not by one that was past when it came out.
    """
    if kind is Kind.FUTURE and published:
        return any(stated.until > published for stated in stated_dates(text, published))
    if kind is Kind.NUMBER:
        return any(not _is_year(quantity) for quantity in quantities(_PAIR.sub("they", text)))
    if kind in (Kind.TIME, Kind.FUTURE):
        return bool(_DAY.search(text))
    if kind is Kind.PERSON:
        return bool(NAME.search(text))
    return True


def _is_year(quantity: Quantity) -> bool:
    bare = not (quantity.unit or quantity.noun or quantity.bound)
    return bare and quantity.value in range(1900, 2101)
