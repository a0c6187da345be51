"""Built versions of the index on disk: one folder each, and one pointer that says which is live.

    home/
      current                    the name of the live snapshot, replaced in one step
      snapshots/<name>/          catalog.sqlite  vectors.faiss  terms.json  rows.npy  postings.npy
                                 frequencies.npy  signatures.npy  acronyms.json  sources.json
                                 set_aside.json  manifest.json
      snapshots/.building-…/     a rebuild under way, or the remains of one that died
      encoded.sqlite             what a large rebuild that has not ended has encoded

A crash while building leaves a `.building-` folder that nothing points to and the next rebuild removes. A crash between
the folder's rename and the pointer's replacement leaves a whole snapshot that is not live yet. The pointer itself is
written beside, synced and renamed, so that it names the old snapshot or the new one, never neither. What a server holds
follows the folders: `index/placing.py` says how.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from index.acronyms import Acronyms
from index.catalog import Catalog
from index.chunk_search import ChunkSearch
from index.durable import make_folder, replace, sync
from index.errors import IndexMismatchError, IndexMissingError, RebuildError, SearchServerError
from index.lexical import Lexicon
from index.manifest import Manifest
from index.postings import Postings
from index.readers import SetAside
from index.served_vectors import Place, ServedVectors
from index.signatures import Signatures
from index.vector_store import VectorStore

CATALOG, VECTORS, SET_ASIDE = "catalog.sqlite", "vectors.faiss", "set_aside.json"
BUILDING = ".building-"


@dataclass(frozen=True)
class Snapshot:
    """One built version of the index, opened for reading."""

    manifest: Manifest
    catalog: Catalog
    vectors: VectorStore
    postings: Postings
    acronyms: Acronyms
    signatures: Signatures

    @classmethod
    def open(cls, folder: Path) -> "Snapshot":
        """Open a snapshot's folder; IndexMismatchError where its parts are missing or do not fit together."""
        manifest = Manifest.open(folder)
        try:
            postings = Postings.open(folder)
        except (OSError, EOFError, ValueError) as error:
            raise IndexMismatchError(f"{folder} holds no readable postings; run `communique rebuild`") from error
        acronyms = Acronyms.open(folder)
        vectors = VectorStore.open(folder / VECTORS)
        signatures = Signatures.open(folder)
        counts = {manifest.chunks, vectors.count, postings.rows}
        if len(counts) != 1 or len(signatures.rows) != manifest.releases or vectors.dimensions != manifest.dimensions:
            raise IndexMismatchError(f"the parts of {folder} do not fit together; run `communique rebuild`")
        return cls(manifest, Catalog(folder / CATALOG), vectors, postings, acronyms, signatures)

    @cached_property
    def searched(self) -> ChunkSearch:
        """Where vectors are searched: their file, or the server that the folder names.

        SearchServerError where that cannot be asked, IndexMismatchError where it does not hold this snapshot.
        """
        place = Place.of(self.catalog.path.parent)
        return ServedVectors.open(place, self.manifest.chunks, self.manifest.dimensions) if place else self.vectors

    @cached_property
    def lexicon(self) -> Lexicon:
        """The lexical side, turned from chunks to terms when it is first asked."""
        return Lexicon(self.postings, self.acronyms)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Release number by id."""
        return self.catalog.numbers()

    @property
    def name(self) -> str:
        """The snapshot's name, as every answer gives it."""
        return self.manifest.snapshot


class SnapshotStore:
    """The snapshots under one home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "snapshots"
        self._pointer = home / "current"

    def live(self) -> str | None:
        """The name of the live snapshot, or None where nothing was ever built."""
        try:
            return self._pointer.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def require(self) -> Path:
        """The folder of the live snapshot; IndexMissingError, with the folder and the command, where there is none."""
        name = self.live()
        if name is None:
            raise IndexMissingError(f"there is no index under {self.home.resolve()}; run `communique rebuild`")
        if not (self.folder / name).is_dir():
            raise IndexMissingError(f"the snapshot {name} is gone from {self.folder}; run `communique rebuild`")
        return self.folder / name

    def open(self) -> Snapshot:
        """The live snapshot, opened; raises as `require` does, and IndexMismatchError where it cannot be read."""
        while True:
            name = self.live()
            try:
                return Snapshot.open(self.require())
            except (IndexMissingError, IndexMismatchError):
                # Two swaps while it was being opened remove it; then there is a newer one.
                if self.live() == name:
                    raise

    def manifest(self) -> Manifest | None:
        """The manifest of the live snapshot, or None where nothing was ever built."""
        return Manifest.open(self.require()) if self.live() else None

    def begin(self) -> Path:
        """An empty folder to build in; remains of rebuilds that died are removed (the caller holds the lock)."""
        make_folder(self.folder)
        # The home folder may have been made by somebody who did not see to it.
        sync(self.home.absolute().parent)
        for remains in self.folder.glob(f"{BUILDING}*"):
            shutil.rmtree(remains)
        building = self.folder / f"{BUILDING}{os.getpid()}"
        building.mkdir()
        return building

    def publish(self, building: Path, name: str) -> Path:
        """Make the finished folder durable, name it and point to it; all but it and the one before it are removed.

        The folder under its name.
        """
        before = self.live()
        for path in building.iterdir():
            sync(path)
        sync(building)
        _switch_alias(building)
        building.rename(self.folder / name)
        sync(self.folder)
        self._point_to(name)
        self._remove_all_but({name, before})
        return self.folder / name

    def rollback(self) -> tuple[str, str]:
        """Point to the snapshot before the live one; both names, the one left first.

        RebuildError where there is none or it cannot be read. The next rebuild starts from the one pointed to.
        """
        live = self.require().name
        # Names begin with the time they were built at.
        older = sorted(path.name for path in self.folder.glob("[!.]*") if path.name < live)
        if not older:
            raise RebuildError(f"there is no snapshot before {live}; the index is as it was")
        try:
            _try(self.folder / older[-1])
        except (IndexMismatchError, SearchServerError) as error:
            raise RebuildError(f"the snapshot before {live} cannot be used: {error}") from error
        _switch_alias(self.folder / older[-1])
        self._point_to(older[-1])
        return live, older[-1]

    def _point_to(self, name: str) -> None:
        beside = self._pointer.with_suffix(".new")
        beside.write_text(name + "\n", encoding="utf-8")
        replace(beside, self._pointer)

    def set_aside(self) -> list[SetAside]:
        """What the live snapshot's rebuild could not read, with reasons."""
        name = self.live()
        path = self.folder / str(name) / SET_ASIDE
        return [SetAside(**row) for row in json.loads(path.read_text(encoding="utf-8"))] if path.is_file() else []

    def _remove_all_but(self, kept: set[str | None]) -> None:
        """The live snapshot stays and the one that was live before it, for rollback and for readers still on it."""
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in kept:
                # The new snapshot is live by now; what cannot be removed is removed by the next rebuild.
                shutil.rmtree(path, ignore_errors=True)


def _switch_alias(folder: Path) -> None:
    """Tell the server, where there is one, which collection is live: before the pointer, as it may refuse."""
    if place := Place.of(folder):
        place.switch()


def _try(folder: Path) -> None:
    """Open a snapshot and what it is searched in; IndexMismatchError, SearchServerError where it cannot be used."""
    snapshot = Snapshot.open(folder)
    try:
        _ = snapshot.searched
    finally:
        snapshot.catalog.close()


def save_set_aside(folder: Path, rows: list[SetAside]) -> None:
    """Write what could not be read beside the snapshot that lacks it."""
    text = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)
    (folder / SET_ASIDE).write_text(text + "\n", encoding="utf-8")
