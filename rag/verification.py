"""Whether a sentence may be shown: everything it states must be found in its evidence, or follow from it.

1. Exact rules: numbers and dates (`rag/figures.py`), names, quotations, denials, expectations (`rag/claims.py`).
2. The sentence laid beside the nearest evidence (`rag/alignment.py`): exchanged names, changed places, opposites.
3. A learned score of the meaning (`rag/meaning.py`), small and readable.

One broken rule is enough to hold the sentence back. Nothing here knows a model; reading and checking a sentence against
eight others costs a few milliseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.alignment import conflicts, nearest, opposed, swapped
from rag.claims import Missing, missing_modality, missing_names, missing_polarity, missing_quotations
from rag.figures import missing_dates, missing_numbers, missing_weekdays, missing_years
from rag.meaning import probability
from rag.reading import read

LEAST_SCORE = 0.3
"""The probability below which a sentence is held back though no rule is broken: a third of its words borne out."""


@dataclass(frozen=True)
class EvidenceText:
    """A sentence of a release with the day the release came out and its title."""

    text: str
    published: date | None = None
    title: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether a sentence is supported, what of it is missing, and how likely its meaning is borne out, 0 to 1."""

    supported: bool
    missing: tuple[Missing, ...] = ()
    score: float = 0.0


def check(sentence: str, evidence: Sequence[EvidenceText], question: str = "") -> Verdict:
    """Whether the evidence bears a sentence out; words it shares with the question count half, its names not at all."""
    if not evidence:
        return Verdict(False)
    missing = missing_claims(sentence, evidence)
    readings = [read(item.text, item.published) for item in evidence]
    score = probability(read(sentence, _shared_day(evidence)), readings, missing, read(question).stem_set)
    return Verdict(not missing and score >= LEAST_SCORE, missing, score)


def missing_claims(sentence: str, evidence: Sequence[EvidenceText]) -> tuple[Missing, ...]:
    """Every claim of the sentence that a rule misses in the evidence, each once."""
    readings = [read(item.text, item.published) for item in evidence]
    context = [read(title) for title in dict.fromkeys(item.title for item in evidence if item.title)]
    stated = read(sentence, _shared_day(evidence))
    near = nearest(stated, readings)
    found = [
        *missing_numbers(stated, readings),
        *missing_dates(stated, readings, near),
        *missing_years(stated, readings),
        *missing_weekdays(stated, readings),
        *missing_names(stated, readings, context),
        *missing_quotations(stated, readings),
        *missing_polarity(stated, readings),
        *missing_modality(stated, readings),
        *conflicts(stated, near, [*readings, *context]),
        *swapped(stated, near),
        *opposed(stated, readings),
    ]
    return tuple(dict.fromkeys(found))


def _shared_day(evidence: Sequence[EvidenceText]) -> date | None:
    """Words such as "yesterday" copied into a sentence are read from the day of the first release."""
    return next((item.published for item in evidence if item.published), None)
