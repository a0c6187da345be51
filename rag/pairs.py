"""Two whom one thing is asked of, each by itself: "what did A and B each promise?", "who gave more, A or B?"."""

import re
from collections.abc import Sequence

from index.dates import Window
from rag.answer_nouns import KINDS, Kind
from rag.clauses import Subquestion
from rag.question_words import AUXILIARY, LINKS, WH
from rag.several import asks_several

_NAME_WORD = r"(?-i:[A-Z])(?:[\w’'-]|(?<!\w{4})\.)*"
"""A dot ends a sentence behind more than a title or an initial."""

NAME = rf"(?:the )?(?:\d{{4}} )?{_NAME_WORD}(?: (?:{_NAME_WORD}|of|de|al|bin|the))*"
"""A name of one word or more, or what begins with a year."""

_SOMEBODY = rf"{NAME}(?: (?:at|in|for|from) {NAME})?"
_EACH = r"(?:each (?!(?:year|month|week|day|other|of)\b)|respectively )"
_SUBJECTS = re.compile(
    rf"^(?P<head>.*\b{WH}\b.*?\b{AUXILIARY} )(?P<one>{_SOMEBODY}) and (?P<two>{_SOMEBODY}) (?P<each>{_EACH})?"
    r"(?P<rest>(?-i:[a-z]).*)$",
    re.IGNORECASE,
)
_APART = re.compile(
    r"(?:w[io]n|teach|taught|t[ao]ke? over|took over|succeed|replac|serv|stud(?:y|ied)|work|lead|led|head|represent|"
    r"get|got|gain|earn|come from|grow up|born|aged)",
    re.IGNORECASE,
)
"""What one does alone; whatever else two persons do in a release they mostly do together, "which papers did A and B
exchange?"."""

_OLD = re.compile(r"\bhow old\b", re.IGNORECASE)

FULL_NAME = 2
"""Words of a person's name at least; with fewer it may be a country's, and countries act together."""

_ALTERNATIVES = re.compile(
    r"^(?P<head>[^?]{,200}?\b(?:more|bigger|larger|higher|greater|fewer|less|smaller|longer|wider|lower)\b"
    rf"(?! {AUXILIARY}\b)[^?]{{,200}}?)"
    r"(?P<mark>: |, | (?P<to>to) )(?P<one>(?:(?! or )[^?]){1,150}),? or (?(to)to )(?P<two>(?:(?! or )[^?]){1,150}?)"
    r"(?P<rest> (?:each|a|per) year)?\?(?P<tail>.*)$",
    re.IGNORECASE | re.DOTALL,
)
"""What is more of one than of another, and what is said after it. Bounded, so that no text takes long to read."""

_NO_PAIR = re.compile(
    r"\.|, |\bmore (?:about|than)\b|\bknow more\b|\b(?:Lower|Greater|Higher) [A-Z]|\b(?:lower|upper) house\b"
)
"""More than a comparison, or none."""

_FURTHER = re.compile(rf"\band {WH}\b|\b{AUXILIARY}\b|^(?:no|not|less|how|when|why|in|at|on|by)\b", re.IGNORECASE)
"""A clause of its own behind the second: "Norway or Peru, and what are the sums?"."""

_NOT_ONE = re.compile(rf",|\b{AUXILIARY}\b|^the \d{{4}}$", re.IGNORECASE)
"""No first of two: one of a row, a clause of its own, or a year that lacks what the second has with it."""

_WHICH = re.compile(r"\b(?:which|who|what)\b", re.IGNORECASE)
"""Behind a comma the two stand for its answer; "more troops to Poland, Latvia or Lithuania" is a row."""

ONE = re.compile(rf"^(?:the ones?|that|those) (?P<prep>{LINKS}) ", re.IGNORECASE)

_BOTH = re.compile(
    r"\bboth (?P<noun>(?:figure|sum|number|total|amount|attendance|count|share|date)s)\b|\b(?P<each>each)\b",
    re.IGNORECASE,
)
"""What is asked of both, and of one alone."""

PARTNERS = re.compile(r"\b(between|both of|together|each other|jointly|joint)\b", re.IGNORECASE)
"""Words of what is done together."""

_ALIKE = re.compile(
    r"\b(?P<det>the|an?) (?P<one>(?-i:[A-Z])[\w.’'-]+)(?: (?P<own>(?!and\b)(?-i:[a-z])[\w’'-]+))? "
    r"and (?P<again>the|an?) (?P<two>(?-i:[A-Z])[\w.’'-]+) (?P<noun>(?-i:[a-z])[\w’'-]+)",
    re.IGNORECASE,
)
"""Two of one kind: "the Oslo and the Lima office", "a Norwegian king and a Peruvian president"."""

_ADJECTIVES = rf"(?:(?!(?:{LINKS}|and|or|the|an?) )[\w’'-]+ ){{1,2}}"
_SAME_NOUN = re.compile(
    rf"(?<!\w)(?P<before>[\w’'-]+) (?P<det>the|an?) (?P<one>{_ADJECTIVES})(?P<noun>(?-i:[a-z])[\w’'-]{{2,}}),? and "
    rf"(?P<again>the|an?) (?P<two>{_ADJECTIVES})(?P=noun)\b",
    re.IGNORECASE,
)
"""Two that have the same noun, which is said twice: "who drew the Nordic coin and the Baltic coin?"."""

_TOGETHER = re.compile(rf"(?:{AUXILIARY}|by|links?|joins?|connects?|separates?|compares?)", re.IGNORECASE)
"""What makes one of the two behind it."""

_EVENTS = re.compile(
    r"\b(?P<det>the) (?P<one>(?-i:[A-Z])[\w.’'-]+) and (?P<two>(?-i:[A-Z])[\w.’'-]+) "
    r"(?P<noun>(?:games|fairs|summits|conferences|festivals|exhibitions|congresses|expos|olympics))\b",
    re.IGNORECASE,
)
"""Two events, each with the name of its town: "the Oslo and Lima fairs"."""

_WHICH_TWO = re.compile(
    r"^(?P<which>(?:(?:In|On|At|To|From|With|For|Of|By) )?(?:[Ww]hich|[Ww]hat)) (?P<one>[A-Z][\w’'-]+),? and "
    r"(?:which|what) (?P<two>[A-Z][\w’'-]+) (?P<rest>[a-z].*)$",
    re.DOTALL,
)
"""Two peoples behind a "which" each: "which Danish and which Greek officials"."""

_HOW_MANY_TWO = re.compile(
    r"^(?P<which>(?:[^?]{0,80}[:.] )?[Hh]ow many) (?P<one>[\w’'-]+(?: [\w’'-]+)?),? and how many "
    rf"(?P<two>[\w’'-]+) (?P<rest>(?!{LINKS}\b)[a-z].*)$",
    re.DOTALL,
)
"""Two that are counted: "how many Danes and how many Greeks live there"."""

_LAST = re.compile(
    r" (?:last|first|previously|most recently|ever) (?:been(?! in the same\b)|come|came|go|went|gone|visit|visited"
    r"|travel|travelled|pay|paid|call|called)\b(?![^?]*\btogether\b)",
    re.IGNORECASE,
)
"""What one does alone: two who last met did it together."""


def subjects(question: str, window: Window) -> list[Subquestion]:
    """Of two the same is asked, and each did it alone: "on which councils do Nils Lund and Eva Berg sit?"."""
    match = _SUBJECTS.match(question)
    if not match:
        return []
    are_people = all(len(match[name].split()) >= FULL_NAME for name in ("one", "two"))
    is_apart = _OLD.search(question) or (asks_several(question) and _APART.match(match["rest"]))
    if not match["each"] and not (are_people and is_apart):
        return []
    return [Subquestion(match["head"] + match[name] + f" {match['rest']}", window) for name in ("one", "two")]


def whiches(question: str, window: Window) -> list[Subquestion]:
    """Of two peoples the same is asked: "which Danish and which Greek officials did he meet?"; or two are counted."""
    match = _WHICH_TWO.match(question) or (not window.latest and _HOW_MANY_TWO.match(question))
    if not match or PARTNERS.search(question.replace("of each other", "")):
        return []
    return [Subquestion(f"{match['which']} {match[name]} {match['rest']}", window) for name in ("one", "two")]


def alternatives(question: str, window: Window) -> list[Subquestion]:
    """Two that are compared: "who gave more, Norway or Peru? Give both sums."."""
    match = _ALTERNATIVES.match(question)
    if not match or _NO_PAIR.search(match["head"]) or _NOT_ONE.search(match["one"]) or _FURTHER.search(match["two"]):
        return []
    if match["mark"] == ", " and not _WHICH.search(match["head"]):
        return []
    tail = _BOTH.sub(_of_one, match["tail"])
    head, rest = match["head"] + match["mark"], match["rest"] or ""
    # A time that is told of the first alone is not the second's.
    is_first = bool(window.words) and window.words in match["one"]
    windows = window, Window(latest=window.latest) if is_first else window
    texts = (f"{head}{match[name]}{rest}?{tail}" for name in ("one", "two"))
    return [Subquestion(text, own) for text, own in zip(texts, windows, strict=True)]


def alike(question: str, window: Window) -> list[Subquestion]:
    """Of two of one kind the same is asked: "which days do the Oslo and the Lima office open?"."""
    if PARTNERS.search(question):
        return []
    if events := _EVENTS.search(question):
        noun = events["noun"] if events["noun"].lower() in ("games", "olympics") else events["noun"].removesuffix("s")
        things = tuple(f"{events['det']} {events[name]} {noun}" for name in ("one", "two"))
        return _each(question, events, things, window)
    if same := _same_noun(question):
        things = (f"{same['det']} {same['one']}{same['noun']}", f"{same['again']} {same['two']}{same['noun']}")
        return _each(question, same, tuple(f"{same['before']} {thing}" for thing in things), window)
    match = _ALIKE.search(question)
    if not match:
        return []
    if not _LAST.match(question[match.end() :]) and (
        match["own"] or not re.search(r"\b(?:which|what) \w+s\b", question, re.IGNORECASE)
    ):
        return []
    first = f"{match['det']} {match['one']} {match['own'] or match['noun']}"
    return _each(question, match, (first, f"{match['again']} {match['two']} {match['noun']}"), window)


def _same_noun(question: str) -> re.Match[str] | None:
    """Two things with the same noun; not persons, who act together."""
    match = _SAME_NOUN.search(question)
    is_joint = match and (_TOGETHER.fullmatch(match["before"]) or KINDS.get(match["noun"].lower()) is Kind.PERSON)
    return None if is_joint else match


def _each(question: str, match: re.Match[str], things: Sequence[str], window: Window) -> list[Subquestion]:
    """The question with each of the things in place of what was matched."""
    before, after = question[: match.start()], question[match.end() :]
    return [Subquestion(f"{before}{thing}{after}", window) for thing in things]


def like(one: str, two: str) -> str:
    """The second of two with the noun of the first, where it has another word for it: "the fair in Oslo" and "the one
    in Lima"."""
    stands = ONE.match(two)
    noun = stands and re.match(rf".+? (?={stands['prep']} )", one, re.IGNORECASE)
    if not stands or not noun:
        return two
    # "Of the Norwegian king and that of Peru's": of Peru's king; but "of Norway and that of Peru's": of Peru.
    last = one.split()[-1]
    owned = rf"\g<0> {last}" if last.islower() else ""
    return noun[0] + re.sub(r"['’]s(?=\W*$)", owned, two[stands.start("prep") :])


def _of_one(match: re.Match[str]) -> str:
    return f"the {match['noun'][:-1]}" if match["noun"] else "it"
