"""Who did it: a drafted sentence may not give one person's deed to another who stands in the same evidence.

Small models shorten "Umarov noted that the President launched …" to "Umarov launched …": every word is found, the fact
is false. So each name that a drafted sentence puts before a verb must be the nearest name before that verb in the
evidence, or stand after it with "by".
"""

import re
from collections.abc import Sequence

from index.terms import terms

REACH = 3
"""Words between a name and the verb it is read with, at most."""

BY = 8
"""Words between a verb and the name that "by" brings after it, at most."""

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_DEED = re.compile(
    r"\w+ed|met|said|told|spoke|gave|took|made|held|led|left|won|lost|sent|went|came|began|brought|built|bought|sold|paid"
)
"""Words that are read as a finished deed; plural nouns look like verbs in the present, so those are left out."""

_HOSTING = frozenset(terms("received hosted welcomed"))
"""Deeds of one who has a guest: whoever received was not the guest, in whichever of these words it is told."""


def misattributed(sentence: str, evidence: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of a name and the word it is wrongly read with; empty where the sentence keeps every doer."""
    sources = [_words(text) for text in evidence]
    return [pair for pair in _doers(_words(sentence)) if _is_wrong([_does(*pair, words) for words in sources])]


def _is_wrong(found: Sequence[bool | None]) -> bool:
    """The evidence has the deed, and nowhere by this doer; a deed in other words is left to the rules on meaning."""
    return True not in found and False in found


def _words(text: str) -> list[tuple[str, bool]]:
    """Each word with whether it is written as a name."""
    return [(match[0], match[0][0].isupper() and bool(terms(match[0]))) for match in _WORD.finditer(text)]


def _doers(words: list[tuple[str, bool]]) -> list[tuple[str, str]]:
    """(name, deed) for every name that a deed follows within reach."""
    pairs = []
    for place, (word, is_name) in enumerate(words):
        following = words[place + 1 : place + 1 + REACH]
        if is_name and following and not following[0][1]:
            deed = next((other for other, name in following if not name and _DEED.fullmatch(other)), "")
            if deed:
                pairs.append((word, deed))
    return pairs


def _does(name: str, verb: str, words: list[tuple[str, bool]]) -> bool | None:
    """Whether the verb has this name nearest before it, or brought by "by" after it; None where the verb is missing."""
    stem = set(terms(verb))
    meant = _HOSTING if stem & _HOSTING else stem
    places = [place for place, (word, is_name) in enumerate(words) if not is_name and meant.intersection(terms(word))]
    if not places:
        return None
    wanted = terms(name)
    for place in places:
        before = next((word for word, is_name in reversed(words[:place]) if is_name), "")
        after = [word for word, is_name in words[place : place + BY] if is_name]
        by = any(word == "by" for word, _ in words[place : place + BY])
        if terms(before) == wanted or (by and any(terms(word) == wanted for word in after)):
            return True
    return False
