"""The arrays of a new snapshot, batch by batch: what stays of the one before is copied, what is new comes after it.

Where nothing is gone, files are copied by the system without being read; else rows are copied in their new order, some
thousand at a time. Memory holds one batch, whatever the number of releases.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import numpy as np

from index.array_file import vectors_file
from index.catalog_writer import Kept
from index.embedding import Vectors
from index.postings import Postings, PostingsWriter
from index.signatures import Signature, Signatures
from index.snapshots import VECTORS, Snapshot
from index.vector_store import VectorStore, in_blocks


class ArrayWriter:
    """Writes vectors, postings and signatures into `folder`; a context manager that finishes them at its end.

    `kept` is what stays of the snapshot `before`. OSError where the disk refuses.
    """

    def __init__(self, folder: Path, dimensions: int, before: Snapshot | None, kept: Kept) -> None:
        self._folder, self._dimensions, self._before, self._kept = folder, dimensions, before, kept
        self._signatures = [before.signatures.rows[kept.numbers]] if before else []

    def __enter__(self) -> Self:
        before = self._before
        source = before.catalog.path.parent if before and self._kept.is_all else None
        # Vectors in cells lie in another order in their file.
        whole = source / VECTORS if source and before and before.vectors.is_exact else None
        with ExitStack() as files:
            self._vectors = files.enter_context(vectors_file(self._folder / VECTORS, self._dimensions, whole))
            self._postings = files.enter_context(PostingsWriter(self._folder, source))
            if before and not whole:
                for rows in in_blocks(self._kept.rows):
                    self._vectors.append(before.vectors.take(rows))
            if before and not source:
                for rows in in_blocks(self._kept.rows):
                    self._postings.append(before.postings.take(rows))
            self._files = files.pop_all()
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:  # noqa: ANN401 - passed on
        self._files.__exit__(kind, error, trace)
        if error is None:
            Signatures(np.concatenate([Signatures([]).rows, *self._signatures])).save(self._folder)

    def append(self, vectors: Vectors, postings: Postings, signatures: Sequence[Signature]) -> None:
        """Write what was made of new releases: their chunks' vectors and postings, and a signature each."""
        self._vectors.append(vectors)
        self._postings.append(postings)
        self._signatures.append(Signatures(signatures).rows)


def settle(folder: Path, before: VectorStore | None, searched: bool = True) -> int:
    """Put the vectors that were written into cells where many of them are to be searched; how many there are."""
    written = VectorStore.open(folder / VECTORS)
    if not searched:
        return written.count
    settled = written.settled(before)
    if settled is not written:
        # Beside, as the file that is read must not be written over.
        settled.save(folder / f"{VECTORS}.new")
        (folder / f"{VECTORS}.new").replace(folder / VECTORS)
    return written.count
