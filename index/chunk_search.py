"""What search asks of the place where vectors lie, a file of FAISS (`VectorStore`) or a server (`ServedVectors`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Within:
    """Chunks by their releases: published from the day `since` to the day `until` (ordinals), or among `others`.

    `others` are the numbers of releases that state a day of the period without having been published in it.
    """

    since: int
    until: int
    others: Sequence[int]


class ChunkSearch(Protocol):
    """The nearest chunks, by row. Raises SearchServerError where a server cannot be asked."""

    @property
    def count(self) -> int:
        """How many vectors there are."""

    @property
    def dimensions(self) -> int:
        """The length of each vector."""

    def search(
        self, query: Vectors, count: int, among: Rows | None = None, within: Within | None = None
    ) -> tuple[Rows, Vectors]:
        """Rows and cosines of the `count` nearest chunks to one query of shape (dimensions,), best first.

        `among` narrows the search to these rows. `within` says the same in few words, to a place that knows days.
        """

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """Cosines of one query with the chunks in `rows`, in their order."""


@runtime_checkable
class WordSearch(ChunkSearch, Protocol):
    """A place that finds chunks by their words too."""

    def with_terms(
        self, numbers: Sequence[int], count: int, among: Rows | None = None, within: Within | None = None
    ) -> Rows:
        """Rows of the `count` chunks with the best BM25 for terms by their numbers; none without any of them."""
