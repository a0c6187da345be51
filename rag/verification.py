"""Whether a sentence may be shown: everything it states must be found in its evidence, or follow from it.

1. Exact rules (`rag/claims.py`): numbers, dates, names, quotations, negations, expectations.
2. The sentence laid beside the nearest evidence (`rag/alignment.py`): exchanged names, changed places, opposites.
3. A learned score of the meaning (`rag/meaning.py`), small and readable.

One broken rule is enough to hold the sentence back. Nothing here knows a model: a caller who has an encoder passes its
similarity in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.alignment import conflicts, nearest, swapped
from rag.claims import (
    Missing,
    missing_dates,
    missing_modality,
    missing_names,
    missing_numbers,
    missing_polarity,
    missing_quotations,
    missing_weekdays,
)
from rag.reading import read

Similarity = Callable[[str, list[str]], list[float]]
"""One sentence and several -> their cosines, -1 to 1."""


LEAST_COVERED = 0.4
"""Share of a sentence's words with meaning that the evidence must have."""


@dataclass(frozen=True)
class EvidenceText:
    """A sentence of a release with the day the release came out and its title."""

    text: str
    published: date | None = None
    title: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether a sentence is supported, what of it is missing, and how far its meaning is borne out, 0 to 1."""

    supported: bool
    missing: tuple[Missing, ...] = ()
    score: float = 0.0


def missing_claims(sentence: str, evidence: Sequence[EvidenceText]) -> tuple[Missing, ...]:
    """Every claim of the sentence that a rule misses in the evidence, each once."""
    readings = [read(item.text, item.published) for item in evidence]
    context = [read(title) for title in dict.fromkeys(item.title for item in evidence if item.title)]
    stated = read(sentence, _shared_day(evidence))
    near = nearest(stated, readings)
    found = [
        *missing_numbers(stated, readings),
        *missing_dates(stated, readings, near),
        *missing_weekdays(stated, readings),
        *missing_names(stated, readings, context),
        *missing_quotations(stated, readings),
        *missing_polarity(stated, readings),
        *missing_modality(stated, readings),
        *conflicts(stated, near, [*readings, *context]),
        *swapped(stated, near),
    ]
    return tuple(dict.fromkeys(found))


def _shared_day(evidence: Sequence[EvidenceText]) -> date | None:
    """Words such as "yesterday" copied into a sentence are read from the day of the first release."""
    return next((item.published for item in evidence if item.published), None)


def check(
    sentence: str, evidence: Sequence[EvidenceText], question: str = "", similarity: Similarity | None = None
) -> Verdict:
    """Whether the evidence bears a sentence out; `question` lends words, never names, numbers or dates."""
    if not evidence:
        return Verdict(False)
    missing = missing_claims(sentence, evidence)
    known = frozenset[str]().union(*(read(item.text, item.published).stem_set for item in evidence))
    stems = read(sentence).stem_set
    score = len(stems & known) / max(len(stems), 1)
    return Verdict(not missing and score >= LEAST_COVERED, missing, score)
