"""A question of two clauses becomes two: "When did they speak, and which crossing was opened?"."""

import re
from dataclasses import dataclass, replace
from datetime import date

from index.dates import Window, find_window, outside_words
from index.expansion import names_country
from index.terms import terms
from rag.relative_times import relative

SHORTEST, TELLING = 3, 2
"""Words of a clause that asks something by itself, and how many of them must tell what about where it has no auxiliary
verb: "when did they speak", but not "when" or "at what time"."""

THING = 3
"""Words of a thing with its preposition: "in the boat"."""

WH = (
    r"(?:which|what|who|whom|whose|when|where|why"
    r"|how (?:many|much|long|often|large|big|old|far|fast|high|strong|strongly)"
    r"|how(?= (?:did|do|does|has|have|had|is|are|was|were|will|in|on|for|during|by|at)\b))"
)
AUXILIARY = r"(?:did|does|do|has|have|had|is|are|was|were|will|can|(?-i:may)|^(?-i:May)(?! \d)|might|could|should)"
"""May is a month, but for what begins a question."""

LINKS = "in|to|for|as|by|on|at|from|of|about|with|against|over|after|before|until|under|into"
_CLAUSES = re.compile(
    rf"^(?P<first>.*\b{WH}\b.+?|{AUXILIARY}\b.+?),? and (?P<second>(?:(?:in|at|on|to|for|by|with|from|of"
    rf"|up to|at least|roughly) )?{WH}\b.*"
    rf"|(?:about|since|near|through|during|after|before|until|under|into|over) {WH}\b.*\b{AUXILIARY}\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_NO_NOUN = (
    r"(?:happened|became|came|c[ao]mes?|followed|went|goes|led|leads|caused|made|took|spoke"
    r"|(?:sort|kind|type|form|part|share|number|amount|level)s?(?= of ))"
)
_ELLIPTIC = re.compile(
    rf"^(?P<wh>{WH})(?:(?<!who)(?<!whom)(?<!when)(?<!where)(?<!why) (?!{_NO_NOUN}\b)\w+)?"
    rf" (?P<rest>(?P<prep>{LINKS}) .+)$",
    re.IGNORECASE,
)
"""A clause that takes its verb from the one before: "how much did they promise for Yemen, and how much for Somalia"."""

_AT_ANOTHER = re.compile(rf"^{WH} at (?!home\b)", re.IGNORECASE)
"""At an event that has its own time."""

_BEHIND = re.compile(rf"(?<!\bthat)(?<!\bwho)(?<!\bwhich) {AUXILIARY}\b.*", re.IGNORECASE)
"""The verb of a clause, not of what tells which ones are meant, and what follows it."""

_VERBED = re.compile(rf"^\W*(?:(?:who|whom|when|where|why) \w|what {_NO_NOUN}\b)", re.IGNORECASE)
"""A clause with a verb of its own: "who resigned", "what happened"."""

_ENDS_ASKING = re.compile(rf"\b{WH}\?$", re.IGNORECASE)
_BARE_HOW = re.compile(r"^how (?:in|on|for|during|by|at)\b", re.IGNORECASE)
_ASKS_HOW = re.compile(rf"\bhow {AUXILIARY}\b", re.IGNORECASE)
"""No two clauses: "about why and how was it built?"; a bare "how" needs one before: "how was it, and how in May?"."""

_HOW_MANY = re.compile(rf"\bhow many (?P<noun>(?!{AUXILIARY}\b|(?:{LINKS})\b)[\w’'-]+)", re.IGNORECASE)
_UNTOLD = re.compile(rf"^how many(?= {AUXILIARY}\b)", re.IGNORECASE)
"""Of what is told by the clause before: "how many tents were sent, and how many had been lost?"."""

_ROW = re.compile(
    r"\b(?:first|second|third|fourth)(?P<of> (?:quarter|half|round|session|meeting|phase|stage)(?: of \d{4})?)\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\b(?:the|its|their) (?:first|second|third|fourth|last)\W*$", re.IGNORECASE)
"""One of the row that the clause before tells of: "in the first quarter of 2007, and how fast in the third?"."""

_ON = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|this|that|these|those|there|then|here|one|ones|other"
    r"|others|same|former|latter|(?:him|her|it)self|themselves|the (?:region|country|city|group|deal|day|event)"
    r"|afterwards|later|too|also|else)\b",
    re.IGNORECASE,
)
"""Words by which a clause leans on the one before."""

_OF_A_COUNTRY = rf"[\w’'-]*(?:(?:ans|is)\b|(?:an|ese|ish|i|ch)\b(?: (?!(?:{LINKS}|and|or)\b)[a-z]))"
_NAMED = re.compile(rf"(?<=\s)[A-Z](?!{_OF_A_COUNTRY})(?!(?<=\bthe [A-Z])[\w’'-]*(?:an|ese|ish|i|ch)\b)[\w’'-]+")
"""Names, without what is only of a country: "the Norwegian minister" may be the one of the clause before."""

_AT = "(?:at|in|on|near|off|outside)"
_THING = re.compile(
    rf"^(?:(?!\b(?:the|an?|its|their|his|her) )[^?])*?"
    rf"\b(?P<thing>(?:the|an?|its|their|his|her) (?:(?!(?:{LINKS}|{AUXILIARY}|near|off)\b)[\w’'-]+ ){{1,4}})"
    rf"(?:{_AT} (?:the )?|of )(?-i:[A-Z\d])",
    re.IGNORECASE,
)
_THE_ONE = re.compile(rf"(?<!\bis )(?<!\bwas )\bthe one (?={_AT} (?:the )?(?-i:[A-Z\d]))", re.IGNORECASE)
"""The first thing, at a place or of a day that is named, and another such."""

_PAST = re.compile(r"\b(?:did|was|were|had)\b", re.IGNORECASE)
_PRESENT = re.compile(
    rf"^(?:(?:in|at|on|to|for|by|until|from) )?{WH}\b(?!.*\b(?:it|they|he|she|this|that|these|those|there)\b)"
    r".*?\b(?:does|do|is|are|will)\b",
    re.IGNORECASE,
)
"""A clause about today or later, of something else than a past one, is not of its time."""

_TODAY = re.compile(r"\b(?:now|currently|at present|presently|nowadays|today)\b", re.IGNORECASE)

_AGAINST = re.compile(
    rf"^(?P<first>(?:\w+ )?(?P<wh>{WH})\b[^,]+)"
    r"(?:,? (?:(?:as )?compared (?:to|with)|as against|as opposed to|versus)|, against)"
    rf" (?:the ones?|those|that) (?P<rest>(?:{LINKS}) .+)$",
    re.IGNORECASE | re.DOTALL,
)
_GREW = re.compile(
    r"\b(?:ris(?:e|es|en|ing)|rose|gr[eo]w(?:s|n|ing)?|increas\w+|fall(?:s|en|ing)?|fell|drop(?:s|ped|ping)?|declin\w+"
    r"|decreas\w+|chang\w+|more|less|fewer|higher|lower|larger|bigger|smaller|longer|shorter|better|worse|faster)\b",
    re.IGNORECASE,
)
"""The same asked of another: "how many came to the fair, compared with those in Peru?"; not "how much did it grow"."""

_COUNT = re.compile(r"\b(which|what) (?:two|three)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Subquestion:
    """One of the things asked for, as a question, with its window.

    `leans`: it needs the part before to be read. `sought`: what to search for, the whole question where both clauses
    ask about one thing, or "" for the text itself. `is_one`: a plural of the question's is for both parts together.
    """

    text: str
    window: Window
    leans: bool = False
    sought: str = ""
    is_one: bool = False


def clauses(question: str, window: Window, now: date) -> list[Subquestion]:
    """The two clauses of a question, none where it has one."""
    halves = _halves(question)
    if not halves:
        return []
    first, second = halves
    before, after = find_window(first, now), find_window(second, now)
    if window.parts and len(window.parts) == 2:  # Read together, a month takes the year of its neighbour.
        before, after = window.parts
    if not (after.since or after.until):
        after = relative(second, before) or after
    leans = _leans(first, outside_words(second, after))
    is_today = _TODAY.search(second) or (_PAST.search(first) and _PRESENT.search(second))
    if is_today and not (after.since or after.until):
        # "Where did they meet in May, and when does the fair close?"
        return [Subquestion(first, before), Subquestion(second, after, leans)]
    if not any((before.since, before.until, after.since, after.until)):
        # What was said before gave it, "after that"; but of "who is the new envoy" the clause before asks nothing new.
        before = Window(window.since, window.until) if after.latest and not before.latest else window
    if window.latest and not after.latest:
        before = latest(before)
    is_whole = bool(re.search(rf"\b{AUXILIARY}\b", second, re.IGNORECASE))
    alone = outside_words(second, after)
    if not (is_whole or _ELLIPTIC.match(alone)) and (after.since or after.until) and _is_only_asking(alone):
        # "… in the January survey, and how in the April one", "… by May, and how many by mid-February?"
        same = outside_words(first, before).rstrip(" ?")
        is_amid = before.words in first and not first.rstrip("? ").endswith(before.words)
        other = first.replace(before.words, after.words) if is_amid else f"{same} {after.words}"
        return [Subquestion(first, before), Subquestion(as_question(other), after)]
    if not is_whole and (completed := _completed(first, second)):
        if not (after.since or after.until):
            # "Whom did he see during the UN week in May, and whom at the fair?"
            after = Window(latest=before.latest) if _AT_ANOTHER.match(second) and " at " not in first else before
        return [Subquestion(first, before), Subquestion(completed, after)]
    if not (after.since or after.until):
        together = "" if before.latest or after.latest else question  # The newest call is looked for by itself.
        own = latest(before) if after.latest else before
        return [Subquestion(first, before, sought=together), Subquestion(second, own, leans, sought=together)]
    return [Subquestion(first, before), Subquestion(second, after, leans)]


def _halves(question: str) -> tuple[str, str] | None:
    """The two clauses as questions, the second with the thing of the first that it speaks of; None for one."""
    against = _AGAINST.match(question)
    if against and not _GREW.search(against["first"]):
        question = f"{against['first']}, and {against['wh'].lower()} {against['rest']}"
    match = _CLAUSES.match(question.strip())
    if not match or len(match["first"].split()) < SHORTEST or not _tells(match["first"]):
        return None
    first, second = (as_question(match[name]) for name in ("first", "second"))
    if _ENDS_ASKING.search(first) or (_BARE_HOW.match(second) and not _ASKS_HOW.search(first)):
        return None
    if (row := _ROW.search(first)) and _ORDINAL.search(second):
        second = as_question(second.rstrip("? ") + row["of"])
    second = _named_one(first, second)
    if (counted := _HOW_MANY.search(first)) and _UNTOLD.match(second):
        second = _UNTOLD.sub(f"How many {counted['noun']}", second)
    return first, second


def _leans(first: str, second: str) -> bool:
    """Whether the second clause is not understood alone: it points back, or names nothing that the first does not."""
    named, before = (frozenset(_NAMED.findall(clause)) for clause in (second, first))
    return bool(_ON.search(second)) or named <= before


def _completed(first: str, second: str) -> str:
    """A clause without a verb, put behind what the clause before has up to the same preposition, else to any; or "".

    Up to its verb at least, "how many in the crew were lost in May, and how many in June?", or with what stands behind
    it: "how much of the old court's money was blocked, and how much of the new one's?".
    """
    elliptic = _ELLIPTIC.match(second)
    # "What was in it, and how many tonnes of it?" asks for something else.
    if not elliptic or elliptic["wh"].lower() not in first.lower():
        return ""
    heads = [first[: link.start()] for link in re.finditer(rf" {elliptic['prep']} ", first, re.IGNORECASE)]
    # "In the one off Italy" has become "in the boat off Italy", and stands for "in the boat off Greece".
    same = first.find(f" {' '.join(elliptic['rest'].split()[:THING])} ")
    head, tail = first[:same] if same > 0 else next((head for head in heads if _has_verb(head)), None), ""
    if head is None and heads:
        head = heads[0]
        behind = _BEHIND.search(first[len(head) :].rstrip(" ?")) if elliptic["prep"].lower() == "of" else None
        tail = behind[0] if behind and not re.search(rf" (?:{LINKS}) ", elliptic["rest"]) else ""
    elif head is None:
        anywhere = re.match(rf"(\S+ \S+ .+?) (?:{LINKS}|during|throughout) ", first, re.IGNORECASE)
        head = anywhere and anywhere[1]
    return as_question(f"{head} {elliptic['rest'].rstrip(' ?')}{tail}") if head else ""


def _named_one(first: str, second: str) -> str:
    """The second clause with the thing that it has another one of: "at the fair in Oslo", "at the one in Lima"."""
    found = _THING.match(first)
    # "The Baltic ferry accident", "the one near Lima".
    words = found["thing"].split() if found else []
    thing = " ".join(word for word in words if names_country(word) or not _NAMED.match(f" {word}", 1))
    return _THE_ONE.sub(f"{thing} ", second, count=1) if len(thing.split()) > 1 else second


def _is_only_asking(clause: str) -> bool:
    """Whether a clause asks the same of another time: "how many by mid-May", but not "who resigned two days later"."""
    return len(terms(clause)) < TELLING and not _VERBED.match(clause)


def _has_verb(clause: str) -> bool:
    return bool(re.search(rf"\b{AUXILIARY}\b", clause, re.IGNORECASE)) or len(clause.split()) >= 2 * TELLING


def _tells(clause: str) -> bool:
    return len(terms(clause)) >= TELLING or bool(re.search(rf"\b{AUXILIARY}\b", clause, re.IGNORECASE))


def as_question(text: str) -> str:
    """A text that begins with a capital and ends with a question mark."""
    text = text.strip().rstrip(" ,;?.")
    return f"{text[:1].upper()}{text[1:]}?"


def latest(window: Window) -> Window:
    """The newest in a window."""
    return Window(window.since, window.until, latest=True, words=window.words)


def counted_apart(parts: list[Subquestion]) -> list[Subquestion]:
    """Parts each of which asks for its own: how many were asked for in all is not asked of one."""
    return [replace(part, text=_COUNT.sub(r"\1", part.text)) for part in parts]
