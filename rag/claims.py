"""Exact rules for names, quotations, denials and expectations: each must be in the evidence, or follow from it.

Each rule takes the reading of the sentence and those of its evidence and yields what is missing. A rule never guesses:
what it cannot read it leaves to the score of the meaning.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.names import Name, acronyms, alike
from rag.polarity import Cue
from rag.reading import Reading

_GAP = re.compile(r"\.\.\.|…|\[[^\]]*\]")
# In small letters: May is a month.
_ANY = re.compile(r"\b[Aa]ny (?P<thing>\w+) (?:that|which|who|whom)\b[^.,;:]{0,60}?\b(?:might|may|could)\b")
_MAYBE = re.compile(r"\b(?:[Aa]ny|[Pp]ossible|[Pp]otential|[Ss]uspected|[Aa]lleged|might|may|could)\b")
_PREFIXES = ("un", "in", "im", "dis", "non")


class Kind(StrEnum):
    """What kind of claim is not supported."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"
    NEGATION = "negation"
    MODALITY = "modality"
    ROLES = "roles"
    MEANING = "meaning"


@dataclass(frozen=True)
class Missing:
    """A claim of a sentence that its evidence does not bear out, in the sentence's words."""

    kind: Kind
    text: str


def missing_names(stated: Reading, evidence: Sequence[Reading], context: Sequence[Reading]) -> Iterator[Missing]:
    """Names that neither the evidence nor the titles of its releases bear."""
    sources = (*evidence, *context)
    for name in stated.names:
        if any(bears(reading, name) or abbreviated(name, stated, reading) for reading in sources):
            continue
        if name.opening and any(_stem_of(stated, name) in reading.stem_set for reading in sources):
            continue
        yield Missing(Kind.NAME, stated.text[name.start : name.end])


def _stem_of(stated: Reading, name: Name) -> str:
    return next((token.stem for token in stated.tokens if token.start == name.start), "")


def bears(reading: Reading, name: Name) -> bool:
    """Whether a text has a name: as a phrase, inside a longer name, by the words of its acronym, or in two parts."""
    words = name.words
    if _has_words(words, reading) or (len(words) == 1 and words[0] in reading.initials):
        return True
    return len(words) > 2 and any(
        _has_words(words[:at], reading) and _has_words(words[at:], reading) for at in range(1, len(words))
    )


def _has_words(words: tuple[str, ...], reading: Reading) -> bool:
    lows, width = reading.lows, len(words)
    if any(lows[at : at + width] == words for at in range(len(lows) - width + 1)):
        return True
    return any(all(any(alike(word, part) for part in run) for word in words) for run in reading.runs)


def abbreviated(name: Name, stated: Reading, reading: Reading) -> bool:
    """Whether a text has the acronym of the long name that `name` is a part of, or the long name of the acronym."""
    if len(name.words) == 1:
        return name.words[0] in reading.initials
    short = {token.low for token in reading.tokens if len(token.low) > 2 and token.text.isupper()}
    return any(
        not short.isdisjoint(acronyms(run)) for run in stated.runs if set(name.words) <= set(run) and len(run) > 2
    )


def missing_quotations(stated: Reading, evidence: Sequence[Reading]) -> Iterator[Missing]:
    """Words between quotation marks that are not word for word in the evidence; an ellipsis or bracket is a gap."""
    texts = [_bare(reading.text) for reading in evidence]
    for quotation in stated.quotations:
        parts = [part.strip(" .,;:!?") for part in _gaps(quotation)]
        if not all(any(_bare(part) in text for text in texts) for part in parts if part):
            yield Missing(Kind.QUOTATION, quotation)


def _gaps(quotation: str) -> list[str]:
    return _GAP.split(quotation)


def _bare(text: str) -> str:
    return text.replace('"', "").replace("'", "").lower()


def missing_polarity(stated: Reading, evidence: Sequence[Reading]) -> Iterator[Missing]:
    """Words that the sentence denies and the evidence does not, or the other way round."""
    known = [cue for reading in evidence for cue in reading.denied]
    stems = frozenset[str]().union(*(reading.stem_set for reading in evidence))
    for cue in stated.denied:
        spoken_of = not cue.scope or not stems.isdisjoint(cue.scope)
        if spoken_of and not undone(cue, stems) and not any(_overlap(cue, other) for other in known):
            yield Missing(Kind.NEGATION, _said(stated, cue))
    yield from (Missing(Kind.NEGATION, text) for text in _dropped(stated, evidence, known, stated.denied))


def undone(cue: Cue, stems: Container[str]) -> bool:
    """Whether a denied word stands among `stems` with a denying prefix: `not acceptable`, `unacceptable`."""
    return bool(cue.scope) and any(prefix + cue.scope[0] in stems for prefix in _PREFIXES)


def missing_modality(stated: Reading, evidence: Sequence[Reading]) -> Iterator[Missing]:
    """What the evidence only expects, plans or thinks possible and the sentence states as done."""
    known = [cue for reading in evidence for cue in reading.hedged]
    yield from (Missing(Kind.MODALITY, text) for text in _dropped(stated, evidence, known, stated.hedged))
    yield from (Missing(Kind.MODALITY, text) for text in _done(stated, evidence, known))
    yield from (Missing(Kind.MODALITY, text) for text in _supposed(stated, evidence))


def _overlap(cue: Cue, other: Cue) -> bool:
    return not cue.scope or not other.scope or not set(cue.scope).isdisjoint(other.scope)


def _said(stated: Reading, cue: Cue) -> str:
    return stated.text[cue.start : cue.end + 40].split(",")[0].strip()


def _dropped(stated: Reading, evidence: Sequence[Reading], known: Sequence[Cue], own: Sequence[Cue]) -> Iterator[str]:
    """Scopes of the evidence's cues that the sentence repeats without a cue and the evidence never has so."""
    for cue in known:
        needed = cue.scope[:2]
        if len(needed) < 2 or not stated.stem_set.issuperset(needed) or any(_overlap(cue, other) for other in own):
            continue
        if not any(_plain(reading, needed[0], known) for reading in evidence):
            yield f"{cue.words} {' '.join(needed)}"


def _done(stated: Reading, evidence: Sequence[Reading], known: Sequence[Cue]) -> Iterator[str]:
    """What is only expected of things that the sentence tells with another verb and no cue at all.

    "Proposed the resolution for review" is not borne out by "intends to table a resolution for review".
    """
    for cue in known if not stated.hedged else ():
        verb, things = cue.scope[:1], cue.scope[1:]
        if len(things) < 2 or not stated.stem_set.issuperset(things) or not stated.stem_set.isdisjoint(verb):
            continue
        if not any(_plain(reading, thing, known) for reading in evidence for thing in things):
            yield f"{cue.words} {' '.join(cue.scope)}"


def _supposed(stated: Reading, evidence: Sequence[Reading]) -> Iterator[str]:
    """Things that the evidence only supposes there may be, which the sentence tells of as if they were there.

    "Froze her assets" is not borne out by "any assets that she might hold are frozen".
    """
    if _MAYBE.search(stated.text):
        return
    supposed = [(reading, match) for reading in evidence for match in _ANY.finditer(reading.text)]
    for reading, match in supposed:
        thing = next((token.stem for token in reading.tokens if token.start == match.start("thing")), "")
        alike = sum(other["thing"].lower() == match["thing"].lower() for _, other in supposed)
        if thing in stated.stem_set and sum(each.stems.count(thing) for each in evidence) <= alike:
            yield match[0]


def _plain(reading: Reading, stem: str, known: Sequence[Cue]) -> bool:
    """Whether a reading has the stem more often than cues reach over it."""
    reached = sum(cue.scope.count(stem) for cue in known if cue in (*reading.denied, *reading.hedged))
    return reading.stems.count(stem) > reached
