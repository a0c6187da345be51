"""A question of several clauses becomes as many: "When did they speak, and which crossing was opened?"."""

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from index.dates import Window, find_window, outside_words
from index.terms import terms
from rag.question_words import AUXILIARY, LINKS, WH
from rag.relative_times import relative
from rag.rows import NAMED, TELLING, as_question, row

THING = 3
"""Words of a thing with its preposition: "in the boat"."""

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

_ON = re.compile(
    r"\b(?:it|its|he|him|his|she|her|hers|they|them|their|theirs|this|that|these|those|there|then|here|one|ones|other"
    r"|others|same|former|latter|(?:him|her|it)self|themselves|the (?:region|country|city|group|deal|day|event)"
    r"|afterwards|later|too|also|else)\b",
    re.IGNORECASE,
)
"""Words by which a clause leans on the one before."""

_PAST = re.compile(r"\b(?:did|was|were|had)\b", re.IGNORECASE)
_PRESENT = re.compile(
    rf"^(?:(?:in|at|on|to|for|by|until|from) )?{WH}\b(?!.*\b(?:it|they|he|she|this|that|these|those|there)\b)"
    r".*?\b(?:does|do|is|are|will)\b",
    re.IGNORECASE,
)
"""A clause about today or later, of something else than a past one, is not of its time."""

_TODAY = re.compile(r"\b(?:now|currently|at present|presently|nowadays|today)\b", re.IGNORECASE)

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
    """The clauses of a question, none where it has one."""
    asked = row(question)
    told = [find_window(clause, now) for clause in asked]
    if len(window.parts) == len(asked):  # Read together, a month takes the year of its neighbour.
        told = list(window.parts)
    found: list[Subquestion] = []
    for one, two in pairwise(zip(asked, told, strict=True)):
        pair = _pair(question, one, two, window)
        found += pair[1:] if found else pair
    return found


def _pair(question: str, one: tuple[str, Window], two: tuple[str, Window], window: Window) -> list[Subquestion]:
    """Two clauses that follow each other, each with its own time, as questions."""
    (first, before), (second, after) = one, two
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


def _leans(first: str, second: str) -> bool:
    """Whether the second clause is not understood alone: it points back, or names nothing that the first does not."""
    named, before = (frozenset(NAMED.findall(clause)) for clause in (second, first))
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


def _is_only_asking(clause: str) -> bool:
    """Whether a clause asks the same of another time: "how many by mid-May", but not "who resigned two days later"."""
    return len(terms(clause)) < TELLING and not _VERBED.match(clause)


def _has_verb(clause: str) -> bool:
    return bool(re.search(rf"\b{AUXILIARY}\b", clause, re.IGNORECASE)) or len(clause.split()) >= 2 * TELLING


def latest(window: Window) -> Window:
    """The newest in a window."""
    return Window(window.since, window.until, latest=True, words=window.words)


def counted_apart(parts: list[Subquestion]) -> list[Subquestion]:
    """Parts each of which asks for its own: how many were asked for in all is not asked of one."""
    return [replace(part, text=_COUNT.sub(r"\1", part.text)) for part in parts]
