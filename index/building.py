"""A new snapshot in a folder: what is kept of the one before it, and what is new, cut, encoded and appended."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np

from index import chunking
from index.acronyms import Acronyms, spelled
from index.array_writer import ArrayWriter, settle
from index.catalog import Catalog
from index.catalog_writer import CatalogWriter, Entry
from index.chunk_search import WordSearch
from index.draft import Draft, finish
from index.embedding import Encoder
from index.encodings import Encodings
from index.errors import RebuildError
from index.manifest import Manifest, name_after
from index.placing import Placing
from index.plan import OnProgress, Plan
from index.postings import Postings
from index.release import Release
from index.signatures import signature
from index.snapshots import CATALOG, Snapshot, save_set_aside
from index.sources import Sources
from index.stated_dates import stated_dates
from index.terms import terms

BATCH = 256
"""Releases that are cut and encoded together, so that memory holds no more of them."""

ALIKE = 0.98
"""Cosine from which a text encoded again is the one that was stored (bfloat16 keeps 0.997)."""


class Builder:
    """Builds snapshots with one encoder."""

    def __init__(
        self, encoder: Encoder, characters: int, encodings: Encodings, placing: Placing, report: OnProgress
    ) -> None:
        self._encoder, self._characters, self._encodings, self._report = encoder, characters, encodings, report
        self._placing = placing

    def build(
        self,
        folder: Path,
        plan: Plan,
        before: Snapshot | None,
        sources: Sources,
        paths: Sequence[Path],
        forgotten: Path | None = None,
    ) -> tuple[Manifest, int]:
        """Write the snapshot that a plan makes of the one `before`: its manifest, and how many chunks were encoded.

        `forgotten` is the catalog of a snapshot of which nothing can be kept but notes of what was there.
        """
        with CatalogWriter(folder / CATALOG, before.catalog.path if before else None) as writer:
            today = datetime.now(UTC).date()
            kept = writer.withdraw(plan.withdrawn, plan.changed, today)
            for old, new in plan.renamed:
                writer.rename(old, new, today)
            with ArrayWriter(folder, self._encoder.dimensions, before, kept) as arrays:
                encoded = self._make(plan.fresh, writer, arrays)
            if forgotten:
                writer.remember(forgotten, today)
        self._report("writing", 0, 0)
        chunks = settle(folder, before.vectors if before else None, searched=not self._placing.address)
        save_set_aside(folder, list(plan.set_aside))
        sources.save(folder)
        manifest = self._manifest(folder, plan, chunks, paths)
        manifest.save(folder)
        if self._placing.address:
            self._place(folder)
        return manifest, encoded

    def _place(self, folder: Path) -> None:
        self._report("placing", 0, 0)
        snapshot = Snapshot.open(folder)
        try:
            self._placing.fill(snapshot)
        finally:
            snapshot.catalog.close()

    def warm(self) -> None:
        """Load, before somebody waits for it, what a first release needs: languages, stemmers, the compiled encoder."""
        self._encoder.accelerate()
        entry = self._cut(finish(Draft("The minister will open the embassy in Apia on 20 March 2024. So she said.")))
        texts = [chunk.embedded_text for chunk in entry.chunks]
        self._encoder.encode_chunks(texts)
        Postings.of(map(terms, texts))
        signature(entry.release.text)

    def check(self, folder: Path) -> Snapshot:
        """Open a new snapshot as a reader would and try it; RebuildError where a reader would be misled."""
        snapshot = Snapshot.open(folder)
        found = snapshot.catalog.coverage().releases
        if found != snapshot.manifest.releases:
            raise RebuildError(f"the new index holds {found} releases, not {snapshot.manifest.releases}")
        last = snapshot.manifest.chunks - 1
        rows = sorted({0, last // 2, last}) if last >= 0 else []
        texts = [snapshot.catalog.chunk_at(row).embedded_text for row in rows]
        for row, text, again in zip(rows, texts, self._encoder.encode_chunks(texts), strict=True):
            cosine = float(snapshot.searched.scores(again, np.array([row]))[0])
            if cosine < ALIKE or snapshot.postings.words(row) != set(terms(text)) or not _finds(snapshot, row):
                raise RebuildError(f"the new index does not find chunk {row} by its own text (cosine {cosine:.3f})")
        return snapshot

    def _make(self, releases: Sequence[Release], writer: CatalogWriter, arrays: ArrayWriter) -> int:
        """Cut, encode and write releases; how many chunks they have."""
        encoded = 0
        self._report("encoding", 0, len(releases))
        for first in range(0, len(releases), BATCH):
            batch = [self._cut(release) for release in releases[first : first + BATCH]]
            writer.insert(batch)
            texts = [chunk.embedded_text for entry in batch for chunk in entry.chunks]
            heard = self._heard(first, len(batch), len(texts), len(releases))
            vectors = self._encodings.encode(texts, heard, keep=len(releases) > BATCH)
            arrays.append(vectors, Postings.of(map(terms, texts)), [signature(entry.release.text) for entry in batch])
            encoded += len(texts)
            self._report("encoding", first + len(batch), len(releases))
        return encoded

    def _heard(self, first: int, releases: int, chunks: int, of: int) -> Callable[[int], None]:
        """Tells, as chunks are encoded, how many releases that makes."""
        done = 0

        def on_batch(count: int) -> None:
            nonlocal done
            done += count
            self._report("encoding", first + releases * done // max(chunks, 1), of)

        return on_batch

    def _cut(self, release: Release) -> Entry:
        parts = chunking.sentences(release)
        stated = sorted({(day.since, day.until) for day in stated_dates(release.text, release.date)})
        chunks = chunking.chunks(release, parts, self._characters)
        return Entry(release, parts, chunks, stated, spelled(release.text))

    def _manifest(self, folder: Path, plan: Plan, chunks: int, paths: Sequence[Path]) -> Manifest:
        catalog = Catalog(folder / CATALOG)
        Acronyms.of(catalog.acronyms()).save(folder)
        coverage = catalog.coverage()
        catalog.close()
        digests = "".join(f"{name}\0{digest}\0" for name, digest in sorted(plan.digests.items()))
        content = sha256(f"{self._encoder.name}\0{digests}".encode("utf-8", "surrogatepass")).hexdigest()
        now = datetime.now(UTC)
        return Manifest(
            snapshot=name_after((path.name for path in folder.parent.glob("[!.]*")), now, content[:8]),
            created=now.isoformat(timespec="seconds"),
            encoder=self._encoder.name,
            dimensions=self._encoder.dimensions,
            chunk_characters=self._characters,
            releases=len(plan.digests),
            chunks=chunks,
            since=coverage.since.isoformat() if coverage.since else None,
            until=coverage.until.isoformat() if coverage.until else None,
            paths=tuple(str(path.resolve()) for path in paths),
        )


def _finds(snapshot: Snapshot, row: int) -> bool:
    """Whether a chunk is found by its words where a server keeps them."""
    start, stop = snapshot.postings.starts[row : row + 2]
    numbers = snapshot.postings.numbers[start:stop].tolist()
    searched = snapshot.searched
    if not numbers or not isinstance(searched, WordSearch):
        return True
    return row in searched.with_terms(numbers, 1, np.array([row]))
