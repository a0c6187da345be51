"""Whether a text holds anything of the kind that a question asks for.

"Who" and "where" are answered only by somebody or some place that the question does not name already.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from index.expansion import countries_in, names_country
from index.stated_dates import StatedDate, stated_dates
from index.terms import terms
from rag.answer_nouns import NAMED, Kind
from rag.kinds import Sought
from rag.names import TITLES, Name
from rag.no_names import ACRONYM, BODIES, FIELDS, NO_FIRM, NOBODY, SIDES, VAGUE
from rag.quantities import Quantity
from rag.reading import read

_PAIR = re.compile(r"\b(?:(?:the|these|our|both) (?:two|three)|one (?:more|another))\b", re.IGNORECASE)
"""No number that answers "how many": those who were spoken of, "the two discussed …"; "one more reminder"."""

_SHARE = re.compile(
    r"%|\b(?:per ?cent|percentage|half\b|(?:a|one|two)[ -](?:third|fifth|tenth)s?"
    r"|(?:a|one|three)[ -]quarters?\b(?= of)|quarters of)"
    r"|\b(?:one|two|three|four|\d+) (?:in|out of)(?: every)? (?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b"
    r"|\b(?:процент|половин|треть|четверт|пайыз|жарты)",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"[$€£¥₸₽]|\b(?:USD|EUR|GBP|CHF|JPY|KZT|RUB|CNY|SEK|NOK|DKK|AUD|CAD)(?=\d|\b)"
    r"|\b(?:dollar|euro|pound|franc|rou?ble|tenge|yen|yuan|krona|kronor|krone|kroner|rupee|crown|shekel|zloty|lira)s?\b"
    r"|\b(?:доллар|евро|фунт|франк|рубл|тенге|теңге|иен|юан|крон)",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    r"\b(?:од(?:ин|на|но)|дв[ае]|три|четыре|пять|шесть|семь|восемь|девять|десять|двадцать|тридцать|сорок|сто"
    r"|бір|екі|үш|төрт|бес|алты|жеті|сегіз|тоғыз|он|жиырма|отыз|жүз)\b",
    re.IGNORECASE,
)
"""Small numbers in words, Russian and Kazakh."""

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SPAN = re.compile(
    r"\b(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|several|few|many|half)"
    r"[\s-](?:\w+[\s-])?(?:second|minute|hour|day|week|month|year|decade|centur)\w*"
    r"|\b(?:until|through|since|from) (?:around |about |at least )?(?:the )?"
    rf"(?:(?:end|middle|start|early|mid|late|next|then)\b|\d|(?:{_MONTHS})\b)"
    r"|\b(?:as long as|indefinite|immediate|permanent)\w*"
    r"|\b\d[\d,.]*[\s-]?(?:km|kilomet|met(?:re|er)|mile)\w*"
    r"|\b\d+\s+(?:секунд|минут|час|дн|день|недел|месяц|год|лет|күн|апта|ай|жыл)\w*|\bдо \d+",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"\b(1\d|20)\d\ds?\b|\b\d{{1,2}}(?:th|st|nd|rd)? \w{{3,}}|\bcentury\b"
    rf"|\b\d{{1,2}}(?::\d\d|(?::\d\d)?\s?[ap]\.?m\b)|\b(?:[A-Z][a-z]+day)\b|\b(?:days|weeks|months|years) ago\b"
    rf"|\b({_MONTHS}|today|tonight|yesterday|tomorrow"
    r"|(?:last|next|this|past|coming) (?:\w+ )?(?:day|week|weekend|month|year|quarter|decade|century|spring|summer"
    r"|autumn|fall|winter|morning|afternoon|evening|night)s?)\b"
)
_CALENDAR = frozenset(_MONTHS.lower().split("|")) | frozenset(
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
"""Written as names, but nobody's and no place's."""

_NO_NAMES = _CALENDAR | frozenset("ceo cfo coo cto phd ngo ngos mp mps usd chf eur gbp art para".split())
"""Nor is an office, a degree, a currency or the article of a law."""

_PAST = re.compile(r"\bearlier\s*$", re.IGNORECASE)
"""Before a day it tells that the day is gone, though the year it is in is not: "earlier this year"."""

_PLACED = re.compile(
    r"(?:\b(?:in|at|near|outside|to|from|into|for|towards?|of|off|on|across|around|visit\w*)|,)\s+(?:the\s+|(?-i:[a-z])+\s+)?$",
    re.I,
)
"""What stands before the name of a place."""

_INSIDE = re.compile(
    r"\b(?:in|at|near|outside|throughout|(?:canton|city|town|village|region|province|municipality) of"
    r"|(?:visits?|trips?|travel\w*|go(?:es|ing)?|went|journeys?|fl(?:y|ew)|return\w*) to)"
    r"\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""What stands before a place, never before a person."""

_LEADING = re.compile(
    r"\b(?:le(?:d|ads?|ading(?= (?:the|an?|his|her|its|their)\b))|head(?:ed|ing|s?(?! of (?:state|government)))"
    r"|(?<!-)chair\w*)\b", re.IGNORECASE,
)  # fmt: skip

_PRONOUN = re.compile(r"\W*(?:[Oo]n [^,]*, )?(?:he|she|they|we|the (?:[a-z]+ )*[a-z]+)\b", re.IGNORECASE)
"""Whoever acts in the sentence has no name in it."""

_TIMES = frozenset(terms("second minute hour day week month year decade century"))
_STATES = frozenset(terms("nation country state"))
_OFTEN = frozenset(terms("times time often old rank"))
_ASIDE = frozenset(
    terms(
        "side party country nation state people government leader president minister head official delegation man woman"
        " agreement document memorandum treaty"
    )
)
"""What is told by the two or three only to say whom or what a text speaks of."""

_DONE = re.compile(
    r"\b(?:spoke|met|called|signed|visited|hosted|welcomed|held|received|travel(?:l)?ed|announced|joined|delivered"
    r"|addressed|convened|opened|adopted|approved|launched|agreed|discussed|concluded)\b"
)
"""What a release tells of the day it came out, where it names no other."""

_SAYS = re.compile(
    r"\b(?:condemns|welcomes|deplores|regrets|urges|congratulates|expresses|calls (?:on|for)|appeals (?:to|for))\b"
)
"""What a release itself does, on the day it came out."""

_EXACT = re.compile(rf"\b(?:{_MONTHS}|[A-Z][a-z]+days?)\b")
_YEAR_LONG = 364  # Days.

_HOUR = re.compile(r"\b(?:\d{1,2}[:.]\d\d|\d{1,2} ?[ap]\.?m\b|midnight|noon|o['’]clock)", re.IGNORECASE)
_CLOCK = re.compile(r"\s?[ap]\.?m\b|\s?o['’]clock\b", re.IGNORECASE)
"""Behind a number it makes it an hour."""

_YEAR_OF = re.compile(r"\b(?:the|in|of|since|by|until|from) (?:19|20)\d\d$", re.IGNORECASE)
"""A year, though a name follows it: "the 1978 Camp David Accords"."""

_NUMBERED = re.compile(
    r"\b(?:Army|Corps|Division|Brigade|Regiment|Battalion|Squadron|Company|Detachment|Unit|Flight|Boeing|Airbus|Article"
    r"|Resolution|Chapter|Annex|Section|Paragraph|Protocol|Phase|Category|Level|Tier|Route|Terminal|Goal)s?"
    r"(?: \d+(?:,| and| or))? (?:No\.? )?$"
)
"""Before a number that only tells which one: "Detachment 10"."""

_SOME_DAY = date(2000, 1, 1)
"""Of an undated text, only to read whether it states a day."""

_CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]", re.IGNORECASE)
_ADDRESS = re.compile(r"\]\([^)]*\)|<[^<>]*>|\b(?:https?://|www\.)\S+")
"""Where a link leads, and marks of markup: their figures and names say nothing."""


def holds(want: Sought, text: str, published: date | None = None) -> bool:
    """Whether a text, of a release published on a day, holds what is asked for, as many as are asked for.

    When something will happen is answered by a day after the release's own, not by one that was past when it came out.
    """
    text = _ADDRESS.sub(" ", text)
    match want.kind:
        case Kind.NUMBER:
            found = read(_PAIR.sub("they", text), published).quantities
            counted = any(not (_is_year(quantity) or _is_aside(quantity, want)) for quantity in found)
            return counted or bool(_SPELLED.search(text))
        case Kind.MONEY:
            return bool(_SUM.search(text) and (re.search(r"\d", text) or read(text, published).quantities))
        case Kind.COUNT | Kind.TIME | Kind.FUTURE | Kind.PERSON | Kind.ACTOR | Kind.OTHER if want.beside and not (
            re.search(want.beside, text, re.IGNORECASE) or _CYRILLIC.search(text)
        ):
            return False
        case Kind.COUNT:
            reading = read(_PAIR.sub("they", text), published)
            counted = any(_counts(quantity, want, reading.text) for quantity in reading.quantities)
            return counted or bool(_SPELLED.search(text))
        case Kind.SHARE:
            return bool(_SHARE.search(text))
        case Kind.DURATION:
            times = any(quantity.noun in _TIMES for quantity in read(text, published).quantities)
            return times or bool(_SPAN.search(text) or _SPELLED.search(text))
        case Kind.TIME | Kind.FUTURE:
            return _holds_time(want, text, published)
        case Kind.COUNTRY if not _CYRILLIC.search(text):
            found_countries = countries_in(text, want.asked)
            return len(found_countries & want.region if want.region else found_countries) >= want.count
        case Kind.ACTOR | Kind.PERSON if want.leads and not (_LEADING.search(text) or _CYRILLIC.search(text)):
            return False
        case Kind.COUNTRY | Kind.ACTOR | Kind.PERSON | Kind.NAME | Kind.FIRM | Kind.PLACE:
            # Who did it may be named where the question names an office: "the minister", then "Lund met Horvat".
            doer = want.by_office and want.kind is Kind.PERSON and not _PRONOUN.match(text)
            return sum(1 for _ in _names(want, text, published)) >= want.count + doer
    return True


def _holds_time(want: Sought, text: str, published: date | None) -> bool:
    if want.kind is Kind.FUTURE and published:
        ahead = [day for day in stated_dates(text, published) if not _PAST.search(text[: day.start])]
        return any(day.until > published for day in ahead if _is_exact(day, want))
    own_day = _SAYS.search(text) or (want.is_newest and _DONE.search(text))
    if own_day and published and not stated_dates(text, published):
        return True
    if not (want.is_exact or want.told):
        return bool(_DAY.search(text) or (_CYRILLIC.search(text) and stated_dates(text, published or _SOME_DAY)))
    days = stated_dates(text, published or _SOME_DAY)
    # What the question tells itself is no answer: "when was the man who came free on 6 May kidnapped?".
    new = [day for day in days if _is_exact(day, want) and not want.told.issuperset((day.since, day.until))]
    told = _EXACT if want.is_exact else _DAY
    return bool(new or _HOUR.search(text) or (not days and told.search(text)))


def members(want: Sought, text: str) -> frozenset[str]:
    """What a text names of the kind that is asked for: the numbers of countries, the last words of other names."""
    if want.kind is Kind.COUNTRY:
        return frozenset(str(number) for number in countries_in(text, want.asked))
    return frozenset(name.words[-1] for name in _names(want, text, None)) if want.kind in NAMED else frozenset()


def _names(want: Sought, text: str, published: date | None) -> Iterator[Name]:
    """The names of a text that the question does not hold and that may be what it asks for."""
    reading = read(text, published)
    for name in reading.names:
        new = [word for word in name.words if want.asked.isdisjoint(terms(word)) and word not in _NO_NAMES]
        if not new:
            continue
        match want.kind:
            case Kind.NAME:
                fits = not names_country(" ".join(new))
            case Kind.FIRM:
                fits = _may_be_firm(name, new, reading.text[: name.start])
            case Kind.PERSON:
                person = [word for word in new if word not in BODIES]
                written = reading.text[name.start : name.end]
                is_acronym = written.isupper() and len(written) <= ACRONYM
                is_other = names_country(" ".join(person)) or is_acronym or _is_known_by_name(name, new)
                is_other = is_other or name.words[-1] in BODIES or not NOBODY.isdisjoint(name.words)
                is_other = is_other or _ends_in_field(written)
                is_other = is_other or bool(_INSIDE.search(reading.text[: name.start]))
                # Not "the Biden Doctrine" beside Biden, but "American Nils Lund" beside an American.
                leading = next((word for word in name.words if word not in BODIES and not names_country(word)), "")
                fits = bool(person) and not is_other and leading in new
            case Kind.ACTOR:
                fits = not _is_known_by_name(name, new)
            case Kind.PLACE if not _CYRILLIC.search(text):
                is_placed = name.opening or bool(_PLACED.search(reading.text[: name.start]))
                fits = is_placed and not SIDES.issuperset(new)
            case _:
                fits = True
        if fits:
            yield name


def _is_exact(stated: StatedDate, want: Sought) -> bool:
    """Whether a time is no year where a day or month is asked for."""
    return not want.is_exact or (stated.until - stated.since).days < _YEAR_LONG


def _may_be_firm(name: Name, new: Sequence[str], before: str) -> bool:
    """Whether a name may be a bank's or a hospital's: it is no person behind a title, country, department or treaty."""
    *_, office, ahead = ("", "", *before.split())
    if ahead in ("of", "for") and office.lower() in TITLES:
        return False  # "The Secretary of Homeland Security".
    is_person = ahead.lower().strip(".,") in TITLES - {"general"} and not name.opening
    is_other = names_country(" ".join(new)) or not NO_FIRM.isdisjoint(name.words) or VAGUE.issuperset(new)
    return not (is_person or is_other)


def _ends_in_field(name: str) -> bool:
    """Whether a name is that of a department, with or without its letters: "Economic Affairs EAER"."""
    *ahead, last = name.split()
    if ahead and last.isupper() and len(last) <= ACRONYM:
        last = ahead[-1]
    return last.lower() in FIELDS


def _is_known_by_name(name: Name, new: Sequence[str]) -> bool:
    """Whether all that is new is the first name of somebody whom the question names."""
    return len(new) == 1 < len(name.words)


def _counts(quantity: Quantity, want: Sought, text: str) -> bool:
    """Whether a quantity may tell how many: no year, and no time, place in a row or number of states but where these
    are what is counted: "how many times" is told by "the fifth meeting"."""
    is_time = _is_year(quantity) or _YEAR_OF.search(text[: quantity.end]) or _CLOCK.match(text, quantity.end)
    if quantity.unit or is_time or _NUMBERED.search(text[: quantity.start]):
        return False
    is_asked = quantity.noun in want.asked or (quantity.noun in _STATES and not _STATES.isdisjoint(want.asked))
    return is_asked or not (quantity.noun in _TIMES | _STATES or (quantity.ordinal and want.asked.isdisjoint(_OFTEN)))


def _is_aside(quantity: Quantity, want: Sought) -> bool:
    """Whether a number only says which one, or of a few things that they are two or three: "32nd", "both sides"."""
    is_place = quantity.ordinal and want.asked.isdisjoint(_OFTEN)
    return is_place or (quantity.value in (1, 2, 3) and quantity.noun in _ASIDE - want.asked)


def _is_year(quantity: Quantity) -> bool:
    bare = not (quantity.unit or quantity.noun or quantity.bound)
    return bare and quantity.value in range(1900, 2101)
