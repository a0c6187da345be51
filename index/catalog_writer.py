"""A new catalog out of the one before it: a copy without what is gone, and with what is new at its end.

Numbers of releases and rows of chunks stay without gaps: what is last moves into the places of what is gone, so that a
change costs what it changes. Vectors, postings and signatures follow by the same moves, then the new ones are appended.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.catalog import SCHEMA
from index.release import Chunk, Release, Sentence

Numbers = NDArray[np.int64]

_PARTS = ("texts", "chunks", "sentences", "stated_dates", "acronyms")
_NUMBER = "SELECT number FROM releases WHERE id = ?"


@dataclass(frozen=True)
class Entry:
    """A release with the parts it was cut into, the periods its text states and the acronyms it spells out."""

    release: Release
    sentences: Sequence[Sentence]
    chunks: Sequence[Chunk]
    stated: Sequence[tuple[date, date]] = ()
    acronyms: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Kept:
    """What a catalog took over: the number that each of its releases, and the row that each of its chunks, had.

    `is_all` is whether that is everything, at its place.
    """

    numbers: Numbers
    rows: Numbers
    is_all: bool


class CatalogWriter:
    """Writes one catalog; a context manager that commits at its end. sqlite3.Error where the disk refuses."""

    def __init__(self, path: Path, before: Path | None = None) -> None:
        if before:
            shutil.copyfile(before, path)
        self._connection = sqlite3.connect(path)
        # Nobody reads the file before it is whole, and the swap syncs it: a journal would only cost time.
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        if not before:
            self._connection.executescript(SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.commit()
        self._connection.close()

    def withdraw(self, gone: Sequence[str], replaced: Sequence[str], day: date) -> Kept:
        """Take releases out: those `gone` leave a note of what they were, those `replaced` come again by `insert`."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO withdrawn SELECT id, title, date, url, ?, NULL FROM releases WHERE id = ?",
            [(day.isoformat(), name) for name in gone],
        )
        numbers = [number for name in (*gone, *replaced) for number in self._all(_NUMBER, name)]
        rows = [row for number in numbers for row in self._all("SELECT row FROM chunks WHERE release = ?", number)]
        counts = [*self._all("SELECT count(*) FROM releases"), *self._all("SELECT count(*) FROM chunks")]
        for table in _PARTS:
            self._many(f"DELETE FROM {table} WHERE release = ?", [(number,) for number in numbers])
        self._many("DELETE FROM releases WHERE number = ?", [(number,) for number in numbers])
        kept = Kept(_closed(counts[0], numbers), _closed(counts[1], rows), not numbers)
        moved = _moves(kept.numbers)
        self._many("UPDATE releases SET number = ? WHERE number = ?", moved)
        for table in _PARTS:
            self._many(f"UPDATE {table} SET release = ? WHERE release = ?", moved)
        self._many("UPDATE chunks SET row = ? WHERE row = ?", _moves(kept.rows))
        return kept

    def rename(self, old: str, new: str, day: date) -> None:
        """Call a release otherwise; the old name leads to the new one."""
        self._connection.execute(
            "INSERT OR REPLACE INTO withdrawn SELECT id, title, date, url, ?, ? FROM releases WHERE id = ?",
            (day.isoformat(), new, old),
        )
        self._connection.execute("UPDATE releases SET id = ? WHERE id = ?", (new, old))
        self._connection.execute("DELETE FROM withdrawn WHERE id = ?", (new,))

    def remember(self, other: Path, day: date) -> None:
        """Take the notes of a catalog of which nothing else is kept, and leave one of each release that is not here.

        Called when all releases are in. A catalog that cannot be read, or is of another form, has nothing to say.
        """
        here = dict(self._connection.execute("SELECT id, digest FROM releases"))
        by_digest = {digest: name for name, digest in here.items()}
        notes: list[tuple[str | None, ...]] = []
        address = f"{other.resolve().as_uri()}?mode=ro&immutable=1"
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(address, uri=True)) as old:
            notes += old.execute("SELECT id, title, date, url, withdrawn, successor FROM withdrawn")
            notes += [
                (*row, day.isoformat(), by_digest.get(digest))
                for *row, digest in old.execute("SELECT id, title, date, url, digest FROM releases")
            ]
        self._many("INSERT OR REPLACE INTO withdrawn VALUES (?, ?, ?, ?, ?, ?)", [n for n in notes if n[0] not in here])

    def insert(self, entries: Iterable[Entry]) -> None:
        """Append releases and their parts."""
        [number, row] = [*self._all("SELECT count(*) FROM releases"), *self._all("SELECT count(*) FROM chunks")]
        for offset, entry in enumerate(entries):
            self._insert(number + offset, row, entry)
            row += len(entry.chunks)

    def _all(self, query: str, *values: object) -> list[int]:
        return [number for (number,) in self._connection.execute(query, values)]

    def _many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        self._connection.executemany(statement, rows)

    def _insert(self, number: int, row: int, entry: Entry) -> None:
        release, many = entry.release, self._many
        self._connection.execute("DELETE FROM withdrawn WHERE id = ?", (release.id,))
        self._connection.execute(
            "INSERT INTO releases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, release.id, release.digest, release.date.isoformat() if release.date else None,
             release.date_origin, release.title, release.title_origin, release.language, release.url),
        )  # fmt: skip
        self._connection.execute("INSERT INTO texts VALUES (?, ?)", (number, release.text))
        many(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?)",
            [(row + offset, number, chunk.start, chunk.end, chunk.header) for offset, chunk in enumerate(entry.chunks)],
        )
        many(
            "INSERT INTO sentences VALUES (?, ?, ?, ?)",
            [(number, sentence.number, sentence.start, sentence.end) for sentence in entry.sentences],
        )
        many(
            "INSERT INTO stated_dates VALUES (?, ?, ?)",
            [(number, since.isoformat(), until.isoformat()) for since, until in entry.stated],
        )
        many("INSERT INTO acronyms VALUES (?, ?, ?)", [(number, *pair) for pair in entry.acronyms])


def _closed(count: int, gone: Sequence[int]) -> Numbers:
    """The numbers from 0 to `count` without those that are `gone`, the last ones in their places."""
    kept = np.arange(count - len(gone))
    left_out = set(gone)
    holes = sorted(number for number in left_out if number < len(kept))
    kept[holes] = [number for number in range(len(kept), count) if number not in left_out]
    return kept


def _moves(kept: Numbers) -> list[tuple[int, int]]:
    """New and old number of what moves."""
    moved = np.flatnonzero(kept != np.arange(len(kept)))
    return list(zip(moved.tolist(), kept[moved].tolist(), strict=True))
