"""Whether a sentence affirms, denies or only expects what its evidence states.

A cue (`not`, `refused to`, `may`, `plans to`) has a scope: the next words with meaning. A sentence and its evidence
disagree where one has a cue over words that the other states without it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.tokens import Token

SCOPE = 3
"""Words with meaning that a cue reaches over: the verb and what follows it."""


class Mood(StrEnum):
    """What a cue does to the words in its scope."""

    DENIED = "denied"
    HEDGED = "hedged"


_CUES = {
    Mood.DENIED: re.compile(
        r"\b(?:not(?! only\b| just\b| least\b)"
        r"|no(?! later\b| longer than\b| fewer\b| less\b| more than\b| doubt\b)"
        r"|none|nobody|nothing|never|neither|nor|cannot|without|\w+n't|yet to|unable|refus\w+"
        r"|declin(?:ed|es|ing) to|den(?:y|ies|ied|ying)|fail(?:s|ed|ing)?(?= to\b)|reject(?:s|ed|ing)?"
        r"|lack(?:s|ed|ing)?|ruled out|rules out|instead of|rather than"
        r"|не|нет|ни|без|никогда|никто|емес|жоқ)\b",
    ),
    Mood.HEDGED: re.compile(
        r"\b(?:may|might|could|possibl[ey]|perhaps|probably|potentially|reportedly|allegedly|purportedly"
        r"|(?:planned|plan|intend|hope|aim|seek|want|propose|expect|consider|attempt)(?:s|ed|ing)?(?= (?:to|on)\b)"
        r"|considering|planning(?= to\b)"
        r"|(?:is|are|was|were|been|be) (?:expected|scheduled|planned|set|due|slated)(?= to\b)|will|would|shall"
        r"|call(?:s|ed|ing)? (?:for|on)|urg(?:es|ed|ing)|should|must)\b"
    ),
}
_CLAUSE_END = re.compile(r"[,;:.]|\b(?:but|although|while|whereas)\b")


@dataclass(frozen=True)
class Cue:
    """A cue word with the stems in its scope."""

    mood: Mood
    words: str
    scope: tuple[str, ...]
    start: int
    end: int


def cues(text: str, found: Sequence[Token], mood: Mood) -> Iterator[Cue]:
    """The cues of one mood in a normal text."""
    lowered = text.lower()
    for match in _CUES[mood].finditer(lowered):
        if mood is Mood.HEDGED and match[0] == "may" and text[match.start()] == "M":
            continue
        limit = _CLAUSE_END.search(lowered, match.end())
        until = limit.start() if limit else len(text)
        scope = [token.stem for token in found if match.end() <= token.start < until and token.stem]
        yield Cue(mood, match[0], tuple(scope[:SCOPE]), match.start(), match.end())
