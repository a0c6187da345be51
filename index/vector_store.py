"""Unit vectors by row in FAISS, searched by inner product; the one module that imports faiss.

Up to `EXACT_UP_TO` vectors search is exact. A larger store is cut into cells around means (an inverted file, Jégou et
al., "Product Quantization for Nearest Neighbor Search", 2011, with the vectors kept whole), and only the cells nearest
to the query are read: as many as it took, when the store was built, to find what exact search finds.
"""

import ctypes
import math
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from index.chunk_search import Rows, Within
from index.embedding import Vectors
from index.errors import IndexMismatchError

EXACT_UP_TO = 250_000
"""Vectors that are searched one by one."""

FOUND = 0.995
"""Share of the exact ten nearest that must be found when a store in cells is built, so that questions find 0.99."""

TRIED = 200
"""Vectors that are looked for when the number of cells to read is chosen."""

NEAREST = 10
SPREAD = 0.35
"""How far a vector that is looked for lies from one that is there: a question is like its passage, but not it."""

GROWN = 1.5
"""Times the vectors that cells were made for, the square of their number, from which they are made anew."""

BLOCK = 8192
"""Rows that are copied together."""

_TRAINED = 64
"""Vectors a cell that its mean is computed from."""


class VectorStore:
    """Vectors in the order of the catalog's chunks: row n belongs to the chunk whose row is n."""

    def __init__(self, index: Any) -> None:  # noqa: ANN401 - faiss ships no types
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> "VectorStore":
        """A store of `vectors`, shape (chunks, dimensions), each of length 1."""
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        if len(vectors):
            index.add(np.ascontiguousarray(vectors))
        return cls(index).settled()

    @classmethod
    def open(cls, path: Path) -> "VectorStore":
        """The store in a file; IndexMismatchError where it is not one.

        The file is mapped into memory, so that it is read as it is searched and shared by all who have it open.
        """
        import faiss

        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise IndexMismatchError(f"{path} is not a readable vector file; run `communique rebuild`") from error
        if isinstance(index, faiss.IndexIVF):
            index.make_direct_map()  # Where each row is; not part of the file.
        elif index.ntotal:
            _read_ahead(index)
        return cls(index)

    def settled(self, before: "VectorStore | None" = None) -> "VectorStore":
        """The same vectors as they are best searched: this exact store, or one in cells where there are many.

        The cells of the store `before` serve on until there are `GROWN` times the vectors that they were made for.
        """
        if self.count <= EXACT_UP_TO:
            return self
        if before and self.count < GROWN * before.cells**2:
            return VectorStore(_in_cells_of(before._index, self))
        return VectorStore(_in_cells(self))

    def save(self, path: Path) -> None:
        """Write the store to `path`; OSError where the disk refuses."""
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path} could not be written: {error}") from error

    @property
    def count(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        """The length of each vector."""
        return int(self._index.d)

    @property
    def is_exact(self) -> bool:
        """Whether every vector is looked at."""
        return self.cells == 0

    @property
    def cells(self) -> int:
        """How many cells there are, 0 of an exact store."""
        return int(getattr(self._index, "nlist", 0))

    def vectors(self) -> Vectors:
        """All vectors, shape (count, dimensions)."""
        return self.take(np.arange(self.count))

    def take(self, rows: Rows) -> Vectors:
        """The vectors of these rows, shape (rows, dimensions)."""
        if not len(rows):
            return np.zeros((0, self.dimensions), np.float32)
        found: Vectors = self._index.reconstruct_batch(np.ascontiguousarray(rows))
        return found

    def nearest(self, queries: Vectors, count: int) -> Rows:
        """The rows of the `count` nearest to each query, shape (queries, count)."""
        found: Rows = self._index.search(np.ascontiguousarray(queries), count)[1]
        return found

    def search(
        self, query: Vectors, count: int, among: Rows | None = None, within: Within | None = None
    ) -> tuple[Rows, Vectors]:
        """Rows and cosines of the `count` nearest chunks to one query of shape (dimensions,), best first.

        `among` narrows the search to these rows, which are then all looked at; `within` tells FAISS nothing more.
        """
        count = min(count, self.count if among is None else len(among))
        if count == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        params = None if among is None else self._narrowed(among)
        scores, rows = self._index.search(query.reshape(1, -1), count, params=params)
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """Cosines of one query with the chunks in `rows`, in their order."""
        found: Vectors = self.take(rows) @ query
        return found

    def _narrowed(self, among: Rows) -> Any:  # noqa: ANN401 - faiss ships no types
        """Only these rows, and of a store in cells all cells, since few rows may lie far from the query."""
        import faiss

        rows = faiss.IDSelectorBatch(np.ascontiguousarray(among))
        if self.is_exact:
            return faiss.SearchParameters(sel=rows)  # type: ignore[call-arg]
        return faiss.SearchParametersIVF(sel=rows, nprobe=self._index.nlist)  # type: ignore[call-arg]


def _in_cells(exact: VectorStore) -> Any:  # noqa: ANN401 - faiss ships no types
    """An inverted file of the vectors that reads as many cells as it needs to find what exact search finds."""
    import faiss

    cells = math.isqrt(exact.count)
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(exact.dimensions), exact.dimensions, cells, faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.seed = 10, 7
    chosen = np.random.default_rng(7).permutation(exact.count)
    index.train(exact.take(chosen[: _TRAINED * cells]))
    _fill(index, exact)
    tried = _beside(exact.take(chosen[-TRIED:]))
    wanted = exact.nearest(tried, NEAREST)
    for index.nprobe in (*(2**power for power in range(cells.bit_length())), cells):
        if recall(index.search(tried, NEAREST)[1], wanted) >= FOUND:
            break
    return index


def _in_cells_of(other: Any, exact: VectorStore) -> Any:  # noqa: ANN401 - as above
    """The vectors in the cells of another inverted file, which is left as it is: its file may be mapped."""
    import faiss

    quantizer = faiss.clone_index(other.quantizer)
    index = faiss.IndexIVFFlat(quantizer, exact.dimensions, other.nlist, faiss.METRIC_INNER_PRODUCT)
    index.nprobe = other.nprobe
    _fill(index, exact)
    return index


def _read_ahead(index: Any) -> None:  # noqa: ANN401 - as above
    """Have the system read mapped vectors in the large pieces that an exact search goes through.

    FAISS asks it to read them page by page, by which the first question after a start takes two seconds, not a tenth.
    """
    if not hasattr(mmap, "MADV_NORMAL"):
        return
    first = int(index.get_xb())
    begin = first - first % mmap.PAGESIZE
    end = first + 4 * index.ntotal * index.d
    # It is only advice: what comes of it need not be known.
    ctypes.CDLL(None).madvise(ctypes.c_void_p(begin), ctypes.c_size_t(end - begin), mmap.MADV_NORMAL)


def _fill(index: Any, exact: VectorStore) -> None:  # noqa: ANN401 - as above
    for rows in in_blocks(np.arange(exact.count)):
        index.add(exact.take(rows))
    index.make_direct_map()


def in_blocks(rows: Rows) -> Iterator[Rows]:
    """The rows, some thousand at a time, so that memory holds no more of what they stand for."""
    return (rows[first : first + BLOCK] for first in range(0, len(rows), BLOCK))


def _beside(vectors: Vectors) -> Vectors:
    """Vectors at an angle to others, as those of questions are."""
    noise = np.random.default_rng(8).standard_normal(vectors.shape).astype(np.float32)
    noise *= SPREAD / np.linalg.norm(noise, axis=1, keepdims=True)
    moved = vectors + noise
    unit: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return unit


def recall(found: Rows, wanted: Rows) -> float:
    """The share of the wanted rows, shape (queries, nearest), that were found."""
    pairs = zip(found, wanted, strict=True)
    return sum(len(np.intersect1d(*pair)) for pair in pairs) / wanted.size
