"""Who "he" is: the sentence of a release, before one that begins with a pronoun, that tells whom it speaks of.

A pronoun at the head of a sentence mostly stands for what the sentence before it begins with (Grosz, Joshi & Weinstein
1995, "Centering"), so the nearest one that begins otherwise is told; where that calls somebody by one name alone
("Arlene earned her commission"), the one before it that has the whole ("Arlene Crews is from Alameda").
"""

import re
from collections.abc import Sequence

from index.release import Sentence

REACH = 8
"""Sentences before it among which the one that tells is looked for."""

_POINTS_BACK = re.compile(r"\W*(?:he|she|his|hers?)\b", re.IGNORECASE)
"""Not "they", for whom as often as not a sentence stands that has no name."""

_PART = r"[A-ZÀ-ÞА-ЯЁӘҒҚҢӨҰҮҺІ][\w’'-]+"
_WHOLE_NAME = re.compile(rf"\b{_PART} (?:[A-Z]\. )?(?:(?:von|van|der|de|da|al|bin) )*{_PART}")
_ONE_NAME = re.compile(rf"\W*(?:(?:Mr|Mrs|Ms|Dr|Prof)\.? )?(?P<name>{_PART})(?! (?:[A-Z]\. )?{_PART})(?![\w’'-])")


def points_back(text: str) -> bool:
    """Whether a sentence begins with a word that stands for one who was told before it."""
    return bool(_POINTS_BACK.match(text))


def antecedent(sentences: Sequence[Sentence], place: int) -> Sentence | None:
    """The sentence that tells for whom the pronoun stands that the one at `place` begins with; None where it begins
    otherwise or all before it begin so too."""
    if not points_back(sentences[place].text):
        return None
    before = [part for part in reversed(sentences[max(0, place - REACH) : place]) if not points_back(part.text)]
    if not before:
        return None
    called = _ONE_NAME.match(before[0].text)
    whole = (part for part in before[1:] if called and called["name"] in _parts(part.text))
    return next(whole, before[0])


def _parts(text: str) -> set[str]:
    return {part for name in _WHOLE_NAME.findall(text) for part in name.split()}
