"""The live snapshot, opened once and opened anew when a rebuild has swapped another one in.

An answer asks for a `Reader` when it begins and keeps it to its end, so a swap never mixes two versions.
"""

import contextlib
import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.catalog import Coverage
from index.embedding import Encoder
from index.errors import CommuniqueError
from index.search import Searcher
from index.snapshots import Snapshot, SnapshotStore
from rag.evidence import EvidenceReader


@dataclass(frozen=True)
class Reader:
    """One snapshot with what reads it."""

    snapshot: Snapshot
    searcher: Searcher
    evidence: EvidenceReader
    coverage: Coverage


@dataclass(frozen=True)
class Holdings:
    """What an assistant answers from: releases, their period, the snapshot, the model and a note on it, or "".

    `built` is the moment the snapshot was made, in ISO form. Addresses on `link_hosts` may be links.
    """

    releases: int
    since: date | None
    until: date | None
    snapshot: str
    model: str
    note: str
    built: str = ""
    link_hosts: tuple[str, ...] = ()


class Library:
    """Hands out a reader of the live snapshot; safe to share between threads.

    `link_hosts` are the hosts that the settings call the releases' own.
    """

    def __init__(self, home: Path, encoder: Encoder, link_hosts: tuple[str, ...] = ()) -> None:
        self._store, self._encoder, self.link_hosts = SnapshotStore(home), encoder, link_hosts
        self._lock = threading.Lock()
        self._reader = self._open()

    def reader(self) -> Reader:
        """A reader of the snapshot that is live now. While it cannot be opened, the one before goes on answering."""
        with self._lock:
            name = self._store.live()
            if name and name != self._reader.snapshot.name:
                with contextlib.suppress(CommuniqueError):
                    self._reader = self._open()
            return self._reader

    def holdings(self, model: str, note: str) -> Holdings:
        """What is indexed now, answered by `model`."""
        reader = self.reader()
        found, manifest = reader.coverage, reader.snapshot.manifest
        return Holdings(
            found.releases, found.since, found.until, manifest.snapshot, model, note, manifest.created, self.link_hosts
        )

    def _open(self) -> Reader:
        snapshot = self._store.open()
        return Reader(
            snapshot,
            Searcher(snapshot, self._encoder),
            EvidenceReader(snapshot, self._encoder),
            snapshot.catalog.coverage(),
        )
