"""A sentence or a piece of evidence read once: its words, numbers, dates, names, quotations and cues.

Readings are remembered, because every sentence of an answer is compared with the same evidence.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from index.stated_dates import StatedDate, stated_dates
from rag.names import Name, acronyms, names, runs
from rag.polarity import Cue, Mood, cues
from rag.quantities import Quantity, quantities
from rag.tokens import Token, normal, tokens

_QUOTED = re.compile(r'"([^"]{3,}?)[,.;:!?]?"')


@dataclass(frozen=True)
class Reading:
    """What one text states; all places point into `text`, the normal form of what was written."""

    text: str
    published: date | None

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tokens(self.text)

    @cached_property
    def lows(self) -> tuple[str, ...]:
        return tuple(token.low for token in self.tokens)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Stems of the words with meaning, in order."""
        return tuple(token.stem for token in self.tokens if token.stem)

    @cached_property
    def stem_set(self) -> frozenset[str]:
        return frozenset(self.stems)

    @cached_property
    def dates(self) -> tuple[StatedDate, ...]:
        return tuple(stated_dates(self.text, self.published))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(quantities(self.text, [(stated.start, stated.end) for stated in self.dates]))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        spans = [(stated.start, stated.end) for stated in self.dates]
        spans += [(stated.start, stated.end) for stated in self.quantities]
        return tuple(names(self.tokens, self.text, spans))

    @cached_property
    def runs(self) -> tuple[tuple[str, ...], ...]:
        """The widest capitalised runs, titles and small words included: what a name may be a part of."""
        return tuple(tuple(token.low for token in run) for run in runs(self.tokens, self.text, joined=True))

    @cached_property
    def initials(self) -> frozenset[str]:
        """What the long names of the text may be shortened to: `iabs` and its kind."""
        return frozenset(acronym for run in self.runs if len(run) > 1 for acronym in acronyms(run))

    @cached_property
    def quotations(self) -> tuple[str, ...]:
        return tuple(match[1] for match in _QUOTED.finditer(self.text))

    @cached_property
    def denied(self) -> tuple[Cue, ...]:
        return tuple(cues(self.text, self.tokens, Mood.DENIED))

    @cached_property
    def hedged(self) -> tuple[Cue, ...]:
        return tuple(cues(self.text, self.tokens, Mood.HEDGED))


@lru_cache(maxsize=4096)
def read(text: str, published: date | None = None) -> Reading:
    """The reading of a text that came out on the day `published`."""
    return Reading(normal(text), published)
