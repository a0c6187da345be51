"""Vectors: scores by hand on vectors small enough to see, narrowing, and what a spoiled file says."""

import math
from pathlib import Path

import numpy as np
import pytest

from index import vector_store
from index.array_file import vectors_file
from index.embedding import Vectors
from index.errors import IndexMismatchError
from index.vector_store import FOUND, VectorStore, recall

# Two axes, and the direction 3:4 between them.
VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)
QUERY = np.array([0.8, 0.6], np.float32)  # with the rows: 0.8, 0.6, 0.48 + 0.48 = 0.96


@pytest.fixture
def store() -> VectorStore:
    return VectorStore.build(VECTORS)


def test_the_nearest_come_first_with_their_cosines(store: VectorStore) -> None:
    rows, scores = store.search(QUERY, 3)
    assert rows.tolist() == [2, 0, 1]
    assert scores == pytest.approx([0.96, 0.8, 0.6])


def test_opposite_vectors_score_below_zero(store: VectorStore) -> None:
    assert store.search(-QUERY, 1)[1] == pytest.approx([-0.6])


def test_among_narrows_the_search(store: VectorStore) -> None:
    rows, scores = store.search(QUERY, 5, among=np.array([0, 1]))
    assert rows.tolist() == [0, 1]
    assert scores == pytest.approx([0.8, 0.6])


def test_among_none_finds_nothing(store: VectorStore) -> None:
    rows, scores = store.search(QUERY, 5, among=np.zeros(0, np.int64))
    assert (len(rows), len(scores)) == (0, 0)


def test_no_more_than_there_are(store: VectorStore) -> None:
    assert store.search(QUERY, 100)[0].tolist() == [2, 0, 1]
    assert len(store.search(QUERY, 0)[0]) == 0


def test_scores_keep_the_order_of_the_rows(store: VectorStore) -> None:
    assert store.scores(QUERY, np.array([1, 2, 0])) == pytest.approx([0.6, 0.96, 0.8])
    assert len(store.scores(QUERY, np.zeros(0, np.int64))) == 0


def test_an_empty_store_answers() -> None:
    store = VectorStore.build(np.zeros((0, 2), np.float32))
    assert (store.count, store.dimensions, store.vectors().shape) == (0, 2, (0, 2))
    assert len(store.search(QUERY, 3)[0]) == 0


def test_a_saved_store_opens_as_it_was(store: VectorStore, tmp_path: Path) -> None:
    store.save(tmp_path / "vectors.faiss")
    found = VectorStore.open(tmp_path / "vectors.faiss")
    assert (found.count, found.dimensions) == (3, 2)
    np.testing.assert_array_equal(found.vectors(), VECTORS)


@pytest.mark.parametrize("content", [b"", b"not vectors at all", None])
def test_a_spoiled_file_is_named_with_the_command(content: bytes | None, store: VectorStore, tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    store.save(path)
    path.write_bytes(path.read_bytes()[:-7] if content is None else content)
    with pytest.raises(IndexMismatchError, match=r"vectors\.faiss .* `communique rebuild`"):
        VectorStore.open(path)


def test_a_refusing_disk_is_an_error_of_the_disk(store: VectorStore, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="could not be written"):
        store.save(tmp_path / "no such folder" / "vectors.faiss")


def clustered(count: int, dimensions: int = 24) -> Vectors:
    """Unit vectors around fifty directions, as texts lie around their topics."""
    random = np.random.default_rng(1)
    topics = random.standard_normal((50, dimensions))
    found = topics[random.integers(50, size=count)] + 0.5 * random.standard_normal((count, dimensions))
    unit: Vectors = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
    return unit


@pytest.fixture
def in_cells(monkeypatch: pytest.MonkeyPatch) -> tuple[VectorStore, Vectors]:
    monkeypatch.setattr(vector_store, "EXACT_UP_TO", 3_000)
    vectors = clustered(4_000)
    assert VectorStore.build(vectors[:3_000]).is_exact
    return VectorStore.build(vectors), vectors


def test_a_large_store_finds_what_exact_search_finds(in_cells: tuple[VectorStore, Vectors]) -> None:
    store, vectors = in_cells
    assert not store.is_exact
    queries = clustered(4_200)[4_000:]
    exact = np.argsort(-queries @ vectors.T, axis=1, kind="stable")[:, :10]
    found = np.stack([store.search(query, 10)[0] for query in queries])
    assert recall(found, exact) >= FOUND - 0.005


def test_a_large_store_keeps_its_rows(in_cells: tuple[VectorStore, Vectors], tmp_path: Path) -> None:
    store, vectors = in_cells
    store.save(tmp_path / "vectors.faiss")
    opened = VectorStore.open(tmp_path / "vectors.faiss")
    assert not opened.is_exact
    np.testing.assert_array_equal(opened.vectors(), vectors)
    rows = np.array([3_999, 0, 17])
    np.testing.assert_allclose(opened.scores(vectors[0], rows), vectors[rows] @ vectors[0], rtol=1e-5)
    assert opened.search(vectors[17], 10)[0].tolist() == store.search(vectors[17], 10)[0].tolist()


def test_a_narrowed_search_of_a_large_store_is_exact(in_cells: tuple[VectorStore, Vectors]) -> None:
    store, vectors = in_cells
    among = np.arange(0, 4_000, 7)
    rows, scores = store.search(vectors[5], 3, among)
    expected = among[np.argsort(-(vectors[among] @ vectors[5]), kind="stable")[:3]]
    assert rows.tolist() == expected.tolist()
    assert scores == pytest.approx(vectors[expected] @ vectors[5], rel=1e-5)


def grown(path: Path, *parts: Vectors, before: Path | None = None) -> VectorStore:
    with vectors_file(path, parts[0].shape[1], before) as file:
        for part in parts:
            file.append(part)
    return VectorStore.open(path)


def test_vectors_written_piece_by_piece_are_those_written_at_once(tmp_path: Path) -> None:
    first = grown(tmp_path / "first", VECTORS[:2])
    both = grown(tmp_path / "both", VECTORS[:0], VECTORS[2:], before=tmp_path / "first")
    np.testing.assert_array_equal(both.vectors(), VECTORS)
    VectorStore.build(VECTORS).save(tmp_path / "at once")
    assert (tmp_path / "both").read_bytes() == (tmp_path / "at once").read_bytes()
    assert (first.count, grown(tmp_path / "none", VECTORS[:0]).count) == (2, 0)


def test_cells_serve_on_until_there_are_many_more(in_cells: tuple[VectorStore, Vectors], tmp_path: Path) -> None:
    store, vectors = in_cells
    store.save(tmp_path / "cells")
    before, more = VectorStore.open(tmp_path / "cells"), clustered(7_000)
    soon, late = (grown(tmp_path / str(count), more[:count]).settled(before) for count in (5_000, 7_000))
    assert (soon.cells, late.cells) == (before.cells, math.isqrt(7_000))
    np.testing.assert_array_equal(soon.vectors(), more[:5_000])
    np.testing.assert_array_equal(before.vectors(), vectors)
