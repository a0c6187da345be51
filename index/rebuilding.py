"""Rebuild: files -> releases -> a plan against the live snapshot -> encode what changed -> a new snapshot, swapped in.

A reader is never disturbed: the new snapshot is built beside the live one, opened and tried as a reader would, and only
then pointed to. Files and releases are compared by the digests of their content: what is unchanged is neither read nor
encoded again.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from index.building import Builder
from index.draft import SetAside
from index.durable import make_folder
from index.embedding import Encoder
from index.encodings import NAME as ENCODED
from index.encodings import Encodings
from index.errors import RebuildError, UsageError
from index.gate import check_gate
from index.placing import Placing
from index.plan import OnProgress, Planner
from index.snapshots import CATALOG, Snapshot, SnapshotStore

Consent = Callable[[int, int], bool]
"""Asked before many releases are withdrawn: how many, of how many."""

WITHDRAWN_SHARE = 0.2
"""A rebuild that would withdraw a larger share of the releases needs the caller's consent: it is often a wrong path."""


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
    renamed: int = 0


class Rebuilder:
    """Builds snapshots under one home folder with one encoder; `vectors` says where they are searched ("": FAISS)."""

    def __init__(
        self,
        home: Path,
        encoder: Encoder,
        chunk_characters: int,
        on_progress: OnProgress | None = None,
        vectors: str = "",
    ) -> None:
        self._home, self._encoder = home, encoder
        self._store = SnapshotStore(home)
        report = on_progress or (lambda stage, done, total: None)
        self._planner = Planner(home, encoder.name, encoder.dimensions, chunk_characters, report)
        self._last: Snapshot | None = None
        self._encodings = Encodings(home / ENCODED, encoder)
        self._placing = Placing(home, vectors)
        self._builder = Builder(encoder, chunk_characters, self._encodings, self._placing, report)

    def run(
        self, paths: Iterable[Path], consent: Consent = lambda withdrawn, of: False, gate: bool = True
    ) -> RebuildReport:
        """Make the index hold exactly the releases under `paths` and in the inbox.

        `gate` is whether the questions of the gate, where there are any, must be answered as well as before. Raises
        UsageError for a path that does not exist or a withdrawal not allowed, RebuildError where another rebuild is
        running, nothing is readable, the gate is not passed or the disk refuses; the live index stays as it was.
        """
        paths = list(paths)
        make_folder(self._home)
        lock = FileLock(self._home / "rebuild.lock")
        try:
            # The system frees the lock of a process that died.
            with lock.acquire(timeout=0):
                return self._run(paths, consent, gate)
        except Timeout as error:
            raise RebuildError(f"another rebuild is running on {self._home}; wait for it to end") from error
        except (OSError, sqlite3.Error) as error:
            raise RebuildError(f"the rebuild stopped, the index is as it was: {error}") from error

    def warm(self) -> None:
        """Load what the next rebuild needs, for one who waits for changes."""
        self._builder.warm()

    def _run(self, paths: list[Path], consent: Consent, gate: bool) -> RebuildReport:
        before, previous = self._store.live(), self._previous()
        plan, sources = self._planner.plan(paths, previous)
        if not plan.digests:
            raise RebuildError(_nothing_read(paths, plan.set_aside))
        if previous:
            _ask(len(plan.withdrawn), previous.manifest.releases, consent)
        building = self._store.begin()
        self._placing.sweep(self._store.folder, before)
        try:
            kept = previous if previous and self._planner.fits(previous.manifest) else None
            forgotten = self._store.folder / before / CATALOG if before and not kept else None
            manifest, encoded = self._builder.build(building, plan, kept, sources, paths, forgotten)
            snapshot = self._builder.check(building)
            if gate and previous:
                check_gate(self._store, snapshot, self._encoder)
            snapshot.catalog.path = self._store.publish(building, manifest.snapshot) / CATALOG
        except Exception:
            # Half an index on a full disk would keep everything else from being written.
            shutil.rmtree(building, ignore_errors=True)
            raise
        self._encodings.forget()
        self._last = snapshot
        if previous:
            previous.catalog.close()
        return RebuildReport(
            manifest.snapshot, manifest.releases, len(plan.added), len(plan.changed), len(plan.withdrawn),
            len(plan.unchanged), encoded, list(plan.set_aside), len(plan.renamed),
        )  # fmt: skip

    def _previous(self) -> Snapshot | None:
        """The live snapshot: the one built last, still open, or opened now. A rebuild uses it up."""
        last, self._last = self._last, None
        if last and last.name == self._store.live():
            return last
        if last:
            last.catalog.close()
        return self._planner.previous()


def _ask(withdrawn: int, of: int, consent: Consent) -> None:
    if withdrawn > WITHDRAWN_SHARE * of and not consent(withdrawn, of):
        raise UsageError(
            f"this would withdraw {withdrawn} of {of} releases, so nothing was changed; "
            "give --yes if that is what you want, or name all paths"
        )


def _nothing_read(paths: list[Path], set_aside: Iterable[SetAside]) -> str:
    names = ", ".join(str(path) for path in paths) or "the inbox"
    reasons = "; ".join(f"{row.source}: {row.reason}" for row in list(set_aside)[:3])
    return f"nothing readable under {names}" + (f" ({reasons})" if reasons else "") + "; the index is as it was"
