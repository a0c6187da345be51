"""Releases, their sentences and chunks in one SQLite file; a chunk's `row` is its row among the vectors."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.errors import IndexMismatchError
from index.release import Chunk, Origin, Release, Sentence

_SCHEMA = """
CREATE TABLE releases (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, date TEXT, date_origin TEXT NOT NULL,
    title TEXT NOT NULL, title_origin TEXT NOT NULL, language TEXT NOT NULL, url TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX releases_by_date ON releases (date);
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY, release INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    header TEXT NOT NULL);
CREATE INDEX chunks_by_release ON chunks (release);
CREATE TABLE sentences (
    release INTEGER NOT NULL, number INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    PRIMARY KEY (release, number)) WITHOUT ROWID;
CREATE TABLE stated_dates (release INTEGER NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL);
CREATE INDEX stated_by_release ON stated_dates (release);
"""

_RELEASE_COLUMNS = "id, text, title, title_origin, date, date_origin, language, url"


@dataclass(frozen=True)
class Entry:
    """A release with the parts it was cut into and the days its text states, as the catalog keeps it."""

    release: Release
    sentences: Sequence[Sentence]
    chunks: Sequence[Chunk]
    stated: Sequence[tuple[date, date]] = ()


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
        found = self._rows(f"SELECT {_RELEASE_COLUMNS} FROM releases WHERE id = ?", (release_id,))
        return _release(found[0]) if found else None

    def release_at(self, number: int) -> Release:
        """The release with this number."""
        [found] = self._rows(f"SELECT {_RELEASE_COLUMNS} FROM releases WHERE number = ?", (number,))
        return _release(found)

    def releases(self, newest_first: bool = False) -> Iterator[Release]:
        """All releases in the order of their numbers, or the newest first."""
        order = "date DESC, number" if newest_first else "number"
        for (number,) in self._rows(f"SELECT number FROM releases ORDER BY {order}"):
            yield self.release_at(number)

    def digests(self) -> dict[str, str]:
        """Digest by release id."""
        return dict(self._rows("SELECT id, digest FROM releases"))

    def numbers(self) -> dict[str, int]:
        """Number by release id."""
        return dict(self._rows("SELECT id, number FROM releases"))

    def dates(self) -> list[str | None]:
        """The ISO date of every release by its number."""
        return [day for (day,) in self._rows("SELECT date FROM releases ORDER BY number")]

    def stated_dates(self) -> list[tuple[int, str, str]]:
        """Release number and the ISO days `since` and `until` that its text states."""
        return self._rows("SELECT release, since, until FROM stated_dates")

    def stated_in(self, release_id: str) -> list[tuple[date, date]]:
        """The periods that one release's text states."""
        found = self._rows(
            "SELECT since, until FROM stated_dates JOIN releases ON number = release WHERE id = ? ORDER BY 1, 2",
            (release_id,),
        )
        return [(date.fromisoformat(since), date.fromisoformat(until)) for since, until in found]

    def chunk_releases(self) -> list[int]:
        """The release number of every chunk by its row."""
        return [number for (number,) in self._rows("SELECT release FROM chunks ORDER BY row")]

    def chunks(self, release: Release) -> dict[int, Chunk]:
        """The chunks of a release by their rows, in order."""
        found = self._rows(
            "SELECT row, start, stop, header FROM chunks JOIN releases ON number = release WHERE id = ? ORDER BY row",
            (release.id,),
        )
        return {row: Chunk(release.id, start, stop, release.text[start:stop], head) for row, start, stop, head in found}

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


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Write a new catalog; releases and chunk rows are numbered from 0 in the order given."""
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
    row = 0
    with connection:
        for number, entry in enumerate(entries):
            _insert(connection, number, row, entry)
            row += len(entry.chunks)
    connection.close()


def _insert(connection: sqlite3.Connection, number: int, row: int, entry: Entry) -> None:
    release = entry.release
    day = release.date.isoformat() if release.date else None
    connection.execute(
        "INSERT INTO releases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, release.id, release.digest, day, release.date_origin, release.title, release.title_origin,
         release.language, release.url, release.text),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO chunks VALUES (?, ?, ?, ?, ?)",
        [(row + offset, number, chunk.start, chunk.end, chunk.header) for offset, chunk in enumerate(entry.chunks)],
    )
    connection.executemany(
        "INSERT INTO sentences VALUES (?, ?, ?, ?)",
        [(number, sentence.number, sentence.start, sentence.end) for sentence in entry.sentences],
    )
    connection.executemany(
        "INSERT INTO stated_dates VALUES (?, ?, ?)",
        [(number, since.isoformat(), until.isoformat()) for since, until in entry.stated],
    )


def _release(found: Sequence[str]) -> Release:
    release_id, text, title, title_origin, day, date_origin, language, url = found
    return Release(release_id, text, title, Origin(title_origin), _day(day), Origin(date_origin), language, url)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
