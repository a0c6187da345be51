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


@dataclass(frozen=True)
class Sought:
    """What a question asks for: things of a kind, how many of them ("which three …"), that are not `asked` words.

    `asked` are the terms of the question and of what may stand for them. `region`: the numbers of the countries one of
    which is asked for, as in "which African country", or none. `leads`: whoever leads a delegation or talks.
    `is_exact`: a day or month is asked for, which no year tells. `told`: days on which the question says that something
    else was.
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


_WHICH = re.compile(
    rf"\b(?:which(?: of (?:the|these|those|his|her|their))?|what"
    rf"|как(?:ая|ой|ое|ие|их|им|ую|ом)|қай|қандай)\s+(?:(?P<count>{'|'.join(COUNTS)})\s+)?"
    rf"(?:(?!(?:{NO_NOUN})\b)[\w.'’-]+\s+){{0,4}}?(?P<noun>{nouns(*Kind)})\b",
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
_LENGTH = re.compile(
    r"\bhow long (?:is|are|was|were) (?:the|its|this|that|their) (?:[\w-]+ ){0,3}?(?:line|cable|road|tunnel|bridge"
    r"|motorway|pipeline|railway|track|route|border|river|wall|fence|canal|runway|trail)s?\b(?! to (?:last|stay|be)\b)",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\bhow (?:long|soon|fast|quickly|much time)\b"
    r"|\bwhat (?:is|was|would be) the (?:longest|shortest) (?:[\w-]+ )?(?:term|sentence|stay)\b"
    r"|\bкак (?:долго|быстро|скоро)\b",
    re.IGNORECASE,
)
_CURRENCY = r"(?:dollars|euros|pounds|francs|rou?bles|tenge|yen|yuan|kron[ae]|kroner|rupees|crowns)"
_MONEY = re.compile(
    rf"\bhow many (?:\w+ )?(?:[mb]illions? )?(?:of )?(?:\w+ )?{_CURRENCY}\b"
    r"|\bhow much (?:\w+ ){0,2}?(?:money|cash|funding)\b"
    r"|\bhow much\b.*\b(?:costs?|pay|paid|pays|spend|spends|spent|worth)\b"
    r"|^\W*(?:and |so |but )?what (?:do|does|did|has|have|had|is|are|was|were)\b.*"
    r"\b(?:chip(?:s|ped|ping)? in|(?:fork|shell)(?:s|ed|ing)? out"
    r"|spen(?:ds?|t|ding(?= (?:on|for|there)\b|\W*$))|paid|pay(?:ing)?"
    r"(?! (?:tribute|respects?|attention|homage|heed|a visit)))\b(?! (?:for|on)\W*$)"
    r"|^\W*(?:and |so |but )?what (?:will|would|must) "
    r"(?:(?!(?:who|that|which|before|after|for|about|do|change|happen|be)\b)[\w.’'-]+ ){1,5}?"
    r"(?:have to |need to |has to )?(?:pay|spend)\b(?! (?:tribute|respects?|attention|homage|heed|a visit))"
    r"|^\W*what (?:do|does|did|has|have|had|is|are|was|were)\b.*"
    r"\b(?:set aside|earmark\w*|allocat\w*|invest(?:ed|ing)?)\b"
    r"|\bwhat (?:is|was|are|were)\b.*\b(?:worth|(?:budgeted|priced|valued|insured) (?:at|for))\W*$"
    r"|\bwhat (?:is|was|are|were)\b.*\bto cost\b"
    r"|\bhow (?:much|big|large|high) (?:is|was|were|are|(?:will|would) be) (?:the|its|his|her|their|that|this|each) "
    r"(?:[\w-]+ ){0,3}?(?:fine|loan|grant|credit|contribution|budget|bill|fee|price|reward|prize money|ransom|penalty"
    r"|donation|pledge|deficit|debt)s?\b"
    r"|\bwhat (?:do|does|did|will|would|can|could|might|may)\b.*\b(?:cost|fetch)\b|\bwhat (?:is|was) .*\btrading at\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\bhow much (?:(?!of\b)[\w.'’-]+ ){0,3}?"
    r"(?:is|are|was|were|did|do|does|has|have|had|will|would|can|could|may|might)\b[^,;]*\b"
    r"(?:(?:approv|pledg|promis|allocat|earmark|contribut|donat|provid|offer|commit|award|financ|receiv|borrow)\w*"
    r"|(?:grant|invest|fund|lend)(?:s|ed|ing)?|lent|g[ai]ves?|given|giving|set(?:ting|s)? aside|owe[sd]?|owing"
    r"|fin(?:ed|ing)|put(?:ting|s)? (?:in|up|into|towards?)|chip(?:s|ped|ping)? in)\b",
    re.IGNORECASE,
)
"""How much somebody gives is a sum."""

_COUNT = re.compile(rf"\bhow (?:many|few)\b(?! (?:\w+ )?(?:{_CURRENCY}|per ?cent|[mb]illions?)\b)", re.IGNORECASE)
_WHAT_IS = re.compile(
    r"\bwhat (?:is|was|are|were|(?:will|would|might|could) be) (?:the (?:[\w-]+ ){0,3}?"
    r"|(?-i:[A-Z])[\w.-]*['’]s (?:(?!(?:of|on|to|for|in|about|with|the|next|first|last)\b)[\w-]+ ){0,3}?)"
    rf"(?P<noun>{nouns(Kind.NUMBER, Kind.MONEY, Kind.SHARE, Kind.TIME)})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\bhow (?:many|much|old|big|large|often|high|low|far|tall|deep|wide|heavy|hot|cold|strong|powerful)\b"
    r"|\b(?:сколько|қанша|неше)\b"
    r"|\bwhere (?:do|does|did)\b.*\b(?:index|indices|rates?|levels?|totals?|tally|toll|share|price|debt)\b.*\bstand\b"
    r"|\bwhat (?:do|does|did|will|would|can)\b.*\b(?:(?:weigh|measure)\b|(?:come|amount) to(?: in \d{4})?\W*$)"
    r"|\bwhat (?:is|was|are|were) the (?:most|least) (?!recent)[^?]*\b(?:can|could|may|might|would)\b",
    re.IGNORECASE,
)
_GIVE = re.compile(
    r"[.?!] give (?:me )?(?:the|their) (?:figure|sum|number|total|amount|attendance|count)s?\b", re.IGNORECASE
)
_PORTION = re.compile(r"\b(?:which|what) (?:share|slice|portion|part) of\b", re.IGNORECASE)
_SHARE_OF = re.compile(
    r"\b(?:which|what) (?:share|percentage|proportion|fraction) of (?:the |its |their |all )?(?:[\w’'-]+ ){0,2}?"
    r"(?:voters|votes?|vote|electorate|ballots|population|people|citizens|residents|women|men|girls|boys|children"
    r"|pupils|students|workers|employees|staff|households|members|emissions|gdp|energy|electricity|exports|imports)\b",
    re.IGNORECASE,
)
"""So many in a hundred, where a portion of money may be a sum."""

_TIME = re.compile(
    r"^\W*(and |so |but )?(?:(?:until|till|since|by|from) )?when\b"
    r"|\bwhen (did|was|were|will|is|are|does|do|has|have|had)\b"
    r"|\b(what|which) (day|date|week|year|month|time|hour)\b|\b(когда|в каком году|қашан)\b",
    re.IGNORECASE,
)
_EXACT = re.compile(r"\b(?:what|which)(?: exact)? (?:day(?! of the week)|date|month(?! and year))\b", re.IGNORECASE)
_ON_DAY = re.compile(r"\bon (?:the )?$", re.IGNORECASE)
_NO_DAY = re.compile(r"\bor\b|\bwhat time\b", re.IGNORECASE)
"""Then a day may be told again: "was it on 6 or on 7 May 2024?", "at what time on 6 May 2024?"."""

_NOT_FUTURE = re.compile(r"\b(?:what time|when (?:did|was|were|has|have|had))\b", re.IGNORECASE)
_FUTURE = re.compile(
    r"\b(will|planned|plans?|going to|due|scheduled|is .* to be|does .* (open|start|begin))\b|будет|откроется",
    re.IGNORECASE,
)
_ACTOR = re.compile(
    r"(?:^\W*|^\W*(?:at|in|on|during|after|before|of|under|according)\b[^,]*,\s*"
    r"|[.:;–—]\s+|\b(?:and|but|so|exactly|with|to|by|for|from|of|on|about|against)\s+)(?-i:[Ww]ho)\b|\b(?:кто|кем)\b",
    re.IGNORECASE,
)
"""Not "the soldiers who went": there "who" asks nothing."""

_PERSON = re.compile(
    r"\b(?:whom|whose|кого|кому|кім)\b"
    r"|\bwhich (?-i:[A-Z])\w+(?:an|ss|sh|ese|ch|er)(?:,| (?:is|was|will|has|had|became)\b)"
    r"|\bwhich members? of (?:\w+ ){1,4}?(?:house|senate|commission|government|cabinet|parliament|council|board"
    r"|congress|team|family|delegation|household)\b"
    r"|\bwho (?:did|was|is|will|does|has|had) (?:(?-i:[A-Z])[\w.’'-]*|he|she|they|the \w+) (?:[\w.’'-]+ ){0,4}?"
    r"(?:see|seen|meet|met|visit|visited|receive|received|host|hosted|greet|greeted)\b"
    r"|\bwho (?:is|was|has been|will be) (?:chosen|picked|named|appointed|nominated) to"
    r" (?:succeed|replace|lead|head|serve|become|be|represent|chair)\b"
    r"|\bwho (?:is |was |will )?(?:succe(?:ed|eds|eded|eding)|replac(?:e|es|ed|ing)|tak(?:e|es|ing) over|took over)\b",
    re.IGNORECASE,
)
"""Somebody: whom, which American, which member of the government."""
_STATE = re.compile(
    r"\b(?:which|what) (?:(?P<count>two|three|four|five|other) )?(?:[\w-]+ )?"
    r"(?:foreign|other|neighbou?ring|african|asian|european|american|arab|gulf|baltic|balkan|nordic)"
    r" (?:governments?|monarch(?:y|ies)|states?)\b(?! (?:department|secretary|senator|governor|visit|bank))"
    r"|\bwhich governments?\b(?! (?:[a-z]+er|[a-z]+or|body|agency|department|office|programme?|official|building|scheme"
    r"|bonds?|data|fund|aid|money)s?\b)",
    re.IGNORECASE,
)
"""A country, though its noun alone is none: "which African state"; islands have governments that are of no country."""

_OFFICE = re.compile(
    r"\bwho (?:is|was|will be|became|are|were|has been)(?: going to be| to be| named| appointed)? "
    rf"(?:(?!(?:by|with|to|for|at|in|on|of|that|who|\w+ing)\b)[\w’'-]+ ){{0,4}}?(?!hosts?\b)"
    rf"(?:members?|{nouns(Kind.PERSON)})\b",
    re.IGNORECASE,
)
"""Who holds an office is somebody, not a country: "who is going to be the first ambassador"."""

_LEADS = re.compile(
    r"\b(?:who|(?:which|what)(?: [a-z-]+){1,3})\b.*"
    r"\b(?:led|leads?|leading|head(?:s|ed|ing)?|chair(?:s|ed|ing)?|at the (?:head|helm) of|in charge of)\b.*"
    r"\b(?:delegations?|missions?|part(?:y|ies)|teams?|groups?|panels?|committees?|commissions?|talks|negotiations"
    r"|(?-i:[A-Z])\w+ans(?= sent)|those (?:at|to))\b", re.IGNORECASE,
)  # fmt: skip
"""Whoever announces a delegation, and those who travel with it, do not lead it."""

_BY_OFFICE = re.compile(
    r"\b(?i:whom|who|which|what)\b.*?\b(?:did|does|do|has|have|will) (?:(?!and\b)[\w.'’-]+ ){0,6}?"
    r"(?:minister|president|advis[eo]r|envoy|aide|secretary|ambassador|chief|director|head|premier|chancellor)"
    r" (?!of\b|and\b|to\b|for\b|in\b)[a-z]+\b",
)
"""Before the verb stands an office: "whom did Norway's foreign minister see"."""

_PLACE = re.compile(
    r"^\W*(?:and |so |but )?where\b|\bwhere (?:did|was|were|will|is|are|does|do|has|have|had)\b"
    r"|^\W*(?:где|куда|откуда|қайда)\b",
    re.IGNORECASE,
)
_REASON = re.compile(r"^\W*(?:and |so |but )?(?:why|how come|почему|зачем|неге)\b", re.IGNORECASE)
_WORDS = (
    (_LENGTH, Kind.NUMBER),
    (_DURATION, Kind.DURATION),
    (_SHARE_OF, Kind.SHARE),
    (_PORTION, Kind.NUMBER),
    (_MONEY, Kind.MONEY),
    (_GIVEN, Kind.MONEY),
    (_COUNT, Kind.COUNT),
    (_NUMBER, Kind.NUMBER),
    (_TIME, Kind.TIME),
    (_PERSON, Kind.PERSON),
    (_OFFICE, Kind.PERSON),
    (_ACTOR, Kind.ACTOR),
    (_PLACE, Kind.PLACE),
)

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
    which = next((found for found in _WHICH.finditer(alone) if not _is_law(found)), None) or _named(alone)
    if not which and _ONE.search(alone):
        which = _WHICH.search(question, len(alone))
    phrase = which or _STATE.search(alone) or _SO_MANY.search(alone)
    count = COUNTS.get((phrase["count"] or "").lower(), 1) if phrase and not phrase.groupdict().get("one") else 1
    asked = frozenset(term for group in expand(question) for term, weight in group.items() if weight > MEMBER)
    # Of "which African country" the region stands between the question word and its noun.
    regions = regions_in(terms(phrase.group())) if phrase else []
    countries = frozenset(n for region in regions for n in region.countries)
    kind, leads, by_office = _kind(alone, which), bool(_LEADS.search(alone)), bool(_BY_OFFICE.search(alone))
    stated = stated_dates(alone, None) if not _NO_DAY.search(alone) else []
    told = frozenset(day.since for day in stated if day.since == day.until and _ON_DAY.search(alone[: day.start]))
    return Sought(kind, count, asked, countries, leads, by_office, beside(alone), bool(_EXACT.search(alone)), told)


def _kind(question: str, which: re.Match[str] | None) -> Kind:
    if _REASON.search(question):
        return Kind.OTHER
    if _GIVE.search(question):
        return Kind.NUMBER
    if _TIME.search(question) and _FUTURE.search(question) and not _NOT_FUTURE.search(question):
        return Kind.FUTURE
    what = _WHAT_IS.search(question)
    if what and not _is_law(what):
        return KINDS[what["noun"].lower()]
    named = _named(question)
    if named:
        is_people = bool(named.groupdict().get("people"))
        return KINDS[named["noun"].lower()] if named["noun"] else Kind.PERSON if is_people else Kind.NAME
    if _STATE.search(question):
        return Kind.COUNTRY
    told = next((kind for pattern, kind in _WORDS if pattern.search(question)), Kind.OTHER)
    if which and (which.start() < OPENING or told is Kind.OTHER):
        return KINDS[which["noun"].lower()]
    return told


def _named(question: str) -> re.Match[str] | None:
    """Where a question asks for a name."""
    return _NAMED.search(question) or _BY_NAME.search(question) or _CALLED.search(question)


def _is_law(found: re.Match[str]) -> bool:
    """Whether a bill is one that is signed, not "the bill for" something."""
    return found["noun"].lower() in ("bill", "bills") and not found.string[found.end() :].startswith(" for")
