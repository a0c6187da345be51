"""A snapshot's chunks in a collection of a Milvus server: filled from the snapshot's folder, searched by row.

    home/collections.json            who this home is to servers, and which servers it has used
    snapshots/<name>/served.json     the server, the collection and the alias that are the snapshot's

Vectors stay in the snapshot's folder too, on disk and not in memory: from them a collection is filled without encoding
anything again. A reader searches the collection of the snapshot that it opened; the alias, switched at the swap, names
the live one to other programs. A collection that no snapshot names is the remains of a rebuild that died, or of a
snapshot that is gone: the next rebuild removes it, so that readers have a whole rebuild's time to leave it.
"""

import hashlib
import json
import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.chunk_search import Rows, Within
from index.durable import replace
from index.embedding import Vectors
from index.errors import IndexMismatchError, SearchServerError
from index.setting_values import is_server
from index.vector_server import VectorServer, server_at

if TYPE_CHECKING:
    from index.snapshots import Snapshot

NAME, LEDGER = "served.json", "collections.json"

BLOCK = 2_000
"""Chunks that are sent together: a server takes 64 MB at most."""

MOST_TERMS = 6_500
"""Terms of a chunk that are sent: a field of text holds 64 KB."""

_log = logging.getLogger(__name__)


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
        return self._server.best(self._collection, _words(numbers), count, _condition(among, within))

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


class Placing:
    """Places the snapshots of one home at a server; where `address` is "" they stay in their files."""

    def __init__(self, home: Path, address: str) -> None:
        self._home = home
        self.address = address if not address or is_server(address) else str(Path(address).resolve())

    def sweep(self, snapshots: Path, live: str | None) -> None:
        """Remove the collections of this home that no snapshot names, from every server it has used.

        SearchServerError where the server in use cannot be asked; one that is used no longer can wait.
        """
        ledger = self._ledger()
        for address in ledger.addresses:
            try:
                self._sweep(address, self._alias(ledger), snapshots, live)
            except SearchServerError as error:
                if address == self.address:
                    raise
                _log.warning("what this index had at %s was not removed: %s", address, error)

    def _sweep(self, address: str, alias: str, snapshots: Path, live: str | None) -> None:
        server = server_at(address)
        named = {folder.name: place for folder in snapshots.glob("[!.]*") if (place := _named(folder))}
        places = {name: place for name, place in named.items() if place.address == address}
        if live in places and server.has(places[live].collection):
            places[live].switch()  # A rebuild may have died between the alias and the pointer.
        server.drop(alias, [place.collection for place in places.values()])

    def fill(self, snapshot: "Snapshot") -> None:
        """Make a collection of a new snapshot and note it in its folder."""
        ledger = self._ledger()
        if self.address not in ledger.addresses:
            ledger = Ledger(ledger.id, (*ledger.addresses, self.address))
            ledger.save(self._home)
        alias = self._alias(ledger)
        place = Place(self.address, f"{alias}_{snapshot.name.replace('-', '_')}", alias)
        server = server_at(self.address)
        server.create(place.collection, snapshot.manifest.dimensions)
        for rows in _chunks(snapshot):
            server.upsert(place.collection, rows)
        server.finish(place.collection)
        place.save(snapshot.catalog.path.parent)

    def _ledger(self) -> "Ledger":
        return Ledger.of(self._home)

    def _alias(self, ledger: "Ledger") -> str:
        # The path is part of it, so that a copy of a home does not remove what is the original's.
        return f"communique_{hashlib.sha256(f'{ledger.id} {self._home.resolve()}'.encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class Ledger:
    """Who a home is to servers, and the addresses of those it has used."""

    id: str
    addresses: tuple[str, ...] = ()

    @classmethod
    def of(cls, home: Path) -> "Ledger":
        """The ledger of a home, a new one where there is none."""
        try:
            found = json.loads((home / LEDGER).read_text(encoding="utf-8"))
            return cls(str(found["id"]), tuple(found["addresses"]))
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return cls(secrets.token_hex(8))

    def save(self, home: Path) -> None:
        """Write it, durably: what it does not name is never removed."""
        beside = home / f"{LEDGER}.new"
        beside.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
        replace(beside, home / LEDGER)


def _named(folder: Path) -> Place | None:
    try:
        return Place.of(folder)
    except IndexMismatchError:
        return None


def _chunks(snapshot: "Snapshot") -> Iterable[list[dict[str, object]]]:
    """All chunks of a snapshot as a collection has them, some at a time."""
    releases = snapshot.catalog.chunk_places()[:, 0]
    published = snapshot.catalog.published()
    postings = snapshot.postings
    for first in range(0, len(releases), BLOCK):
        rows = np.arange(first, min(first + BLOCK, len(releases)))
        part = postings.take(rows)
        yield [
            {
                "row": int(row),
                "vector": vector,
                "release": int(releases[row]),
                "published": int(published[releases[row]]),
                # Milvus wants a word in every text.
                "terms": _words(np.repeat(part.numbers[start:stop], part.counts[start:stop]).tolist()) or "none",
            }
            for row, vector, start, stop in zip(
                rows, snapshot.vectors.take(rows), part.starts[:-1], part.starts[1:], strict=True
            )
        ]


def _words(numbers: Iterable[int]) -> str:
    return " ".join(f"t{number}" for number in islice(numbers, MOST_TERMS))


def _condition(among: Rows | None, within: Within | None) -> str:
    """What a chunk must fulfil, in Milvus's words."""
    if within is not None:
        published = f"(published >= {within.since} and published <= {within.until})"
        return f"{published} or release in {list(within.others)}" if within.others else published
    return "" if among is None else f"row in {among.tolist()}"
