"""Proper names in a sentence, and whether a text bears them: titles dropped, accents folded, acronyms expanded.

A name is a run of capitalised words. `Joseph R. Biden, Jr.` bears `Biden`; `International Agency for Biological Safety`
bears `IABS`; `Kazakhstan` bears `Kazakh`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.tokens import Token

TITLES = frozenset(
    """
    president presidential vice prime minister ministers secretary deputy chairman chairwoman chairperson chair
    ambassador senator representative congressman congresswoman governor mayor king queen prince
    princess sheikh emir sultan general admiral colonel captain lieutenant sergeant director advisor
    adviser spokesperson spokesman spokeswoman commissioner chancellor premier taoiseach speaker judge justice
    professor doctor mr mrs ms miss dr sir lady lord madam hon honorable excellency gentleman
    counselor attorney coordinator envoy президент президента президенту президентом министр
    министра министром премьер посол глава директор
    """.split()
)
NAME_WORD = re.compile(r"(?<!^)(?<![.?!]\s)\b[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][\w’'-]*\w")
"""A word written as a name; the first of a sentence is written so in any case."""

_ROLES = frozenset(
    """
    first second his her the former acting deputy assistant principal senior special national
    security under foreign chief staff homeland jr sr white house
    """.split()
)
_CONNECTORS = frozenset(
    """
    of the and for de la del al el bin ibn ben van von der to in on at да
    """.split()
)
_STARTERS = frozenset(
    """
    a about according across additionally after all also although american among an and another any
    as at because before both but by consequently despite during each earlier either even every few
    finally first following for from further furthermore given had has have he her here his how
    however i if in including instead is it its last later leaders many meanwhile more moreover most
    mr mrs ms my next no nor not nothing now of officials on once one only or other our over
    participants she since so some such than that the their then there therefore these they this
    those though through thus to today together tomorrow under until up was we were what when where
    whether which while who why with within without yes yesterday yet you your still prior less
    between among fewer nonetheless nevertheless overall instead perhaps besides president
    presidents officials ministers experts в на по с к и а но он она они это при для из от до как
    также что
    """.split()
)
_DEMONYM_ENDINGS = ("ians", "ian", "ans", "an", "ese", "is", "i", "ish", "ic", "s", "n")
_COUNTRY_ENDINGS = ("stan", "ia", "a", "y", "e", "land", "s")


@dataclass(frozen=True)
class Name:
    """A proper name: its words folded to lower case without titles, and its place in the text."""

    words: tuple[str, ...]
    start: int
    end: int
    opening: bool = False


def runs(found: Sequence[Token], text: str, joined: bool = False) -> Iterator[list[Token]]:
    """Runs of capitalised words; a comma or full stop ends one. `joined` goes on over `of` and `the`."""
    run: list[Token] = []
    waiting: list[Token] = []
    for token in found:
        gap = text[(waiting or run)[-1].end : token.start] if run else ""
        if run and not _goes_on(gap, run[-1], joined):
            yield run
            run, waiting = [], []
        if token.capital:
            run += [*waiting, token]
            waiting = []
        elif run and joined and token.low in _CONNECTORS and len(waiting) < 2:
            waiting.append(token)
        elif run:
            yield run
            run, waiting = [], []
    if run:
        yield run


def names(found: Sequence[Token], text: str, leave_out: Sequence[tuple[int, int]] = ()) -> list[Name]:
    """The names a sentence states; words inside the spans `leave_out` (dates, numbers) belong to none."""
    kept = [token for token in found if not any(start <= token.start < end for start, end in leave_out)]
    stated = []
    for run in runs(kept, text):
        opening = _opens(run[0], text)
        if opening and (run[0].low in _STARTERS or (len(run) == 1 and run[0].low.endswith(("ly", "ing", "ed")))):
            run = run[1:]
            opening = False
        for part in _untitled(run):
            stated.append(Name(tuple(t.low for t in part), part[0].start, part[-1].end, opening and len(run) == 1))
    return stated


def _untitled(run: Sequence[Token]) -> Iterator[list[Token]]:
    """What stands before and after a title: `Israeli Prime Minister Netanyahu` gives `Israeli` and `Netanyahu`."""
    last = max((at for at, token in enumerate(run) if token.low in TITLES), default=-1)
    before = [token for token in run[: last + 1] if _counts(token) and token.low not in _ROLES]
    after = [token for token in run[last + 1 :] if _counts(token)]
    yield from (part for part in (before, after) if part)


def alike(one: str, other: str) -> bool:
    """Whether two words name one thing: the same word, or a country and its people."""
    if one == other:
        return True
    if min(len(one), len(other)) < 4 or one[:3] != other[:3]:
        return False
    return _people_of(one, other) or _people_of(other, one)


def acronyms(run: tuple[str, ...]) -> set[str]:
    """First letters of a run of names, small words in or out; it may begin after a small word or a title."""
    starts = [at for at, word in enumerate(run) if not at or run[at - 1] in _CONNECTORS | TITLES]
    ends = [
        at for at in range(1, len(run) + 1) if at == len(run) or run[at] in _CONNECTORS or _shortens(run[at], run[:at])
    ]
    found = set()
    for words in (run[start:end] for start in starts for end in ends if end - start > 1):
        found.add("".join(word[0] for word in words))
        found.add("".join(word[0] for word in words if word not in _CONNECTORS))
    return found


def _shortens(word: str, before: tuple[str, ...]) -> bool:
    """`gcc` after `Gulf Cooperation Council`."""
    return 2 < len(word) <= len(before) and word == "".join(w[0] for w in before[-len(word) :])


def _people_of(people: str, country: str) -> bool:
    if country in (people + "stan", people + "istan"):
        return True
    roots = {people.removesuffix(ending) for ending in _DEMONYM_ENDINGS if people.endswith(ending)}
    roots |= {people} if roots else set()
    bases = {country, *(country.removesuffix(ending) for ending in _COUNTRY_ENDINGS)}
    return any(len(root) >= 4 for root in roots & bases)


def _goes_on(gap: str, last: Token, joined: bool) -> bool:
    if gap.strip() in ("", "-", "&", "/") or (gap == ". " and (len(last.text) == 1 or last.low in TITLES)):
        return True
    return joined and gap.strip() in (",", "(", "'")


def _opens(token: Token, text: str) -> bool:
    before = text[: token.start].rstrip(" \"'([-*")
    return not before or before[-1] in ".!?:;"


def _counts(token: Token) -> bool:
    """Whether a word tells names apart: titles, small words, initials and `Jr` do not."""
    return token.low not in TITLES | _CONNECTORS | {"jr", "sr"} and (len(token.low) > 1 or token.low.isdigit())
