"""What a figure is compared with, and which of several comes first: a drafted sentence may change neither.

Asked for "the quarter before" a small model takes the figure for the same quarter of the year before, and of "gold,
followed by silver" it names silver as the most used: every word is found, the fact is false.
"""

import re
from collections.abc import Sequence

from index.terms import terms

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
_THEN = re.compile(r"\b(?:followed by|ahead of|next (?:came|come)s?)\b", re.IGNORECASE)
"""Behind these words stands what comes second."""


def changes_comparison(sentence: str, question: str, evidence: Sequence[str]) -> bool:
    """Whether a sentence compares with a time that none of its evidence compares with, or puts the second first."""
    return _is_other_base(sentence, evidence) or _is_second(sentence, question, evidence)


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
