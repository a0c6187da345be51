"""A question of several times becomes one for each: "in May and again in June", "to Oslo in May and Lima in June"."""

import re
from itertools import pairwise

from index.dates import Window
from rag.clauses import Subquestion, latest
from rag.pairs import NAME, ONE, PARTNERS
from rag.question_words import AUXILIARY, LINKS, core
from rag.rows import as_question

DETERMINED = r"(?:the|an?|his|her|its|their|(?-i:[A-Z])[\w.’'-]*)"
"""What a thing that is named or told begins with."""

_CONNECTED = re.compile(
    r"(?:[\s,]|and|or|than|then|again|also|later|as well as|compared (?:to|with)|versus|vs\.?|against|as opposed to|of"
    r"|и|және|мен)*+",
    re.IGNORECASE,
)
"""What may stand between two times. Possessive: a long run of spaces is read once, not in every way it can be cut."""

_IN = re.compile(r"(?:in|on|over|during|throughout|across|by|from|since|until|before|after) ", re.I)
"""What may stand before the first of several times for all of them: "in March and April"."""

_JOINED = re.compile(rf"(?P<close>\)?),? and (?:(?P<prep>{LINKS}) )?(?P<two>\S.*?) ?\(?", re.IGNORECASE)
"""What may stand between two times, with a name for the second: "in May and with Berg in June"."""

_PHRASE = re.compile(rf"\b(?:{LINKS}) {DETERMINED} (?:(?!(?:{LINKS}|{AUXILIARY}|and|or)\b)[\w.’'-]+ )*$", re.IGNORECASE)
"""At the end: "worked for the fund in 2013 and as head of the office in 2014"."""

_THING = re.compile(
    rf"\b(?:the|an?|its|their|his|her) (?:(?!(?:{LINKS}|{AUXILIARY}|and|or|the|an?|its)\b)[\w.’'-]+ ){{1,5}}$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(rf"\b{AUXILIARY} $", re.IGNORECASE)
"""Behind it stands who acts: "did the king say"."""

_OPEN_END = re.compile(rf"\b(?:{LINKS})$", re.IGNORECASE)
"""No name: "in the last quarter of 2023 and in the first of 2024" asks of two times."""


def times(question: str, window: Window) -> list[Subquestion]:
    """The same asked of several times that stand together."""
    spans = _spans(question, window.parts)
    told = question.removesuffix(core(question)).rstrip()
    if spans and spans[-1][1] <= len(told) and told.endswith((".", "!")):
        return []  # "The rates fell in May and June. What does the bank say?"
    gaps = [question[a[1] : b[0]] for a, b in pairwise(spans)]
    # "A year ago this month" is one time.
    if not gaps or not all(gap.strip() and _CONNECTED.fullmatch(gap) for gap in gaps):
        return []
    start, end = spans[0][0], spans[-1][1]
    lead = _IN.match(window.parts[0].words)
    said = [part.words if _IN.match(part.words) or not lead else lead[0] + part.words for part in window.parts]
    return [
        Subquestion(question[:start] + words + question[end:], part if not window.latest else latest(part))
        for words, part in zip(said, window.parts, strict=True)
    ]


def timed(question: str, window: Window) -> list[Subquestion]:
    """Two names each with its own time: "with Lund in May and with Berg in June", "to Oslo in May and Lima in June"."""
    spans = _spans(question, window.parts)
    if len(spans) != len(("one", "two")) or PARTNERS.search(question):
        return []
    (start, end), (again, stop) = spans
    joined = _JOINED.fullmatch(question[end:again])
    replaced = joined and not _OPEN_END.search(joined["two"]) and _replaced(question[:start], joined)
    if not joined or not replaced:
        return []
    rest = question[stop:].removeprefix(joined["close"])
    texts = question[:end] + joined["close"] + rest, replaced + question[again:]
    return [Subquestion(as_question(text), part) for text, part in zip(texts, window.parts, strict=True)]


def _replaced(before: str, joined: re.Match[str]) -> str:
    """What stands before the first time, with what is joined to it in place of its last name, phrase or thing."""
    preposition, two = joined["prep"], joined["two"]
    is_name, is_thing = re.fullmatch(NAME, two, re.IGNORECASE), _THING.fullmatch(f"{two} ")
    named = list(re.finditer(rf"\b(?:{preposition or LINKS}) (?P<one>{NAME})", before, re.IGNORECASE))
    if named and (preposition or (is_name and not before[named[-1].end() :].strip(" ("))):
        return before[: named[-1].start("one")] + two + before[named[-1].end("one") :]
    if preposition and not ONE.match(two) and (phrase := _PHRASE.search(before)):
        return f"{before[: phrase.start()]}{preposition} {two} "
    thing = _THING.search(before) if is_thing else None
    return f"{before[: thing.start()]}{two} " if thing and not _SUBJECT.search(before[: thing.start()]) else ""


def _spans(question: str, parts: tuple[Window, ...]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for part in parts:
        start = question.find(part.words, found[-1][1] if found else 0)
        if start < 0:
            return []
        found.append((start, start + len(part.words)))
    return found
