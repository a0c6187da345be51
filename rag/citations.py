"""Which evidence a generated sentence rests on, whatever the model cited, and its citations.

A sentence is taken apart into what it claims: its numbers, dates, names, quotations and words with meaning. The
evidence sentence that bears most of it is its support; another is added only where it bears claims that the first
does not.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from index.release import Release, Sentence
from rag.answers import AnswerSentence, Citation, SentenceReady
from rag.claims import bears
from rag.reading import Reading, read

MOST = 3
"""Evidence sentences cited for one sentence."""

LEAST = 0.3
"""Share of a sentence's claims, by weight, that its support must bear; below it nothing supports the sentence."""

WORTH = 0.15
"""Share of the claims that a further sentence must add where it adds words alone."""

EXACT = 3.0
"""Weight of a number, date, name or quotation against a word."""

_NUMBERS = r"[\[#]?\d{1,2}\]?(?:\s*(?:,|;|-|–|and|&)\s*[\[#]?\d{1,2}\]?)*"
_WORD = r"(?:source|sentence|evidence|reference|ref|document|doc)s?"
_MARKER = re.compile(
    rf"""
    \s*(?:
        [\[【]\s*(?:{_WORD}\s*:?\s*)?(?:n|{_NUMBERS})\s*(?:†[^\]】]*)?[\]】]
      | \(\s*(?:(?:{_WORD}|see)\s*:?\s*)?{_NUMBERS}\s*\)
      | \({_WORD}\b[^()]{{0,20}}\d[^()]{{0,10}}\)
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAMED_MARKER = re.compile(rf"\s*(?:[-–—,]\s*)?\b{_WORD}\s*:?\s*{_NUMBERS}(?=\s*[.;]?\s*$)", re.IGNORECASE)
_LEADING = re.compile(rf"^\s*(?:according to {_WORD} {_NUMBERS},?\s*|{_WORD} {_NUMBERS}\s*[:.-]\s*)", re.IGNORECASE)


def strip_markers(text: str) -> str:
    """The text without the markers a model wrote: `[1]`, `[1, 2]`, `(1)`, `【1】`, `Source 3`; `(2019)` stays."""
    text = _MARKER.sub("", text)
    text = _NAMED_MARKER.sub("", text)
    text = _LEADING.sub("", text)
    return re.sub(r"\s+([.,;:!?])", r"\1", text).strip()


def attribute(sentence: str, evidence: Sequence[Sentence], dates: Mapping[str, date | None] | None = None) -> list[int]:
    """Indices of the evidence sentences that support a sentence, best first: at most three, possibly none.

    `dates` gives the day of each release by its id, so that "12 June" is found in a "yesterday".
    """
    stated = read(sentence)
    readings = [read(item.text, (dates or {}).get(item.release_id)) for item in evidence]
    wanted = _claims(stated)
    total = sum(wanted.values())
    if not total:
        return []
    borne = [{claim for claim in wanted if _bears(reading, stated, claim)} for reading in readings]
    chosen: list[int] = []
    left = set(wanted)
    while left and len(chosen) < MOST:
        gains = [sum(wanted[claim] for claim in found & left) for found in borne]
        best = max(range(len(gains)), key=lambda at: (gains[at], -len(readings[at].stems), -at), default=-1)
        if best < 0 or gains[best] < _least(total, chosen, borne[best] & left):
            break
        chosen.append(best)
        left -= borne[best]
    return chosen


class Numbering:
    """Markers 1, 2, … in order of first use, one for each cited sentence of a release."""

    def __init__(self) -> None:
        self._markers: dict[str, int] = {}

    def ready(self, text: str, support: Iterable[tuple[Sentence, Release]]) -> SentenceReady:
        """The sentence with the markers of its support, and the citations that are new in it."""
        markers, fresh = [], []
        for sentence, release in support:
            if sentence.id not in self._markers:
                self._markers[sentence.id] = len(self._markers) + 1
                fresh.append(cite(sentence, release, self._markers[sentence.id]))
            markers.append(self._markers[sentence.id])
        return SentenceReady(AnswerSentence(text, citations=tuple(dict.fromkeys(markers))), tuple(fresh))


def cite(sentence: Sentence, release: Release, marker: int) -> Citation:
    """The citation of a sentence of a release: its quotation is the slice of the stored text."""
    start, end = sentence.start, sentence.end
    quote = release.text[start:end]
    return Citation(marker, release.id, release.title, release.date, release.url, quote, start, end)


_Claim = tuple[str, int]


def _claims(stated: Reading) -> dict[_Claim, float]:
    """What a sentence claims, with weights: (`kind`, index into that kind's list)."""
    exact = {
        **{("number", at): EXACT for at in range(len(stated.quantities))},
        **{("date", at): EXACT for at in range(len(stated.dates))},
        **{("name", at): EXACT for at in range(len(stated.names))},
        **{("quotation", at): EXACT for at in range(len(stated.quotations))},
    }
    return {**exact, **{("word", at): 1.0 for at in range(len(stated.stems))}}


def _bears(reading: Reading, stated: Reading, claim: _Claim) -> bool:
    kind, at = claim
    if kind == "word":
        return stated.stems[at] in reading.stem_set
    if kind == "name":
        return bears(reading, stated.names[at])
    if kind == "number":
        return any(stated.quantities[at].same(other) for other in reading.quantities)
    if kind == "quotation":
        return stated.quotations[at].lower() in reading.text.lower()
    return _dated(stated, reading, at)


def _dated(stated: Reading, reading: Reading, at: int) -> bool:
    wanted = stated.dates[at]
    words = stated.text[wanted.start : wanted.end].lower()
    inside = any(wanted.since <= period.since and period.until <= wanted.until for period in reading.dates)
    return inside or words in reading.text.lower()


def _least(total: float, chosen: Sequence[int], gained: set[_Claim]) -> float:
    """What the next support must bring: the first most, a later one less where it brings an exact claim."""
    if not chosen:
        return LEAST * total
    return 0.0 if any(kind != "word" for kind, _ in gained) else WORTH * total
