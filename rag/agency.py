"""Who did it, and whether it was done: a drafted sentence may not give one person's deed to another who stands in the
same evidence, nor tell what is only announced, or a deed of its own, as done.

Small models shorten "Umarov noted that the President launched …" to "Umarov launched …": every word is found, the fact
is false. So each name that a drafted sentence puts before a verb must be the nearest name before that verb in the
evidence, or stand after it with "by".
"""

import re
from collections.abc import Sequence

from index.expansion import expand
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

_AHEAD = re.compile(
    r"\b(?:will|shall|(?:is|are|was|were) to|to be \w+ed|due to take|scheduled|plan(?:s|ned)? to|intends? to)\b", re.I
)
"""Words by which a release looks ahead."""

_HOSTING = frozenset(terms("received hosted welcomed"))
"""Deeds of one who has a guest: whoever received was not the guest, in whichever of these words it is told."""


def misattributed(sentence: str, evidence: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of a name and the word it is wrongly read with; empty where the sentence keeps every doer."""
    sources = [_words(text) for text in evidence]
    return [pair for pair in _doers(_words(sentence)) if _is_wrong([_does(*pair, words) for words in sources])]


def is_not_done(sentence: str, evidence: Sequence[str]) -> bool:
    """Whether the first finished deed of a sentence is none in its evidence, the best of it first.

    It must be told there, in this word or another for it; where the best evidence looks ahead, in this very word and
    not as something to be done: "will meet" and "are to be signed" bear out no "met" and no "were signed".
    """
    words = [match[0] for match in _WORD.finditer(sentence)]
    deed = next((word for word in words[1:] if word[0].islower() and _DEED.fullmatch(word)), "")
    if not deed or not evidence:
        return False
    if _AHEAD.search(evidence[0]) and not _AHEAD.search(sentence):
        return not any(re.search(rf"(?<!\bbe ){re.escape(deed)}\b", text) for text in evidence)
    known = {term for text in evidence for term in terms(text)}
    return all(known.isdisjoint(group) for group in expand(deed))


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
