"""What a figure is compared with, and which of several comes first: a drafted sentence may change neither, nor compare
what no sentence of a release has together.

Asked for "the quarter before" a small model takes the figure for the same quarter of the year before, and of "gold,
followed by silver" it names silver as the most used: every word is found, the fact is false. Asked for two figures it
lays them beside each other, the wrong way round or of two different things.
"""

import re
from collections.abc import Sequence

from index.terms import terms
from rag.reading import read

_TIME = r"(?:day|week|month|quarter|half|year|period)"
_YEAR_ON_YEAR = re.compile(
    rf"\b(?:year[- ](?:on|over)[- ]year|annuali[sz]ed|a year (?:earlier|before|ago))\b"
    rf"|\b(?:same|corresponding|equivalent) {_TIME}\b"
    r"|\bq[1-4] (?:of )?(?:the )?(?:previous|preceding|prior|last) year\b",
    re.IGNORECASE,
)
_ONE_TO_THE_NEXT = re.compile(
    r"\b(?:previous|preceding|prior|last) (?:day|week|month|quarter|half)\b"
    r"|\b(?:day|week|month|quarter|half)(?:-year)? (?:before|earlier)\b"
    r"|\b(?:month|quarter)[- ](?:on|over)[- ](?:month|quarter)\b",
    re.IGNORECASE,
)
_BASES = (_YEAR_ON_YEAR, _ONE_TO_THE_NEXT)

_FIRST = re.compile(r"\b(?:most|largest|biggest|highest|greatest|main|leading|top|first|longest|best)\b", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:more|less|fewer|higher|lower|larger|smaller|bigger|greater) than the\b|\bcompared (?:to|with)\b",
    re.IGNORECASE,
)
_THEN = re.compile(r"\b(?:followed by|ahead of|next (?:came|come)s?)\b", re.IGNORECASE)
"""Behind these words stands what comes second."""


def changes_comparison(sentence: str, question: str, evidence: Sequence[str]) -> bool:
    """Whether a sentence compares with a time that none of its evidence compares with, puts the second first, or
    compares two figures that stand together in none."""
    return (
        _is_other_base(sentence, evidence)
        or _is_second(sentence, question, evidence)
        or _is_put_together(sentence, evidence)
    )


def _is_put_together(sentence: str, evidence: Sequence[str]) -> bool:
    figures = {quantity.value for quantity in read(sentence).quantities}
    if len(figures) < 2 or not _COMPARED.search(sentence):
        return False
    return not any(figures <= {quantity.value for quantity in read(text).quantities} for text in evidence)


def _is_other_base(sentence: str, evidence: Sequence[str]) -> bool:
    said = [base for base in _BASES if base.search(sentence)]
    told = [base for base in _BASES if any(base.search(text) for text in evidence)]
    return bool(said) and bool(told) and not set(said) <= set(told)


def _is_second(sentence: str, question: str, evidence: Sequence[str]) -> bool:
    if not _FIRST.search(sentence):
        return False
    answer = set(terms(sentence)) - set(terms(question))
    for text in evidence:
        then = _THEN.search(text)
        if then and answer & set(terms(text[then.end() :])) and not answer & set(terms(text[: then.start()])):
            return True
    return False
