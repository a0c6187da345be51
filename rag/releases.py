"""The releases of the live snapshot for whoever wants to look at them rather than ask: searched, listed, read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.dates import Window
from index.release import Release, Sentence
from rag.library import Library


@dataclass(frozen=True)
class Passage:
    """A slice `[start, end)` of a release's text, in code points."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Found:
    """A release that was found or listed; a search gives it a `score` (0 to 1) and its best `passage`."""

    release: Release
    score: float | None = None
    passage: Passage | None = None


@dataclass(frozen=True)
class Listing:
    """A part of what was found; `total` is how many releases a list has, None for a search, which finds the best.

    `next` is the offset of what follows, None where nothing does.
    """

    found: Sequence[Found]
    total: int | None
    next: int | None
    snapshot: str


class Releases:
    """What a library holds; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def search(
        self, query: str, since: date | None = None, until: date | None = None, limit: int = 10, offset: int = 0
    ) -> Listing:
        """The releases nearest to a query, best first, each with its best passage; those of one text are told once.

        `since` and `until` are inclusive: releases published in them, or stating a day or period that lies in them.
        """
        reader = self._library.reader()
        # One more than wanted tells whether anything follows.
        hits = reader.searcher.search(query, Window(since, until), offset + limit + 1)[offset:]
        found = [_found(hit.release, hit.score, hit.chunks[0].chunk.start, hit.chunks[0].chunk.end) for hit in hits]
        after = offset + limit if len(found) > limit else None
        return Listing(found[:limit], None, after, reader.snapshot.name)

    def listed(self, since: date | None = None, until: date | None = None, limit: int = 10, offset: int = 0) -> Listing:
        """The releases published from `since` to `until` (inclusive), newest first; without either undated ones too."""
        reader = self._library.reader()
        numbers = reader.searcher.published(Window(since, until))
        shown = numbers[offset : offset + limit]
        found = [Found(reader.snapshot.catalog.release_at(number)) for number in shown]
        after = offset + limit if len(numbers) > offset + limit else None
        return Listing(found, len(numbers), after, reader.snapshot.name)

    def sentences(self, release: Release) -> list[Sentence]:
        """The sentences of a release of the live snapshot, in order."""
        return self._library.reader().snapshot.catalog.sentences(release)


def _found(release: Release, score: float, start: int, end: int) -> Found:
    return Found(release, score, Passage(release.text[start:end], start, end))
