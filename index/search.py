"""A question and a window become ranked releases: dense and lexical scores of chunks, fused, and of releases.

Both scores lie between 0 and 1 and mean the same for every question (a cosine counted from where texts are unrelated,
a share of the best possible BM25), so their weighted sum can be compared between questions, and a line can be drawn.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.chunk_search import Rows, Within, WordSearch
from index.dates import Window
from index.embedding import Encoder, Vectors, likeness
from index.expansion import Alternatives
from index.hits import Hit, ScoredChunk
from index.newest import RELEVANT, asks_newest, newest_first
from index.release import Release
from index.signatures import SAME, SAME_TITLED, keeps_facts
from index.snapshots import Snapshot
from index.terms import terms

DENSE_WEIGHT = 0.65
"""Share of the meaning in a chunk's score; the rest is lexical. Measured over eight sets in four languages."""

WHOLE_WEIGHT = 1 / 6
"""Share in a release's score of its words as a whole, beside its best chunk; what is asked may stand in several."""

CANDIDATES = 100
"""Chunks taken from each side before fusion; a release below both lists was never worth showing."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

Mask = NDArray[np.bool_]


class Searcher:
    """Search over one snapshot; safe to share between threads."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder) -> None:
        snapshot.manifest.require(encoder.name, encoder.dimensions)
        self.snapshot, self._lexicon = snapshot, snapshot.lexicon
        self._encoder, self._searched = encoder, snapshot.searched
        if not isinstance(self._searched, WordSearch):
            self._lexicon.turn()
        self._release_of, self._starts = np.ascontiguousarray(snapshot.catalog.chunk_places().T)
        # Releases of one score stand in the order of their ids, whatever order they arrived in.
        self._rank = np.zeros(len(snapshot.numbers), np.int64)
        self._rank[[number for _, number in sorted(snapshot.numbers.items())]] = np.arange(len(self._rank))
        self._published = snapshot.catalog.published()
        self._stated = snapshot.catalog.stated_dates()

    def search(self, question: str, window: Window | None = None, count: int = 10) -> list[Hit]:
        """The `count` best releases inside the window, best first."""
        query = self._encoder.encode_queries([question])[0]
        groups = self._lexicon.groups(question)
        rows, lexical = self._candidates(groups, query, window)
        cosines = likeness(self._searched.scores(query, rows), self._encoder.unrelated)
        fused = DENSE_WEIGHT * cosines + (1 - DENSE_WEIGHT) * lexical
        releases = self._release_of[rows]
        order = np.lexsort((self._starts[rows], self._rank[releases], -fused))
        grouped: dict[int, list[int]] = {}
        for place in order:
            grouped.setdefault(int(releases[place]), []).append(int(place))
        latest = bool(window and asks_newest(window))
        scores = self._scores(groups, {number: float(fused[places[0]]) for number, places in grouped.items()})
        hits: Iterator[Hit] = (
            self._hit(number, score, grouped[number], rows, fused, cosines, lexical) for number, score in scores.items()
        )
        if window and latest:
            hits = iter(newest_first(question, list(islice(hits, RELEVANT)), window))
        return self._told_once(hits, count)

    def _told_once(self, hits: Iterator[Hit], count: int) -> list[Hit]:
        """The first `count` hits without those that are the text of a better one again; these are its reissues."""
        shown: list[Hit] = []
        for hit in hits:
            if len(shown) == count:
                break
            place = next((at for at, other in enumerate(shown) if self._same(other.release, hit.release)), None)
            if place is None:
                shown.append(hit)
            else:
                shown[place] = replace(shown[place], reissues=(*shown[place].reissues, hit.release))
        return shown

    def _same(self, shown: Release, other: Release) -> bool:
        numbers = self.snapshot.numbers
        alike = self.snapshot.signatures.resemblance(numbers[shown.id], numbers[other.id])
        is_same = alike >= SAME or (alike >= SAME_TITLED and set(terms(shown.title)) == set(terms(other.title)))
        return is_same and keeps_facts(shown.text, other.text)

    def published(self, window: Window, words: Sequence[str] = ()) -> list[int]:
        """The numbers of all releases published in the window that hold all terms `words`, the newest first."""
        mask = self._published_in(window)
        for word in words:
            holding = np.zeros(len(mask), np.bool_)
            holding[self._release_of[self._lexicon.chunks_with(word)]] = True
            mask &= holding
        numbers = np.flatnonzero(mask)
        order: list[int] = numbers[np.lexsort((self._rank[numbers], -self._published[numbers]))].tolist()
        return order

    def inside(self, window: Window) -> Mask:
        """Which releases were published in the window or state a day or period that lies in it, by release number."""
        mask = self._published_in(window)
        if window.since or window.until:
            since, until = _bounds(window)
            contained = (self._stated[:, 1] >= since) & (self._stated[:, 2] <= until)
            mask[self._stated[contained, 0]] = True
            mask |= self._telling(window)
        return mask

    def _telling(self, window: Window) -> Mask:
        """The releases that in one chunk name the years of a window that ends before the first release.

        Spans of years date nothing elsewhere: "ambassador from 1999 to 2004".
        """
        _, until = _bounds(window)
        days, years = self._published[self._published > 0], _YEAR.findall(window.words)
        is_before = window.since and len(days) and until < days.min()
        mask = np.zeros(len(self._published), np.bool_)
        if years and is_before:
            held = [set(self._lexicon.chunks_with(year).tolist()) for year in years]
            mask[self._release_of[sorted(set.intersection(*held))]] = True
        return mask

    def _published_in(self, window: Window) -> Mask:
        if window.since is None and window.until is None:
            return np.ones(len(self._published), np.bool_)
        since, until = _bounds(window)
        # An undated release (ordinal 0) is in no window by its publication.
        mask: Mask = (self._published >= since) & (self._published <= until) & (self._published > 0)
        return mask

    def _scores(self, groups: Sequence[Alternatives], best: Mapping[int, float]) -> dict[int, float]:
        """The score of each release by number, the greatest first: of its best chunk, and of its words as a whole."""
        wanted = np.zeros(len(self._rank), np.bool_)
        wanted[list(best)] = True
        rows = np.flatnonzero(wanted[self._release_of])
        rows = rows[np.argsort(self._release_of[rows], kind="stable")]
        numbers, starts = np.unique(self._release_of[rows], return_index=True)
        whole = self._lexicon.joined(rows, starts, len(self._rank)).scores(groups)
        scores = {
            number: (1 - WHOLE_WEIGHT) * best[number] + WHOLE_WEIGHT * share
            for number, share in zip(numbers.tolist(), whole.tolist(), strict=True)
        }
        return dict(sorted(scores.items(), key=lambda item: (-item[1], self._rank[item[0]])))

    def _candidates(
        self, groups: Sequence[Alternatives], query: Vectors, window: Window | None
    ) -> tuple[Rows, Vectors]:
        """The rows of the chunks that may be among the best inside the window, and the lexical score of each."""
        among, within = self._narrowed(window) if window else (None, None)
        dense = self._searched.search(query, CANDIDATES, among, within)[0]
        if isinstance(self._searched, WordSearch):
            held = self._searched.with_terms(self._lexicon.numbers(groups), CANDIDATES, among, within)
            rows = np.union1d(dense, held)
            return rows, self._lexicon.part(rows).scores(groups)
        lexical = self._lexicon.scores(groups)
        held = np.flatnonzero(lexical) if among is None else among[lexical[among] > 0]
        if len(held) > CANDIDATES:
            held = held[np.argpartition(-lexical[held], CANDIDATES)[:CANDIDATES]]
        rows = np.union1d(dense, held)
        return rows, lexical[rows]

    def _narrowed(self, window: Window) -> tuple[Rows | None, Within | None]:
        """The chunks inside the window, by row and by day; None, None where all are."""
        inside = self.inside(window)
        eligible = inside[self._release_of]
        if eligible.all():
            return None, None
        others = np.flatnonzero(inside & ~self._published_in(window))
        return np.flatnonzero(eligible), Within(*_bounds(window), others.tolist())

    def _hit(
        self,
        number: int,
        score: float,
        places: list[int],
        rows: NDArray[np.int64],
        fused: Vectors,
        cosines: Vectors,
        lexical: Vectors,
    ) -> Hit:
        release = self.snapshot.catalog.release_at(number)
        chunks = self.snapshot.catalog.chunks(release)
        scored = [
            ScoredChunk(chunks[int(rows[place])], float(fused[place]), float(cosines[place]), float(lexical[place]))
            for place in places
        ]
        return Hit(release, score, scored)


def _bounds(window: Window) -> tuple[int, int]:
    return (window.since or date.min).toordinal(), (window.until or date.max).toordinal()
