"""One question on its way through the steps, with the parts that it asks for."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.dates import Window
from index.hits import Hit
from rag.alternation import alternately
from rag.answers import Reason
from rag.conversation import BEFORE
from rag.drafting import Drafter
from rag.evidence import Evidence
from rag.kinds import sought
from rag.library import Reader
from rag.names import NAME_WORD
from rag.probe import Held
from rag.several import asks_several

_SOMEBODY = re.compile(r"\b(?:he|she|him|his|hers?)\b", re.IGNORECASE)
"""Who is meant stands elsewhere."""


@dataclass
class Part:
    """One of the things that a question asks for: what was found for it, and how likely that answers it.

    `leans`: it asks on about what the part before found. `sought`: what is searched for. `is_one`: one thing is asked
    for, whatever its plural says. `reason`: why it is refused without the model. `held`: what the model held when it
    judged the evidence. `is_plain`: it saw the answer at a glance. `differing`: evidence of releases that give
    different answers. `contrary`: evidence that says otherwise than the question takes for granted. `is_elsewhere`: the
    question names a country that no release found names, so that only what says otherwise is told.
    """

    question: str
    window: Window
    asked: str
    leans: bool
    sought: str
    is_one: bool = False
    hits: list[Hit] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    confidence: float = 0.0
    reason: Reason | None = None
    held: Held | None = None
    is_plain: bool = False
    differing: list[Evidence] = field(default_factory=list)
    contrary: list[Evidence] = field(default_factory=list)
    is_elsewhere: bool = False

    @property
    def several(self) -> bool:
        """Whether several releases may have to answer together: not where the best sentence alone has all of them."""
        alone = self.evidence and self.evidence[0].is_kind and sought(self.question).count > 1
        several = asks_several(self.asked) and not (alone or self.is_one) and not self.window.latest
        return bool(self.window.parts) or several

    def narrow(self, ahead: "Part") -> bool:
        """Leave of its evidence what can be about "him" or "her", who stands in the part ahead, which found nothing;
        False, and all is left, where the best of it cannot.

        "When did the minister visit Lund, and whom did he meet?" Where no visit was found, a sentence tells who "he" is
        only by a name of that part.
        """
        if not self.leans or not _SOMEBODY.search(self.asked):
            return True
        names = [name.casefold() for name in NAME_WORD.findall(ahead.question.partition(BEFORE)[0])]
        told = [item for item in self.evidence if any(name in item.sentence.text.casefold() for name in names)]
        if told[:1] != self.evidence[:1]:
            return False
        self.evidence = told
        return True


@dataclass
class Turn:
    """A question, its window, its parts (one where it asks one thing) and who judges and words its answer."""

    question: str
    window: Window
    reader: Reader
    began: float
    standalone: str
    parts: list[Part]
    drafter: Drafter
    searched: float = 0.0
    first_sentence: float | None = None

    @property
    def elapsed(self) -> float:
        """Seconds since the question arrived."""
        return time.monotonic() - self.began

    @property
    def is_apart(self) -> bool:
        """Whether each part is answered by a release of its own: two halves about one event share what is quoted."""
        leading = {part.evidence[0].release.id for part in self.parts if part.evidence}
        return len(leading) == len(self.parts) > 1

    @property
    def hits(self) -> list[Hit]:
        """The releases found for all parts, the best of each first."""
        return alternately([part.hits for part in self.parts], lambda hit: hit.release.id)

    @property
    def confidence(self) -> float:
        """The mean of what the parts are worth."""
        return sum(part.confidence for part in self.parts) / len(self.parts)


def of_release(hits: list[Hit], evidence: Sequence[Evidence]) -> list[Hit]:
    """The hits of the release that evidence is from, all of them where it is none: "the last call, and what was said
    there" asks of one call."""
    same = [hit for hit in hits if any(hit.release.id == item.release.id for item in evidence)]
    return same or hits
