"""A question that asks two things becomes two questions, so that one half can be answered where the other cannot.

Some forms are told apart without a model: two clauses ("When did they speak, and which crossing …?"), two times ("in
March and again in April"), two names ("the inaugurations of Milei and Bukele"), two phrases ("to the summit in Kyiv and
to the swearing-in of the president"), two of a row ("its first and its second meeting") and two events ("the
delegations when Milei and Bukele were sworn in", "did he see the cabinet and then the president"). Whatever is joined
otherwise, "the talks between Biden and Xi" above all, is one question.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from index.dates import Window, find_window, outside_words
from index.periods import Unit, shift
from index.terms import terms
from rag.several import asks_several

MOST = 3
"""Parts at most; a question of more is a list."""

SHORTEST, TELLING = 3, 2
"""Words of a clause that asks something by itself, and how many of them must tell what about where it has no auxiliary
verb: "when did they speak", but not "when" or "at what time"."""

_WH = r"(?:which|what|who|whom|whose|when|where|why|how (?:many|much|long|often|large|big|old))"
_AUXILIARY = r"(?:did|does|do|has|have|had|is|are|was|were|will|can)"
_CLAUSES = re.compile(
    rf"^(?P<first>.*\b{_WH}\b.+?|{_AUXILIARY}\b.+?),? "
    rf"and (?P<second>(?:(?:in|at|on|to|for|by|with|from|of) )?{_WH}\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
_LINKS = "in|to|for|as|by|on|at|from|of|about|with|against"
_ELLIPTIC = re.compile(rf"^{_WH}(?: \w+)? (?P<rest>(?P<prep>{_LINKS}) .+)$", re.IGNORECASE)
"""A clause that takes its verb from the one before: "how much did they promise for Yemen, and how much for Somalia"."""

_BETWEEN = re.compile(
    r"[\s,]*(?:and|or|then|again|also|later|as well as|compared (?:to|with)|versus|of|и|және|мен)?", re.I
)
_IN = re.compile(r"(?:in|on|during|by|from|since|until|before|after) ", re.I)
"""What may stand before the first of several times for all of them: "in March and April"."""

_CONNECTED = re.compile(rf"(?:{_BETWEEN.pattern})*", re.I)
_PREPOSITION = r"(?:of|to|in|for|about|against|from)"
_NAME = r"(?:the )?(?:\d{4} )?(?-i:[A-Z])[\w.’'-]*(?: (?:(?-i:[A-Z])[\w.’'-]*|of|de|al|bin|the))*"
_NAMES = re.compile(
    rf"\b(?P<prep>{_PREPOSITION}) (?P<one>{_NAME}),? and (?P<again>{_PREPOSITION} )?(?P<two>{_NAME})(?=[?.!,]|$| \w)",
    re.IGNORECASE,
)
_PHRASES = re.compile(
    rf"\b(?P<prep>{_PREPOSITION}) (?P<one>(?:the|an?|his|her|its|their|(?-i:[A-Z])[\w.’'-]*) (?:(?!(?P=prep) )\S+ )*?)"
    rf"and (?P=prep) (?P<two>(?:the|an?|his|her|its|their|(?-i:[A-Z])[\w.’'-]*) .+)$",
    re.IGNORECASE,
)
"""Two things behind one preposition said twice: "to the summit in Kyiv and to the swearing-in of the president"."""

_TAIL = re.compile(
    rf"^(?P<first>.*\b{_WH}\b.*), (?:and|or) (?P<prep>{_LINKS}) "
    rf"(?P<two>(?:{_NAME}|(?:the|an?|its|their|his|her) [\w.’'-]+)(?: (?!(?:{_AUXILIARY})\b)[\w.’'-]+){{0,3}})\W*$",
    re.IGNORECASE,
)
"""A name behind a preposition, after all that was asked of another: "how much was it in Norway, and in Peru?"."""

_ORDINALS = re.compile(
    r"\b(?P<det>(?:its|their|the|his|her) )?(?P<one>first|second|third|fourth|opening),? (?:and|then) "
    r"(?P<again>(?:its|their|the|his|her) )?(?P<two>second|third|fourth|fifth|last|closing) (?P<noun>[a-z]+)",
    re.IGNORECASE,
)
"""Two of a row: "its first and its second meeting"."""

_EACH = re.compile(
    r"\b(?:delegations|envoys|ambassadors|ceremonies|inaugurations|funerals|openings|swearings-in|elections)\b", re.I
)
"""Several of these are one for each of the two names that follow."""

_SWORN = re.compile(
    rf"\b(?P<link>when|after|before|as) (?P<one>{_NAME}) and (?P<two>{_NAME}) (?P<verb>were|took|became|won)\b",
    re.IGNORECASE,
)
"""Two who did the same apart: "the delegations when Lund and Berg were sworn in"."""

_MET = "see|meet|visit|receive|phone|call|ring|host|address|brief|tour|greet"
_THEN = re.compile(
    rf"^(?P<head>.*\b(?:did|does|do|will) .*?\b(?:{_MET}) )(?P<one>.+?),? and (?:then|later|afterwards) (?P<two>.+)$",
    re.IGNORECASE,
)
_TWO_ACTORS = re.compile(
    rf"^(?P<head>.*\b(?:did|does|do|will) )(?P<one>{_NAME}) (?P<do>(?-i:[a-z]+)) (?P<whom>{_NAME}) and "
    rf"(?P<two>{_NAME}) (?P<then>(?-i:[a-z]+)) (?:him|her|them|it)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
"""Two who met one: "when did Lund phone Berg and Horvat receive him"."""

_BODY = re.compile(
    r"\b(department|ministry|minister|secretary|office|committee|council|bureau|organi[sz]ation|cent(re|er)|institute"
    r"|fund|bank|association|agency|under-?secretary|commission|faculty|academy)\W*$",
    re.IGNORECASE,
)
"""The ministry of foreign affairs and trade is one."""

_SECOND_HALVES = ("Barbuda", "Herzegovina", "Nevis", "Grenadines", "Príncipe", "Principe", "Tobago", "Caicos", "Futuna")
"""Of countries with two names: Bosnia and Herzegovina."""

_COUNT = re.compile(r"\b(which|what) (?:two|three)\b", re.IGNORECASE)
"""How many are asked for in all; each part asks for its own."""

_MANY = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_LATER = re.compile(
    rf"\b(?P<many>{'|'.join(_MANY)}) (?P<unit>year|month|week)s? (?P<way>later|afterwards|on|earlier|before)\b",
    re.IGNORECASE,
)
"""So long after or before what the first clause asks of."""

_PAST = re.compile(r"\b(?:did|was|were|had)\b", re.IGNORECASE)
_PRESENT = re.compile(
    rf"^(?:(?:in|at|on|to|for|by|until|from) )?{_WH}\b(?!.*\b(?:it|they|he|she|this|that|these|those|there)\b)"
    r".*?\b(?:does|do|is|are|will)\b",
    re.IGNORECASE,
)
"""A clause about today or later, of something else than a past one, is not of its time."""

_PARTNERS = re.compile(r"\b(between|both of|together|each other|jointly|joint)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Subquestion:
    """One of the things asked for, as a question, with its window.

    `leans`: it needs the part before to be read. `sought`: what to search for, the whole question where both clauses
    ask about one thing, or "" for the text itself.
    """

    text: str
    window: Window
    leans: bool = False
    sought: str = ""


def split(question: str, window: Window, now: date) -> list[Subquestion]:
    """The parts of a question, in its order; the question itself alone where it asks one thing."""
    forms = (_clauses(question, window, now), *(form(question, window) for form in _FORMS))
    for parts in forms:
        if 1 < len(parts) <= MOST:
            return [replace(part, text=_COUNT.sub(r"\1", part.text)) for part in parts]
    return [Subquestion(question, window)]


def _clauses(question: str, window: Window, now: date) -> list[Subquestion]:
    match = _CLAUSES.match(question.strip())
    if not match or len(match["first"].split()) < SHORTEST or not _tells(match["first"]):
        return []
    first, second = (_asked(match[name]) for name in ("first", "second"))
    before, after = find_window(first, now), find_window(second, now)
    if window.parts and len(window.parts) == 2:  # Read together, a month takes the year of its neighbour.
        before, after = window.parts
    if not (after.since or after.until):
        after = _shifted(before, second) or after
    if _PAST.search(first) and _PRESENT.search(second) and not (after.since or after.until):
        # "Where did they meet in May, and when does the fair close?"
        return [Subquestion(first, before), Subquestion(second, after, leans=True)]
    if not any((before.since, before.until, after.since, after.until)):
        before = window  # What was said before gave it: "after that".
    if window.latest:
        before = _latest(before)
    is_whole = bool(re.search(rf"\b{_AUXILIARY}\b", second, re.IGNORECASE))
    alone = outside_words(second, after)
    if not (is_whole or _ELLIPTIC.match(alone)) and (after.since or after.until) and len(terms(alone)) < TELLING:
        same = outside_words(first, before).rstrip(" ?")  # "… and how many by mid-February?"
        return [Subquestion(first, before), Subquestion(_asked(f"{same} {after.words}"), after)]
    if not is_whole and (completed := _completed(first, second)):
        return [Subquestion(first, before), Subquestion(completed, after if after.since or after.until else before)]
    if not (after.since or after.until):
        together = "" if before.latest else question  # The newest call is looked for by itself.
        return [Subquestion(first, before, sought=together), Subquestion(second, before, leans=True, sought=together)]
    return [Subquestion(first, before), Subquestion(second, after, leans=True)]


def _shifted(window: Window, clause: str) -> Window | None:
    """The window as much later or earlier as a clause says of it, "a year later"; None where it says nothing."""
    match = _LATER.search(clause)
    if not match or not window.since or not window.until:
        return None
    is_later = match["way"].lower() in ("later", "afterwards", "on")
    unit, many = Unit[match["unit"].upper()], _MANY[match["many"].lower()] * (1 if is_later else -1)
    return Window(shift(window.since, unit, many), shift(window.until, unit, many), words=match[0])


def _completed(first: str, second: str) -> str:
    """A clause without a verb, put behind what the clause before has up to the same preposition, else to any; or ""."""
    elliptic = _ELLIPTIC.match(second)
    head = elliptic and (
        re.match(rf"(.+?) {elliptic['prep']} ", first, re.IGNORECASE)
        or re.match(rf"(\S+ \S+ .+?) (?:{_LINKS}) ", first, re.IGNORECASE)
    )
    return _asked(f"{head[1]} {elliptic['rest']}") if elliptic and head else ""


def _tells(clause: str) -> bool:
    return len(terms(clause)) >= TELLING or bool(re.search(rf"\b{_AUXILIARY}\b", clause, re.IGNORECASE))


def _times(question: str, window: Window) -> list[Subquestion]:
    spans = _spans(question, window.parts)
    if len(spans) < 2 or not all(_CONNECTED.fullmatch(question[a[1] : b[0]]) for a, b in pairwise(spans)):
        return []
    start, end = spans[0][0], spans[-1][1]
    lead = _IN.match(window.parts[0].words)
    said = [part.words if _IN.match(part.words) or not lead else lead[0] + part.words for part in window.parts]
    return [
        Subquestion(question[:start] + words + question[end:], part if not window.latest else _latest(part))
        for words, part in zip(said, window.parts, strict=True)
    ]


def _spans(question: str, parts: tuple[Window, ...]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for part in parts:
        start = question.find(part.words, found[-1][1] if found else 0)
        if start < 0:
            return []
        found.append((start, start + len(part.words)))
    return found


def _names(question: str, window: Window) -> list[Subquestion]:
    match = _NAMES.search(question)
    if not match or _PARTNERS.search(question):
        return []
    if not (match["again"] or asks_several(question) or _EACH.search(question[: match.start()])):
        return []
    if match["again"] and match["again"].lower().split() != match["prep"].lower().split():
        return []  # "The summit in Kyiv and to the swearing-in": the second name is joined to something before.
    is_body = _BODY.search(question[: match.start()])
    if not match["again"] and (is_body or match["two"].removeprefix("the ").startswith(_SECOND_HALVES)):
        return []
    start, end = match.start("one"), match.end("two")
    return [Subquestion(question[:start] + match[name] + question[end:], window) for name in ("one", "two")]


def _phrases(question: str, window: Window) -> list[Subquestion]:
    match = _PHRASES.search(question)
    if not match or _PARTNERS.search(question) or not re.search(rf"\b{_WH}\b", question[: match.start()], re.I):
        return []
    start = question[: match.start("one")]
    return [Subquestion(_asked(start + match[name]), window, sought=question) for name in ("one", "two")]


def _tail(question: str, window: Window) -> list[Subquestion]:
    match = _TAIL.match(question)
    before = match and re.search(rf"\b{match['prep']} (?P<one>{_NAME})", match["first"], re.IGNORECASE)
    if not match or not before or _PARTNERS.search(question):
        return []
    first, (start, end) = match["first"], before.span("one")
    return [Subquestion(_asked(text), window) for text in (first, first[:start] + match["two"] + first[end:])]


def _ordinals(question: str, window: Window) -> list[Subquestion]:
    match = _ORDINALS.search(question)
    if not match or not (match["again"] or asks_several(question)):
        return []
    before, after = question[: match.start()], question[match.end() :]
    noun = match["noun"].removesuffix("s")
    return [
        Subquestion(f"{before}{match['det'] or ''}{match[place]} {noun}{after}", window) for place in ("one", "two")
    ]


def _events(question: str, window: Window) -> list[Subquestion]:
    """Two who did the same apart, two who were met one after the other, and two who met one."""
    texts: list[str] = []
    if (match := _SWORN.search(question)) and _EACH.search(question[: match.start()]):
        verb = "was" if match["verb"].lower() == "were" else match["verb"]
        before, after = question[: match.start()], question[match.end() :]
        texts = [f"{before}{match['link']} {match[name]} {verb}{after}" for name in ("one", "two")]
    elif (match := _THEN.match(question)) and not _PARTNERS.search(question):
        texts = [match["head"] + match[name] for name in ("one", "two")]
    elif match := _TWO_ACTORS.match(question):
        acts = (("one", "do"), ("two", "then"))
        texts = [f"{match['head']}{match[who]} {match[act]} {match['whom']}{match['rest']}" for who, act in acts]
    return [Subquestion(_asked(text), window) for text in texts]


_FORMS = (_times, _tail, _names, _phrases, _ordinals, _events)


def _asked(text: str) -> str:
    text = text.strip().rstrip(" ,;?.")
    return f"{text[:1].upper()}{text[1:]}?"


def _latest(window: Window) -> Window:
    return Window(window.since, window.until, latest=True, words=window.words)
