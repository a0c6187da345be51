"""The kind of answer a question asks for, read from its words.

The question word tells it, or the noun behind "which" and "what", as in Li and Roth, "Learning Question Classifiers"
(COLING 2002). What a text must hold to be of that kind is in `rag/held_kinds.py`.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from index.expansion import MEMBER, expand, regions_in
from index.stated_dates import stated_dates
from index.terms import terms
from rag.answer_nouns import COUNTS, KINDS, NAMED, NO_NOUN, Kind, nouns
from rag.beside import beside
from rag.conversation import BEFORE
from rag.fragments import fragment, one_of
from rag.kind_patterns import (
    BY_OFFICE,
    EXACT,
    FUTURE,
    GIVE,
    LEADS,
    NO_DAY,
    NOT_FUTURE,
    ON_DAY,
    REASON,
    STATE,
    TIME,
    WHAT_IS,
    WORDS,
)
from rag.question_words import core


@dataclass(frozen=True)
class Sought:
    """What a question asks for: things of a kind, how many of them ("which three …"), that are not `asked` words.

    `asked` are the terms of the question and of what may stand for them. `region`: the numbers of the countries one of
    which is asked for, as in "which African country", or none. `leads`: whoever leads a delegation or talks.
    `is_exact`: a day or month is asked for, which no year tells. `told`: days on which the question says that something
    else was. `is_newest`: the newest of the kind is, so that a release's own day tells when.
    """

    kind: Kind
    count: int = 1
    asked: frozenset[str] = frozenset()
    region: frozenset[int] = frozenset()
    leads: bool = False
    by_office: bool = False
    beside: str = ""
    is_exact: bool = False
    told: frozenset[date] = frozenset()
    is_newest: bool = False


_HEADS = (
    r"countr(?:y|ies)|nations?|compan(?:y|ies)|firms?|banks?|cit(?:y|ies)|towns?|regions?|ministers?|officials?|leaders?"
    r"|executives?|employees?|organi[sz]ations?|agenc(?:y|ies)|airports?|universit(?:y|ies)|hospitals?"
)
"""Nouns that another noun only tells more of: "which donor countries"."""

_WHICH = re.compile(
    rf"\b(?:which(?: of (?:the|these|those|his|her|their))?|what"
    rf"|как(?:ая|ой|ое|ие|их|им|ую|ом)|қай|қандай)\s+(?:(?P<count>{'|'.join(COUNTS)})\s+)?"
    rf"(?:(?!(?:{NO_NOUN})\b)[\w.'’-]+\s+){{0,4}}?(?P<noun>{nouns(*Kind)})\b(?!\s+(?:{_HEADS})\b)",
    re.IGNORECASE,
)
OPENING = 12
"""Characters before "which" that leave it the question's own word: "Over which …", "And in which …"."""

_NAMED = re.compile(
    r"\bwhat (?:is|was|are|were) the names? of (?:the )?"
    rf"(?:(?P<count>{'|'.join(COUNTS)}) )?(?:(?!(?:of|in|for|that|who|which)\b)[\w’'-]+ ){{0,3}}?"
    rf"(?:(?P<noun>{nouns(*Kind)})|(?P<people>(?-i:[A-Z])\w+ans))\b"
    r"|\bwhat (?:is|was|are|were) the names? of\b",
    re.IGNORECASE,
)
"""The noun behind "the name of", or a people: "the names of the two Americans"."""

_BEFORE = rf"(?:(?!(?:{NO_NOUN}|against|under|between|over|into|near|through|\w+[a-rt-z]s)\b)[\w’'-]+ ){{0,3}}?"
"""What may stand between a count and the noun counted: no other noun in the plural, "two reasons officials gave"."""

_BY_NAME = re.compile(
    r"^\W*(?:and |so |but |please )?(?:name|list) "
    r"(?:(?P<one>(?:(?:just|at least) )?(?:any )?(?:one|an?)(?: of)?) |(?:(?:any|some|all|at least)(?: of)? )?)"
    rf"(?:the |those |these )?(?:(?P<count>{'|'.join(COUNTS)}) (?:of (?:the|those|these) )?)?"
    rf"{_BEFORE}(?P<noun>{nouns(*NAMED)})\b(?!['’]| (?:languages?|names?)\b)",
    re.IGNORECASE,
)
"""What is to be named: "name the two ministers", "name one of the fifteen people"."""

_CALLED = re.compile(
    r"\bwhat (?:is|was|are|were) (?:(?:the|that|this|these|those|his|her|its|their) )?"
    rf"(?:(?P<count>{'|'.join(COUNTS)}) )?{_BEFORE}(?P<noun>{nouns(*NAMED)})\b(?!['’])"
    r"[^?,;]*(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbeen )\bcalled\W*$",
    re.IGNORECASE,
)
"""What something is called: "what are the three suspects called"."""
_SO_MANY = re.compile(
    rf"\bwho (?:is|are|was|were) the (?P<count>{'|'.join(COUNTS)}) (?:(?!of\b)[\w’'-]+ ){{0,2}}?"
    rf"(?:{nouns(Kind.PERSON)})\b",
    re.IGNORECASE,
)
"""So many are to be named: "who are the four people"."""

_ONE = re.compile(r"^\W*(?:and |but |so )?(?:which|what) (?:other )?ones?\b", re.IGNORECASE)
"""One of what the question before asked for: "and which one was sent to Paris"."""

_SHORTENED = re.compile(r"\b(what|who|when|where|how|which)['’]s\b", re.IGNORECASE)


@lru_cache(maxsize=256)
def sought(question: str) -> Sought:
    """What a question asks for; the conversation that stands behind a follow-up only tells what is no answer."""
    alone = _SHORTENED.sub(r"\1 is", question.partition(BEFORE)[0])
    asking = core(alone)
    which = next((found for found in _WHICH.finditer(asking) if not _is_aside(found)), None) or _named(asking)
    if not which and _ONE.search(alone):
        which = _WHICH.search(question, len(alone))
    phrase = which or STATE.search(alone) or _SO_MANY.search(alone)
    count = COUNTS.get((phrase["count"] or "").lower(), 1) if phrase and not phrase.groupdict().get("one") else 1
    asked = frozenset(term for group in expand(question) for term, weight in group.items() if weight > MEMBER)
    # Of "which African country" the region stands between the question word and its noun.
    regions = regions_in(terms(phrase.group())) if phrase else []
    countries = frozenset(n for region in regions for n in region.countries)
    kind, leads, by_office = _kind(alone, asking, which), bool(LEADS.search(alone)), bool(BY_OFFICE.search(alone))
    stated = stated_dates(alone, None) if not NO_DAY.search(alone) else []
    told = frozenset(day.since for day in stated if day.since == day.until and ON_DAY.search(alone[: day.start]))
    return Sought(kind, count, asked, countries, leads, by_office, beside(alone), bool(EXACT.search(alone)), told)


def _kind(alone: str, question: str, which: re.Match[str] | None) -> Kind:
    if GIVE.search(alone):
        return Kind.NUMBER
    if kind := fragment(question) or one_of(alone, question):
        return kind
    if REASON.search(question):
        return Kind.OTHER
    if TIME.search(question) and FUTURE.search(question) and not NOT_FUTURE.search(question):
        return Kind.FUTURE
    what = WHAT_IS.search(question)
    if what and not _is_aside(what):
        return KINDS[what["noun"].lower()]
    named = _named(question)
    if named:
        is_people = bool(named.groupdict().get("people"))
        return KINDS[named["noun"].lower()] if named["noun"] else Kind.PERSON if is_people else Kind.NAME
    if STATE.search(question):
        return Kind.COUNTRY
    told = next((kind for pattern, kind in WORDS if pattern.search(question)), Kind.OTHER)
    if which and (which.start() < OPENING or told is Kind.OTHER):
        return KINDS[which["noun"].lower()]
    return told


def _named(question: str) -> re.Match[str] | None:
    """Where a question asks for a name."""
    return _NAMED.search(question) or _BY_NAME.search(question) or _CALLED.search(question)


def _is_aside(found: re.Match[str]) -> bool:
    """Whether the noun found is not what is asked for: a bill that is signed, not "the bill for" something, or a title,
    "what President Lund said"."""
    noun, behind = found["noun"], found.string[found.end() :]
    if re.match(r"(?:in what capacity|at what level)\b(?! of\b)", found.string[max(0, found.start() - 3) :], re.I):
        return True  # As what, or by whom.
    is_law = noun.lower() in ("bill", "bills") and not behind.startswith(" for")
    return is_law or (noun[0].isupper() and bool(re.match(r" [A-Z]", behind)))
