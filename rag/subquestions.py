"""A question that asks two things becomes two questions, so that one half can be answered where the other cannot.

Some forms are told apart without a model: two clauses ("When did they speak, and which crossing …?"), two times ("in
March and again in April"), two names ("the inaugurations of Milei and Bukele"), two phrases ("to the summit in Kyiv and
to the swearing-in of the president"), two of a row ("its first and its second meeting") and two events ("the
delegations when Milei and Bukele were sworn in", "did he see the cabinet and then the president"). Whatever is joined
otherwise, "the talks between Biden and Xi" above all, is one question.
"""

import re
from dataclasses import replace
from datetime import date
from functools import partial

from index.dates import Window, find_window
from rag.answer_nouns import Kind, plurals
from rag.clauses import Subquestion, clauses, counted_apart, latest
from rag.pairs import NAME, PARTNERS, alike, alternatives, like, subjects, whiches
from rag.question_words import AUXILIARY, LINKS, WH
from rag.rows import as_question
from rag.several import asks_several
from rag.timed_parts import DETERMINED, timed, times

MOST = 3
"""Parts at most; a question of more is a list."""

_PREPOSITION = r"(?:of|to|in|for|about|against|from)"
_REPEATED = r"(?:on|over|with|at|by|under|after|before|into)"
"""Prepositions behind which two names are two questions only where they are said twice."""

_BACKGROUND = re.compile(r"\b(?:when|while|(?:as|after|before|since) (?:he|she|it|they)) [^,?]*$", re.IGNORECASE)
"""A clause that only tells when: "when he set off for Europe and the Middle East"."""

_NO_DETERMINER = r"(?:(?!(?:the|an?|his|her|its|their) )(?-i:[a-z]+) )"
_NAMES = re.compile(
    rf"\b(?P<prep>{_PREPOSITION}|{_REPEATED}) (?:the (?:[\w-]+ ){{0,2}}?(?:{'|'.join(plurals(Kind.PERSON))}) )?"
    rf"(?P<kind>{_NO_DETERMINER})?(?P<one>{NAME}),? and (?:then |later )?(?P<again>(?:{_PREPOSITION}|{_REPEATED}) )?"
    rf"(?P<two>{NAME})(?! and )(?=[?.!,]|$| \w)",
    re.IGNORECASE,
)
_PHRASES = re.compile(
    rf"\b(?P<prep>{_PREPOSITION}|{_REPEATED}) (?P<one>{DETERMINED} (?:(?!(?P=prep) )\S+ )*?)"
    rf"and (?P=prep) (?P<two>(?:{DETERMINED}|that|those) .+)$",
    re.IGNORECASE,
)
"""Two things behind one preposition said twice: "to the summit in Kyiv and to the swearing-in of the president"."""

_TAIL = re.compile(
    rf"^(?P<first>.*\b{WH}\b.*), (?:and|or) (?P<prep>{LINKS}) "
    rf"(?P<two>(?:{NAME}|(?:the|an?|its|their|his|her) [\w.’'-]+)(?: (?!(?:{AUXILIARY})\b)[\w.’'-]+){{0,3}})\W*$",
    re.IGNORECASE,
)
"""A name behind a preposition, after all that was asked of another: "how much was it in Norway, and in Peru?"."""

_REST = re.compile(
    rf"^(?P<first>.*\b{WH}\b.*\b{AUXILIARY}\b.*), and (?P<prep>{LINKS}) (?P<two>(?!{WH}\b)\S+ \S.*)$", re.IGNORECASE
)
"""A phrase behind a preposition said before: "draw on the navy's stocks for Norway, and on army stocks for Peru"."""

_TWO_OF = re.compile(
    r"\b(?P<which>which|what) two (?P<asked>.+?)(?:\s[–—-]|[:;,])\s+one (?P<one>.+?),? "
    r"(?:(?:and )?the other|and one) (?P<two>.+)$",
    re.IGNORECASE | re.DOTALL,
)
"""Two told apart: "which two ports were closed: one in May, the other in June?", "… one in May and one in June?"."""

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
    rf"\b(?P<link>when|after|before|as) (?P<one>{NAME}) and (?P<two>{NAME}) (?P<verb>were|took|became|won)\b",
    re.IGNORECASE,
)
"""Two who did the same apart: "the delegations when Lund and Berg were sworn in"."""

_SEEN = re.compile(
    rf"\b(?:see|watch) (?P<one>{NAME}) and (?P<two>{NAME}) (?:sworn in|inaugurated|crowned|buried|installed)\b",
    re.IGNORECASE,
)
"""The same as others see it: "the delegations sent to see Lund and Berg sworn in"."""

_MET = "see|meet|visit|receive|phone|call|ring|host|address|brief|tour|greet"
_THEN = re.compile(
    rf"^(?P<head>.*\b(?:did|does|do|will) .*?\b(?:{_MET}) )(?P<one>.+?),? and (?:then|later|afterwards) (?P<two>.+)$",
    re.IGNORECASE,
)
_TWO_ACTORS = re.compile(
    rf"^(?P<head>.*\b(?:did|does|do|will) )(?P<one>{NAME}) (?P<do>(?-i:[a-z]+)) (?P<whom>{NAME}) and "
    rf"(?P<two>{NAME}) (?P<then>(?-i:[a-z]+)) (?:him|her|them|it)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
"""Two who met one: "when did Lund phone Berg and Horvat receive him"."""

_BODY = re.compile(
    r"\b(department|ministry|minister|secretary|office|committee|council|bureau|organi[sz]ation|cent(re|er)|institute"
    r"|fund|bank|association|agency|under-?secretary|commission|faculty|academy)\W*$",
    re.IGNORECASE,
)
"""The ministry of foreign affairs and trade is one."""

_BUT = re.compile(r"\b(?:apart|aside|other than|except|besides|different)\W*$", re.IGNORECASE)
"""What is left out is left out of one: "apart from Chile and Norway"."""

_SECOND_HALVES = ("Barbuda", "Herzegovina", "Nevis", "Grenadines", "Príncipe", "Principe", "Tobago", "Caicos", "Futuna")
"""Of countries with two names: Bosnia and Herzegovina."""

_TO_YEAR = r"[^?:.,]{1,60}\b(?:19|20)\d\d"
_UNDER_HEADING = re.compile(
    rf"^(?P<head>[^?:.]{{3,80}}: )(?P<one>{NAME}{_TO_YEAR}),? and (?P<two>{NAME}{_TO_YEAR})[\s.?]*$", re.IGNORECASE
)
"""Two names under one heading, each with its year: "Aid: Norway for 2017, and Peru up to 2020?"."""

_PERSON = r"(?-i:[A-Z])[\w’'-]+(?: (?-i:[A-Z])[\w’'-]+){0,3}"
_BRACKETED = re.compile(
    rf"^(?P<before>[^?()]{{0,200}}\b{AUXILIARY} )(?P<one>{_PERSON}) \((?P<then>(?:19|20)\d\d)\) and (?P<two>{_PERSON}) "
    r"\((?P<again>(?:19|20)\d\d)\)(?P<after> (?!differ|compare|meet|met|agree|both)(?-i:[a-z])[^?(]*\?)$",
    re.IGNORECASE,
)
"""Two who did the same, each in a year: "where did Lund (2018) and Berg (2019) speak?"."""

_JOINING = re.compile(
    r"^\W*(?:please )?compare (?=(?:what|how|which|who|when|where)\b)"
    r"| each(?= (?:worth|cost)\b)| respectively\b(?=[ ?])| in each case(?=\W*$)",
    re.IGNORECASE,
)
_EACH_DID = re.compile(rf"\b({AUXILIARY}) each (?=\w+\?*$)", re.IGNORECASE)
"""What asks of two things together: "compare what …", "how much were they each worth", "how much did each allow"."""


def split(question: str, window: Window, now: date) -> list[Subquestion]:
    """The parts of a question, in its order; the question itself alone where it asks one thing."""
    for form in (whiches, partial(clauses, now=now), partial(_noted, now=now), *_FORMS):
        parts = form(question, window)
        if 1 < len(parts) <= MOST:
            is_one = form in _OF_ONE
            return [_settled(part, window, is_one) for part in counted_apart(parts)]
    return [Subquestion(question, window)]


def _settled(part: Subquestion, whole: Window, is_one: bool) -> Subquestion:
    """A part without what only joined it to the other, in its own time where its words hold one of several."""
    text = _EACH_DID.sub(r"\1 it ", part.text)
    text = as_question(_JOINING.sub("", text)) if _JOINING.search(text) else text
    own = [each for each in whole.parts if each.words in text]
    if not part.window.parts or len(own) != 1:
        return replace(part, text=text, is_one=is_one)
    return replace(part, text=text, window=latest(own[0]) if whole.latest else own[0], is_one=is_one)


def _noted(question: str, window: Window, now: date) -> list[Subquestion]:
    """Two as a note has them: under one heading, or each with its year in brackets."""
    texts: list[str] = []
    if PARTNERS.search(question):
        return []
    if match := _BRACKETED.match(question):
        years = (("one", "then"), ("two", "again"))
        texts = [f"{match['before']}{match[name]} in {match[year]}{match['after']}" for name, year in years]
    elif (match := _UNDER_HEADING.match(question)) and not re.search(rf"\b(?:{WH}|{AUXILIARY})\b", question, re.I):
        texts = [f"{match['head']}{match[name]}?" for name in ("one", "two")]
    told = [find_window(text, now) for text in texts]
    return [Subquestion(text, own if own.since or own.until else window) for text, own in zip(texts, told, strict=True)]


def _two_of(question: str, window: Window) -> list[Subquestion]:
    match = _TWO_OF.search(question)
    if not match:
        return []
    windows = window.parts if len(window.parts) == len(("one", "two")) else (window, window)
    asked = f"{question[: match.start()]}{match['which']} {match['asked']}"
    return [
        Subquestion(as_question(f"{asked} {match[name]}"), part)
        for name, part in zip(("one", "two"), windows, strict=True)
    ]


def _rest(question: str, window: Window) -> list[Subquestion]:
    match = _REST.match(question)
    said = match and list(re.finditer(rf"\b{AUXILIARY}\b.*(?= {match['prep']} )", match["first"], re.IGNORECASE))
    if not match or not said or PARTNERS.search(question) or window.parts:
        return []
    other = f"{match['first'][: said[0].end()]} {match['prep']} {match['two']}"
    return [Subquestion(as_question(text), window) for text in (match["first"], other)]


def _names(question: str, window: Window) -> list[Subquestion]:
    match = _NAMES.search(question)
    if not match or PARTNERS.search(question):
        return []
    before = question[: match.start()]
    is_each = re.fullmatch(_PREPOSITION, match["prep"], re.I) and (asks_several(question) or _EACH.search(before))
    if match["kind"] and not match["again"]:
        return []  # "On typhoon Lund and later on Berg".
    if not (match["again"] or is_each) or (_BACKGROUND.search(before) and not match["again"]):
        return []
    if not match["again"] and match["two"].endswith(("'s", "’s")):
        return []  # "The plan of Spain and Turkey's" is one.
    if match["again"] and match["again"].lower().split() != match["prep"].lower().split():
        return []  # "The summit in Kyiv and to the swearing-in": the second name is joined to something before.
    is_body = _BODY.search(before) or _BUT.search(before)
    if not match["again"] and (is_body or match["two"].removeprefix("the ").startswith(_SECOND_HALVES)):
        return []
    start, end = match.start("one"), match.end("two")
    return [Subquestion(question[:start] + match[name] + question[end:], window) for name in ("one", "two")]


def _phrases(question: str, window: Window) -> list[Subquestion]:
    match = _PHRASES.search(question)
    if not match or PARTNERS.search(question) or not re.search(rf"\b{WH}\b", question[: match.start()], re.I):
        return []
    start = question[: match.start("one")]
    both = match["one"], like(match["one"], match["two"])
    return [Subquestion(as_question(start + thing), window, sought=question) for thing in both]


def _tail(question: str, window: Window) -> list[Subquestion]:
    match = _TAIL.match(question)
    before = match and re.search(rf"\b{match['prep']} (?P<one>{NAME})", match["first"], re.IGNORECASE)
    if not match or not before or PARTNERS.search(question):
        return []
    first, (start, end) = match["first"], before.span("one")
    return [Subquestion(as_question(text), window) for text in (first, first[:start] + match["two"] + first[end:])]


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
    elif match := _SEEN.search(question):
        texts = [question[: match.start("one")] + match[name] + question[match.end("two") :] for name in ("one", "two")]
    elif (match := _THEN.match(question)) and not PARTNERS.search(question):
        texts = [match["head"] + match[name] for name in ("one", "two")]
    elif match := _TWO_ACTORS.match(question):
        acts = (("one", "do"), ("two", "then"))
        texts = [f"{match['head']}{match[who]} {match[act]} {match['whom']}{match['rest']}" for who, act in acts]
    return [Subquestion(as_question(text), window) for text in texts]


_OF_ONE = (alternatives, subjects)
"""Forms whose parts ask for one thing each. Each of two months may have many: "whom did he see in May and in June"."""

_FORMS = (alternatives, times, timed, _two_of, _tail, _names, _phrases, _rest, _ordinals, alike, _events, subjects)
