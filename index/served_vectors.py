"""A snapshot's chunks in a collection of a Milvus server, searched by row. `index/placing.py` fills it.

    snapshots/<name>/served.json     the server, the collection and the alias that are the snapshot's

A reader searches the collection of the snapshot that it opened; the alias, switched at the swap, names the live one to
other programs.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from index.chunk_search import Rows, Within
from index.embedding import Vectors
from index.errors import IndexMismatchError
from index.vector_server import VectorServer, server_at

NAME = "served.json"

MOST_TERMS = 6_500
"""Terms of a chunk that are sent: a field of text holds 64 KB."""


@dataclass(frozen=True)
class Place:
    """Where a snapshot's chunks are searched: the server, or a file, their collection and the alias of live ones."""

    address: str
    collection: str
    alias: str

    @classmethod
    def of(cls, folder: Path) -> "Place | None":
        """The place that a snapshot's folder names, None where its vectors are searched in their file."""
        try:
            return cls(**json.loads((folder / NAME).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise IndexMismatchError(f"{folder / NAME} is not readable; run `communique rebuild`") from error

    def save(self, folder: Path) -> None:
        """Write it into a snapshot's folder."""
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def switch(self) -> None:
        """Let the alias stand for this collection."""
        server_at(self.address).point(self.alias, self.collection)


class ServedVectors:
    """Chunks in a collection: `WordSearch` by a server."""

    def __init__(self, server: VectorServer, collection: str, count: int, dimensions: int) -> None:
        self._server, self._collection, self._count, self._dimensions = server, collection, count, dimensions

    @classmethod
    def open(cls, place: Place, count: int, dimensions: int) -> "ServedVectors":
        """The collection of a snapshot of `count` chunks; IndexMismatchError where it is gone or holds others."""
        server = server_at(place.address)
        found = server.count(place.collection)
        if found != count:
            held = "is gone" if found is None else f"holds {found} chunks, not {count}"
            raise IndexMismatchError(
                f"the collection {place.collection} at {place.address} {held}; run `communique rebuild`"
            )
        return cls(server, place.collection, count, dimensions)

    @property
    def count(self) -> int:
        """How many chunks there are."""
        return self._count

    @property
    def dimensions(self) -> int:
        """The length of each vector."""
        return self._dimensions

    def search(
        self, query: Vectors, count: int, among: Rows | None = None, within: Within | None = None
    ) -> tuple[Rows, Vectors]:
        """As `ChunkSearch.search`; above some thousand chunks it may miss one of the nearest now and then."""
        count = min(count, self.count if among is None else len(among))
        if count == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        return self._server.nearest(self._collection, query, count, _condition(among, within))

    def with_terms(
        self, numbers: Sequence[int], count: int, among: Rows | None = None, within: Within | None = None
    ) -> Rows:
        """As `WordSearch.with_terms`."""
        count = min(count, self.count if among is None else len(among))
        if count == 0 or not numbers:
            return np.zeros(0, np.int64)
        return self._server.best(self._collection, words_of(numbers), count, _condition(among, within))

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """As `ChunkSearch.scores`, exactly: the vectors themselves are fetched."""
        if not len(rows):
            return np.zeros(0, np.float32)
        vectors = self._server.vectors(self._collection, rows)
        missing = set(rows.tolist()) - vectors.keys()
        if missing:
            raise IndexMismatchError(f"{self._collection} has lost {len(missing)} chunks; run `communique rebuild`")
        found: Vectors = np.stack([vectors[row] for row in rows.tolist()]) @ query
        return found


def words_of(numbers: Iterable[int]) -> str:
    """The terms of a chunk as a field of text: `t` and the number of each."""
    return " ".join(f"t{number}" for number in islice(numbers, MOST_TERMS))


def _condition(among: Rows | None, within: Within | None) -> str:
    """What a chunk must fulfil, in Milvus's words."""
    if within is not None:
        published = f"(published >= {within.since} and published <= {within.until})"
        return f"{published} or release in {list(within.others)}" if within.others else published
    return "" if among is None else f"row in {among.tolist()}"
