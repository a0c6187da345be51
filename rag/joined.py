"""The other of two things that a question joins by "and", where no release that answers it tells of that.

"Which artists drew the gentian coin and the yodelling coin?" reads as one question, and the release that fits it best
tells of one coin alone. What stands beside "and" and in none of the releases cited, but in another one that was found,
shows which has to be read for the rest.
"""

import re
from collections.abc import Callable, Iterator

from index.hits import Hit
from index.release import Release
from index.terms import terms
from rag.answers import SentenceReady
from rag.judging import PLAIN, judged, read_alone
from rag.quoting import Draft, likely
from rag.turn import Part, Turn

_AND = re.compile(r",? and ", re.IGNORECASE)
_WORD = re.compile(r"[\w’'-]+")

BESIDE, FITS, QUOTED = 5, 0.75, 2
"""Words on either side of "and" that are looked at, the share of the best search score that the other release must
reach, and its sentences that are quoted at most: of 375 questions five have such a release, two of them rightly, and
these two alone surely answer."""


def other_side(turn: Turn, part: Part, draft: Draft, stopped: Callable[[], bool]) -> Iterator[SentenceReady]:
    """Quotations of the release that tells of the other thing, where it surely answers too; none beside no answer, and
    none where the question was cut in two already."""
    cited = {citation.release_id for ready in draft.shown for citation in ready.citations}
    hit = _untold(part, cited) if cited and part.several and len(turn.parts) == 1 else None
    evidence = read_alone(turn, part, [hit]) if hit else []
    told = judged(turn, part, evidence, stopped) if evidence else None
    if not told or told.chance < PLAIN:
        return
    room = draft.beside()
    for item in likely(told.evidence)[:QUOTED]:
        if room.is_new(item) and room.length(item) <= room.left:
            yield draft.quote(item, room)


def _untold(part: Part, cited: set[str]) -> Hit | None:
    """Of the releases found and not cited the one that holds most of what stands beside "and" and in none cited."""
    ends = [match.span() for match in _AND.finditer(part.asked)]
    beside = [
        word
        for start, end in ends
        for word in _WORD.findall(part.asked[:start])[-BESIDE:] + _WORD.findall(part.asked[end:])[:BESIDE]
    ]
    told = {term for hit in part.hits if hit.release.id in cited for term in _terms(hit.release)}
    untold = {term for word in beside for term in terms(word)} - told
    line = FITS * max((hit.score for hit in part.hits), default=0.0)
    others = [(len(untold & _terms(hit.release)), hit) for hit in part.hits if hit.release.id not in cited]
    held = [(count, hit) for count, hit in others if count and hit.score >= line]
    return max(held, key=lambda each: (each[0], each[1].score), default=(0, None))[1]


def _terms(release: Release) -> set[str]:
    return set(terms(f"{release.title}\n{release.text}"))
