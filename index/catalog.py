"""Releases, their sentences and chunks in one SQLite file; a chunk's `row` is its row among the vectors."""

import datetime
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexMismatchError
from index.release import Chunk, Origin, Release, Sentence

SCHEMA = """
CREATE TABLE releases (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, date TEXT, date_origin TEXT NOT NULL,
    title TEXT NOT NULL, title_origin TEXT NOT NULL, language TEXT NOT NULL, url TEXT NOT NULL);
CREATE TABLE texts (release INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE INDEX releases_by_date ON releases (date);
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY, release INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    header TEXT NOT NULL);
CREATE INDEX chunks_by_release ON chunks (release);
CREATE TABLE sentences (
    release INTEGER NOT NULL, number INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    PRIMARY KEY (release, number)) WITHOUT ROWID;
CREATE TABLE acronyms (release INTEGER NOT NULL, short TEXT NOT NULL, long TEXT NOT NULL);
CREATE INDEX acronyms_by_release ON acronyms (release);
CREATE TABLE withdrawn (id TEXT PRIMARY KEY, title TEXT NOT NULL, date TEXT, url TEXT NOT NULL, withdrawn TEXT NOT NULL,
    successor TEXT);
CREATE TABLE stated_dates (release INTEGER NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL);
CREATE INDEX stated_by_release ON stated_dates (release);
"""

_ORDINAL = "CAST(julianday({}) - 1721424.5 AS INTEGER)"
"""A day as `date.toordinal` counts it: 1 is the first of the year 1."""

Numbers = NDArray[np.int64]

_WHOLE = """SELECT id, text, title, title_origin, date, date_origin, language, url
    FROM releases JOIN texts ON release = number"""


@dataclass(frozen=True)
class Withdrawal:
    """What a release was that is no longer among them; `successor` is the id of the same release under a new name."""

    id: str
    title: str
    date: datetime.date | None
    url: str
    withdrawn: datetime.date
    successor: str | None = None


@dataclass(frozen=True)
class Coverage:
    """How many releases there are and the first and last day they were published; None where no release is dated."""

    releases: int
    since: date | None
    until: date | None


class Catalog:
    """A catalog opened for reading; one connection, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise IndexMismatchError(f"{path} is missing from the index; run `communique rebuild`")
        self.path = path
        # Immutable: a finished snapshot never changes, so SQLite needs no locks and writes nothing beside it.
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        try:
            self._rows("SELECT count(*) FROM releases")
        except sqlite3.DatabaseError as error:
            self.close()
            raise IndexMismatchError(f"{path} is not a readable catalog; run `communique rebuild`") from error

    def close(self) -> None:
        """Free the file."""
        self._connection.close()

    def coverage(self) -> Coverage:
        """Count and period of all releases."""
        [(count, since, until)] = self._rows("SELECT count(*), min(date), max(date) FROM releases")
        return Coverage(count, _day(since), _day(until))

    def release(self, release_id: str) -> Release | None:
        """The release with this id, whole, or None."""
        found = self._rows(f"{_WHOLE} WHERE id = ?", (release_id,))
        return _release(found[0]) if found else None

    def current(self, release_id: str) -> Release | None:
        """The release with this id, or the one that it was renamed to, or None."""
        found, note = self.release(release_id), self.withdrawal(release_id)
        return self.current(note.successor) if found is None and note and note.successor else found

    def release_at(self, number: int) -> Release:
        """The release with this number."""
        [found] = self._rows(f"{_WHOLE} WHERE number = ?", (number,))
        return _release(found)

    def releases(self, newest_first: bool = False) -> Iterator[Release]:
        """All releases in the order of their numbers, or the newest first."""
        order = "date DESC, id" if newest_first else "number"
        for (number,) in self._rows(f"SELECT number FROM releases ORDER BY {order}"):
            yield self.release_at(number)

    def digests(self) -> dict[str, str]:
        """Digest by release id."""
        return dict(self._rows("SELECT id, digest FROM releases"))

    def numbers(self) -> dict[str, int]:
        """Number by release id, in the order of the numbers."""
        return dict(self._rows("SELECT id, number FROM releases ORDER BY number"))

    def published(self) -> Numbers:
        """The day of publication of every release by its number, as Python's ordinals count days; 0: not known."""
        return self._numbers(f"SELECT coalesce({_ORDINAL.format('date')}, 0) FROM releases ORDER BY number")

    def stated_dates(self) -> Numbers:
        """Rows of a release's number and the first and last day of a period that its text states, as ordinals."""
        since, until = _ORDINAL.format("since"), _ORDINAL.format("until")
        return self._numbers(f"SELECT release, {since}, {until} FROM stated_dates").reshape(-1, 3)

    def acronyms(self) -> Iterator[tuple[str, str]]:
        """Every definition of an acronym in the releases: its short form and the terms of its long form."""
        return iter(self._rows("SELECT short, long FROM acronyms ORDER BY short, long"))

    def withdrawal(self, release_id: str) -> Withdrawal | None:
        """What the withdrawn release with this id was, or None."""
        query = "SELECT id, title, date, url, withdrawn, successor FROM withdrawn WHERE id = ?"
        for name, title, day, url, withdrawn, successor in self._rows(query, (release_id,)):
            return Withdrawal(name, title, _day(day), url, date.fromisoformat(withdrawn), successor)
        return None

    def chunk_places(self) -> Numbers:
        """Where every chunk is, by its row: its release's number and where it begins in the text."""
        return self._numbers("SELECT release, start FROM chunks ORDER BY row").reshape(-1, 2)

    def chunks(self, release: Release) -> dict[int, Chunk]:
        """The chunks of a release by their rows, in order."""
        found = self._rows(
            "SELECT row, start, stop, header FROM chunks JOIN releases ON number = release WHERE id = ? ORDER BY start",
            (release.id,),
        )
        return {row: Chunk(release.id, start, stop, release.text[start:stop], head) for row, start, stop, head in found}

    def chunk_at(self, row: int) -> Chunk:
        """The chunk of a row."""
        [(number,)] = self._rows("SELECT release FROM chunks WHERE row = ?", (row,))
        return self.chunks(self.release_at(number))[row]

    def sentences(self, release: Release) -> list[Sentence]:
        """The sentences of a release, in order."""
        found = self._rows(
            "SELECT s.number, start, stop FROM sentences s JOIN releases r ON r.number = release WHERE id = ?",
            (release.id,),
        )
        return [Sentence(release.id, number, start, stop, release.text[start:stop]) for number, start, stop in found]

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _numbers(self, query: str) -> Numbers:
        """All numbers of the rows, one after another: of a hundred thousand rows no tuple is kept."""
        with self._lock:
            return np.fromiter(chain.from_iterable(self._connection.execute(query)), np.int64)


def _release(found: Sequence[str]) -> Release:
    release_id, text, title, title_origin, day, date_origin, language, url = found
    return Release(release_id, text, title, Origin(title_origin), _day(day), Origin(date_origin), language, url)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
