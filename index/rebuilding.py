"""Rebuild: files -> releases -> a plan against the live snapshot -> encode what changed -> a new snapshot, swapped in.

A reader is never disturbed: the new snapshot is built beside the live one, opened and checked as a reader would, and
only then pointed to. Releases are compared by the digest of their content, so an unchanged release costs no encoding.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from index import catalog, chunking
from index.acronyms import Acronyms
from index.catalog import Entry
from index.embedding import Encoder, Vectors
from index.errors import CommuniqueError, RebuildError, UsageError
from index.lexical import Postings
from index.manifest import Manifest
from index.readers import SetAside, read_paths
from index.release import Release
from index.signatures import Signature, Signatures, signature
from index.snapshots import CATALOG, VECTORS, Snapshot, SnapshotStore, save_set_aside
from index.stated_dates import stated_dates
from index.terms import terms
from index.vector_store import VectorStore

OnProgress = Callable[[str, int, int], None]
"""Called with a stage (`reading`, `cutting`, `encoding`, `writing`), what is done and the total (0: not known)."""

Consent = Callable[[int, int], bool]
"""Asked before many releases are withdrawn: how many, of how many."""

WITHDRAWN_SHARE = 0.2
"""A rebuild that would withdraw a larger share of the releases needs the caller's consent: it is often a wrong path."""


@dataclass(frozen=True)
class Plan:
    """What a rebuild changes, as release ids; `releases` is what the index will hold."""

    releases: Sequence[Release]
    added: Sequence[str]
    changed: Sequence[str]
    withdrawn: Sequence[str]
    unchanged: Sequence[str]
    set_aside: Sequence[SetAside] = ()


@dataclass(frozen=True)
class RebuildReport:
    """What a rebuild did; counts of releases, what was set aside and the snapshot that is live now."""

    snapshot: str
    releases: int
    added: int
    changed: int
    withdrawn: int
    unchanged: int
    encoded_chunks: int
    set_aside: list[SetAside] = field(default_factory=list)


class Rebuilder:
    """Builds snapshots under one home folder with one encoder."""

    def __init__(
        self, home: Path, encoder: Encoder, chunk_characters: int, on_progress: OnProgress | None = None
    ) -> None:
        self._home, self._encoder, self._characters = home, encoder, chunk_characters
        self._store = SnapshotStore(home)
        self._report = on_progress or (lambda stage, done, total: None)

    def run(self, paths: Iterable[Path], consent: Consent = lambda withdrawn, of: False) -> RebuildReport:
        """Make the index hold exactly the releases under `paths` and in the inbox.

        Raises UsageError for a path that does not exist or a withdrawal not allowed, RebuildError where another rebuild
        is running, nothing is readable or the disk refuses; the live index stays as it was.
        """
        paths = list(paths)
        self._home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._home / "rebuild.lock")
        try:
            with lock.acquire(timeout=0):
                return self._run(paths, consent)
        except Timeout as error:
            raise RebuildError(f"another rebuild is running on {self._home}; wait for it to end") from error
        except (OSError, sqlite3.Error) as error:
            raise RebuildError(f"the rebuild stopped, the index is as it was: {error}") from error

    def _run(self, paths: list[Path], consent: Consent) -> RebuildReport:
        previous = self._previous()
        plan = make_plan(self._read(paths), previous.catalog.digests() if previous else {})
        if not plan.releases:
            raise RebuildError(_nothing_read(paths, plan.set_aside))
        if previous:
            _ask(len(plan.withdrawn), previous.manifest.releases, consent)
        building = self._store.begin()
        kept = previous if previous and self._fits(previous.manifest) else None
        manifest, encoded = self._build(building, plan, kept, paths)
        self._check(building)
        self._store.publish(building, manifest.snapshot)
        return RebuildReport(
            manifest.snapshot, manifest.releases, len(plan.added), len(plan.changed), len(plan.withdrawn),
            len(plan.unchanged), encoded, list(plan.set_aside),
        )  # fmt: skip

    def _read(self, paths: list[Path]) -> tuple[list[Release], list[SetAside]]:
        inbox = self._home / "inbox"
        seen = 0

        def on_file(path: Path) -> None:
            nonlocal seen
            seen += 1
            self._report("reading", seen, 0)

        reading = read_paths([*paths, inbox] if inbox.is_dir() else paths, on_file)
        return sorted(reading.releases, key=lambda release: release.id), reading.set_aside

    def _previous(self) -> Snapshot | None:
        try:
            return self._store.open() if self._store.live() else None
        except CommuniqueError:
            return None  # Not readable by this version: everything is encoded anew, nothing of it is needed.

    def _fits(self, manifest: Manifest) -> bool:
        wanted = (self._encoder.name, self._encoder.dimensions, self._characters)
        return (manifest.encoder, manifest.dimensions, manifest.chunk_characters) == wanted

    def _build(self, folder: Path, plan: Plan, kept: Snapshot | None, paths: list[Path]) -> tuple[Manifest, int]:
        unchanged = set(plan.unchanged) if kept else set()
        entries = self._entries(plan.releases, unchanged, kept)
        fresh = [chunk for entry in entries if entry.release.id not in unchanged for chunk in entry.chunks]
        new = self._encode([chunk.embedded_text for chunk in fresh])
        new_terms = Postings.of(terms(chunk.embedded_text) for chunk in fresh)
        old_rows, order = _order(entries, unchanged, kept)
        vectors = np.concatenate([kept.vectors.vectors()[old_rows], new])[order] if kept else new
        postings = kept.postings.take(old_rows, new_terms).take(order, Postings.of([])) if kept else new_terms
        self._report("writing", 0, 0)
        catalog.write(folder / CATALOG, entries)
        VectorStore.build(vectors).save(folder / VECTORS)
        postings.save(folder)
        Acronyms.of(release.text for release in plan.releases).save(folder)
        Signatures([_signature(release, unchanged, kept) for release in plan.releases]).save(folder)
        save_set_aside(folder, list(plan.set_aside))
        manifest = self._manifest(plan, len(vectors), paths)
        manifest.save(folder)
        return manifest, len(fresh)

    def _entries(self, releases: Sequence[Release], unchanged: set[str], kept: Snapshot | None) -> list[Entry]:
        found = []
        for number, release in enumerate(releases):
            found.append(_kept(release, kept) if kept and release.id in unchanged else self._cut(release))
            self._report("cutting", number + 1, len(releases))
        return found

    def _cut(self, release: Release) -> Entry:
        parts = chunking.sentences(release)
        stated = sorted({(day.since, day.until) for day in stated_dates(release.text, release.date)})
        return Entry(release, parts, chunking.chunks(release, parts, self._characters), stated)

    def _encode(self, texts: list[str]) -> Vectors:
        done = 0

        def on_batch(count: int) -> None:
            nonlocal done
            done += count
            self._report("encoding", done, len(texts))

        return self._encoder.encode_chunks(texts, on_batch)

    def _manifest(self, plan: Plan, chunks: int, paths: list[Path]) -> Manifest:
        digests = "".join(f"{release.id}\0{release.digest}\0" for release in plan.releases)
        content = sha256(f"{self._encoder.name}\0{digests}".encode("utf-8", "surrogatepass")).hexdigest()
        days = sorted(release.date.isoformat() for release in plan.releases if release.date)
        now = datetime.now(UTC)
        return Manifest(
            snapshot=f"{now:%Y%m%dT%H%M%S%f}-{content[:8]}",
            created=now.isoformat(timespec="seconds"),
            encoder=self._encoder.name,
            dimensions=self._encoder.dimensions,
            chunk_characters=self._characters,
            releases=len(plan.releases),
            chunks=chunks,
            since=days[0] if days else None,
            until=days[-1] if days else None,
            paths=tuple(str(path.resolve()) for path in paths),
        )

    def _check(self, folder: Path) -> None:
        """Open the new snapshot as a reader would; what a reader would refuse never goes live."""
        snapshot = Snapshot.open(folder)
        found = snapshot.catalog.coverage().releases
        snapshot.catalog.close()
        if found != snapshot.manifest.releases:
            raise RebuildError(
                f"the new index holds {found} releases, not {snapshot.manifest.releases}; it is not used"
            )


def make_plan(read: tuple[list[Release], list[SetAside]], before: dict[str, str]) -> Plan:
    """Compare what was read with what the index holds, by digest; order follows the releases."""
    releases, set_aside = read
    now = {release.id for release in releases}
    return Plan(
        releases=releases,
        added=[release.id for release in releases if release.id not in before],
        changed=[release.id for release in releases if before.get(release.id, release.digest) != release.digest],
        withdrawn=sorted(set(before) - now),
        unchanged=[release.id for release in releases if before.get(release.id) == release.digest],
        set_aside=set_aside,
    )


def _kept(release: Release, kept: Snapshot) -> Entry:
    catalog = kept.catalog
    return Entry(
        release, catalog.sentences(release), list(catalog.chunks(release).values()), catalog.stated_in(release.id)
    )


def _signature(release: Release, unchanged: set[str], kept: Snapshot | None) -> Signature:
    if kept and release.id in unchanged:
        row: Signature = kept.signatures.rows[kept.numbers[release.id]]
        return row
    return signature(release.text)


def _order(entries: list[Entry], unchanged: set[str], kept: Snapshot | None) -> tuple[list[int], list[int]]:
    """Rows to take from the kept snapshot, and where each new row stands among those followed by the fresh ones."""
    if kept is None:
        return [], []
    old = [list(kept.catalog.chunks(entry.release)) if entry.release.id in unchanged else [] for entry in entries]
    old_rows = list(chain.from_iterable(old))
    order: list[int] = []
    next_old, next_fresh = 0, len(old_rows)
    for entry, rows in zip(entries, old, strict=True):
        count = len(entry.chunks)
        first = next_old if rows else next_fresh
        order.extend(range(first, first + count))
        next_old, next_fresh = (next_old + count, next_fresh) if rows else (next_old, next_fresh + count)
    return old_rows, order


def _ask(withdrawn: int, of: int, consent: Consent) -> None:
    if withdrawn > WITHDRAWN_SHARE * of and not consent(withdrawn, of):
        raise UsageError(
            f"this would withdraw {withdrawn} of {of} releases, so nothing was changed; "
            "give --yes if that is what you want, or name all paths"
        )


def _nothing_read(paths: list[Path], set_aside: Sequence[SetAside]) -> str:
    names = ", ".join(str(path) for path in paths) or "the inbox"
    reasons = "; ".join(f"{row.source}: {row.reason}" for row in set_aside[:3])
    return f"nothing readable under {names}" + (f" ({reasons})" if reasons else "") + "; the index is as it was"
