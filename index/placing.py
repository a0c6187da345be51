"""Fills collections of a Milvus server from snapshots, and removes those that no snapshot names.

    home/collections.json            who this home is to servers, and which servers it has used

Vectors stay in the snapshot's folder too, on disk and not in memory: from them a collection is filled without encoding
anything again. A collection that no snapshot names is the remains of a rebuild that died, or of a snapshot that is
gone: the next rebuild removes it, so that readers have a whole rebuild's time to leave it.
"""

import hashlib
import json
import logging
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from index.durable import replace
from index.errors import IndexMismatchError, SearchServerError
from index.served_vectors import Place, words_of
from index.setting_values import is_server
from index.snapshots import Snapshot
from index.vector_server import server_at

LEDGER = "collections.json"

BLOCK = 2_000
"""Chunks that are sent together: a server takes 64 MB at most."""

_log = logging.getLogger(__name__)


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

    def fill(self, snapshot: Snapshot) -> None:
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


def _chunks(snapshot: Snapshot) -> Iterable[list[dict[str, object]]]:
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
                "terms": words_of(np.repeat(part.numbers[start:stop], part.counts[start:stop]).tolist()) or "none",
            }
            for row, vector, start, stop in zip(
                rows, snapshot.vectors.take(rows), part.starts[:-1], part.starts[1:], strict=True
            )
        ]
