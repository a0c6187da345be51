"""Two releases that give different answers: the same said twice, with another number, name or day in one place.

Two sentences that say the same of different events are no disagreement: calls of two days, packages of two months. So
names and days are compared only between releases of about the same time, and never where a list is asked for. Nor do
two sentences differ of which each speaks of something that the question names and the other does not.
"""

import re
from collections.abc import Sequence
from itertools import combinations

from index.expansion import expand
from rag.alignment import conflicts
from rag.answer_nouns import COUNTED, Kind
from rag.claims import Kind as Claim
from rag.evidence import Evidence
from rag.kinds import sought
from rag.names import NAME_WORD
from rag.reading import read
from rag.several import asks_several

COMPARED = 6
"""Best sentences that are laid beside each other."""

LEADING = 2
"""Best sentences of which one must take part: what lesser ones differ in was not asked."""

SAME_TIME = 7
"""Days between two releases that may speak of one event."""

_MEETS = re.compile(
    r"\b(?:meet|met|see|saw|s[ai]t down with|hosted?|received?|welcomed?|call(?:ed)?|phoned?|ring|rang|speak|spoke"
    r"|talks?|talked|visit(?:ed)?)\b",
    re.IGNORECASE,
)

NEAR = 3.0
"""Log-odds by which a sentence may lie behind the best one and still be an answer of its own."""


def disagreement(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best two sentences of different releases that give different answers, the newer first; or none."""
    if asks_several(question):
        return []
    best = [item for item in evidence[:COMPARED] if evidence[0].log_odds - item.log_odds <= NEAR]
    for one, other in combinations(best, 2):
        if one not in best[:LEADING]:
            break
        if one.release.id == other.release.id or _apart(question, one, other):
            continue
        if _differ(question, one, other):
            return sorted((one, other), key=lambda item: item.release.date.toordinal() if item.release.date else 0)[
                ::-1
            ]
    return []


def _apart(question: str, one: Evidence, other: Evidence) -> bool:
    """Whether each of two sentences, with its title, has a name of the question that the other one has not."""
    names = expand(" ".join(NAME_WORD.findall(question)))
    here, there = ({at for at, name in enumerate(names) if not item.terms.isdisjoint(name)} for item in (one, other))
    return bool(here - there and there - here)


def _differ(question: str, one: Evidence, other: Evidence) -> bool:
    first, second = (read(item.sentence.text, item.release.date) for item in (one, other))
    found = {claim.kind for claim in (*conflicts(first, second, [second]), *conflicts(second, first, [first]))}
    if Claim.NUMBER in found and sought(question).kind in COUNTED | {Kind.OTHER}:
        return True
    # Who met one may have met another.
    told = {Claim.DATE, Claim.NUMBER} if _MEETS.search(question) else {Claim.NAME, Claim.DATE, Claim.NUMBER}
    return _same_time(one, other) and not found.isdisjoint(told)


def _same_time(one: Evidence, other: Evidence) -> bool:
    if one.release.date is None or other.release.date is None:
        return True
    return abs((one.release.date - other.release.date).days) <= SAME_TIME
