"""Chunks on a server: the contract of search on FAISS and on Milvus Lite, new collections, and crashes."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import vector_server
from index.chunk_search import ChunkSearch, Within, WordSearch
from index.embedding import Vectors
from index.errors import IndexMismatchError, RebuildError, SearchServerError
from index.gate import NAME as GATE
from index.lexical import Lexicon
from index.placing import Ledger, Placing
from index.release import Release
from index.search import Searcher
from index.served_vectors import Place, ServedVectors
from index.snapshots import Snapshot, SnapshotStore
from index.vector_server import VectorServer, server_at
from index.vector_store import VectorStore
from tests.fakes import FakeEncoder, built, held, release

# Two axes, and the direction 3:4 between them.
VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)
QUERY = np.array([0.8, 0.6], np.float32)  # with the rows: 0.8, 0.6, 0.96
DAYS, RELEASES = [10, 20, 0], [0, 1, 2]
TERMS = ["t1 t1 t2", "t1 t3 t3 t3 t3 t3", "t3"]

OIL, GAS, WIND = release("oil", "Oil rose."), release("gas", "Gas fell."), release("wind", "Wind turned.")

Making = Callable[[Vectors], ChunkSearch]


@pytest.fixture
def making(request: pytest.FixtureRequest) -> Making:
    """Makes a place of vectors, the one that the parameter names."""
    return VectorStore.build if request.param == "faiss" else served(request.getfixturevalue("milvus"))


both = pytest.mark.parametrize(
    "making", ["faiss", pytest.param("milvus", marks=pytest.mark.process)], indirect=True, ids=["faiss", "milvus"]
)


def served(address: str) -> Making:
    def make(vectors: Vectors) -> ServedVectors:
        server = server_at(address)
        server.create("contract", vectors.shape[1])
        columns = zip(vectors, RELEASES, DAYS, TERMS, strict=False)
        rows: list[dict[str, object]] = [
            {"row": row, "vector": vector, "release": number, "published": day, "terms": words}
            for row, (vector, number, day, words) in enumerate(columns)
        ]
        if rows:
            server.upsert("contract", rows)
        server.finish("contract")
        return ServedVectors.open(Place(address, "contract", ""), len(vectors), vectors.shape[1])

    return make


@both
def test_the_nearest_come_first_with_their_cosines(making: Making) -> None:
    store = making(VECTORS)
    rows, scores = store.search(QUERY, 3)
    assert rows.tolist() == [2, 0, 1]
    assert scores == pytest.approx([0.96, 0.8, 0.6])
    assert (store.count, store.dimensions) == (3, 2)
    rows, scores = store.search(-QUERY, 1)
    assert rows.tolist() == [1]
    assert scores == pytest.approx([-0.6])


@both
def test_a_search_is_narrowed(making: Making) -> None:
    store = making(VECTORS)
    rows, scores = store.search(QUERY, 5, among=np.array([0, 1]))
    assert rows.tolist() == [0, 1]
    assert scores == pytest.approx([0.8, 0.6])
    assert len(store.search(QUERY, 5, among=np.zeros(0, np.int64))[0]) == 0
    first = store.search(QUERY, 5, np.array([1]), Within(15, 25, []))[0]
    other = store.search(QUERY, 5, np.array([1, 2]), Within(15, 25, [2]))[0]
    assert (first.tolist(), other.tolist()) == ([1], [2, 1])


@both
def test_no_more_than_there_are(making: Making) -> None:
    store = making(VECTORS)
    assert store.search(QUERY, 100)[0].tolist() == [2, 0, 1]
    assert len(store.search(QUERY, 0)[0]) == 0
    assert len(making(np.zeros((0, 2), np.float32)).search(QUERY, 3)[0]) == 0


@both
def test_scores_keep_the_order_of_the_rows(making: Making) -> None:
    store = making(VECTORS)
    assert store.scores(QUERY, np.array([1, 2, 0])) == pytest.approx([0.6, 0.96, 0.8])
    assert len(store.scores(QUERY, np.zeros(0, np.int64))) == 0


@pytest.mark.process
def test_words_find_chunks_by_bm25(milvus: str) -> None:
    store = served(milvus)(VECTORS)
    assert isinstance(store, WordSearch)
    assert store.with_terms([1], 5).tolist() == [0, 1]
    assert set(store.with_terms([2, 3], 5).tolist()) == {0, 1, 2}
    assert store.with_terms([1], 5, np.array([1])).tolist() == [1]
    assert store.with_terms([1], 5, np.array([1]), Within(15, 25, [])).tolist() == [1]
    assert [len(store.with_terms(numbers, 5)) for numbers in ([], [99])] == [0, 0]


def test_some_chunks_have_the_scores_that_they_have_among_all(home: Path) -> None:
    built(home, *(release(f"r{number}", "Oil gas wind. " * number + "Coal.") for number in range(1, 9)))
    snapshot = SnapshotStore(home).open()
    whole, rows = Lexicon(snapshot.postings), np.array([7, 0, 3])
    groups = [{"oil": 1.0}, {"coal": 1.0, "gas wind": 0.5}, {"unheard": 1.0}]
    np.testing.assert_allclose(whole.part(rows).scores(groups), whole.scores(groups)[rows], rtol=1e-6)
    assert whole.numbers(groups) == [whole.vocabulary[word] for word in ("oil", "coal", "gas", "wind")]
    snapshot.catalog.close()


@pytest.fixture
def shelf(home: Path, milvus: str, monkeypatch: pytest.MonkeyPatch) -> "Shelf":
    """A shelf on a server that refuses what Milvus does and Milvus Lite lets pass."""
    from pymilvus.exceptions import MilvusException

    client = server_at(milvus)._client
    drop, drop_alias = client.drop_collection, client.drop_alias

    def dropped(name: str, **options: float) -> None:
        if client.list_aliases(name)["aliases"]:
            raise MilvusException(message=f"{name} has an alias")
        drop(name, **options)

    def dropped_alias(alias: str, **options: float) -> None:
        client.describe_alias(alias)  # raises where there is none
        drop_alias(alias, **options)

    monkeypatch.setattr(client, "drop_collection", dropped)
    monkeypatch.setattr(client, "drop_alias", dropped_alias)
    shelf = Shelf(home, milvus)
    shelf.lose = drop
    return shelf


class Shelf:
    """A home whose chunks are on a server."""

    lose: Callable[[str], None]
    """Takes a collection off the server."""

    def __init__(self, home: Path, address: str) -> None:
        self.home, self.address, self.store = home, address, SnapshotStore(home)

    def hold(self, *releases: Release, encoder: FakeEncoder | None = None, vectors: str | None = None) -> str:
        address = self.address if vectors is None else vectors
        return built(self.home, *releases, encoder=encoder, vectors=address).snapshot

    def found(self, question: str = "oil") -> list[str]:
        return answers(self.store.open(), question)

    def place(self, name: str | None = None) -> Place:
        place = Place.of(self.store.folder / (name or str(self.store.live())))
        assert place is not None
        return place

    def collections(self) -> list[str]:
        """The snapshots, by name, that the server holds for this home."""
        client = server_at(self.address)._client
        names = [name for name in client.list_collections() if name.startswith(f"{self.place().alias}_")]
        return sorted(name.removeprefix(f"{self.place().alias}_").replace("_", "-") for name in names)

    def alias(self) -> str:
        named = server_at(self.address)._client.describe_alias(self.place().alias)
        return str(named["collection_name"])


def answers(snapshot: Snapshot, question: str) -> list[str]:
    hits = Searcher(snapshot, FakeEncoder()).search(question)
    snapshot.catalog.close()
    return [hit.release.id for hit in hits if hit.score > 0]


@pytest.mark.process
def test_a_rebuild_makes_a_new_collection_and_encodes_what_changed(shelf: Shelf) -> None:
    first = shelf.hold(OIL, WIND)
    assert shelf.found() == ["oil"]
    second = shelf.hold(OIL, GAS, encoder=(encoder := FakeEncoder()))
    assert encoder.asked[0] == "A\nGas fell."
    assert "A\nOil rose." not in encoder.asked[:1]
    assert shelf.collections() == [first, second]
    assert shelf.alias() == shelf.place().collection == shelf.place(second).collection
    assert (shelf.found("gas"), shelf.found("wind")) == (["gas"], [])
    assert isinstance(shelf.store.open().searched, ServedVectors)


@pytest.mark.process
def test_a_reader_finishes_on_its_collection(shelf: Shelf) -> None:
    shelf.hold(OIL, WIND)
    reader = shelf.store.open()
    searcher = Searcher(reader, FakeEncoder())
    shelf.hold(GAS)
    shelf.hold(GAS, OIL)
    assert [hit.release.id for hit in searcher.search("wind") if hit.score > 0] == ["wind"]
    assert len(shelf.collections()) == 3
    last = shelf.hold(OIL)
    assert (len(shelf.collections()), shelf.collections()[-1]) == (3, last)
    reader.catalog.close()


@pytest.mark.process
def test_a_rollback_goes_back_to_the_collection_before(shelf: Shelf) -> None:
    first, second = shelf.hold(OIL), shelf.hold(GAS)
    assert shelf.store.rollback() == (second, first)
    assert (shelf.found(), shelf.alias()) == (["oil"], shelf.place(first).collection)
    shelf.hold(WIND)
    shelf.lose(shelf.place(first).collection)
    with pytest.raises(RebuildError, match=rf"the snapshot before .* the collection {shelf.place(first).collection}"):
        shelf.store.rollback()
    assert shelf.found("wind") == ["wind"]


class Killed(BaseException):
    """The process dies here."""


@pytest.mark.process
@pytest.mark.parametrize(
    ("owner", "step"),
    [
        (VectorServer, "upsert"),
        (VectorServer, "finish"),
        (Place, "save"),
        (VectorServer, "point"),
        (Path, "rename"),
        (SnapshotStore, "_point_to"),
        (SnapshotStore, "_remove_all_but"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_rebuild_that_dies_leaves_an_index_and_its_remains_are_removed(
    owner: type, step: str, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(*_: object) -> None:
        raise Killed

    shelf.hold(OIL)
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, dying)
        with pytest.raises(Killed):
            shelf.hold(GAS)
    assert shelf.found("oil and gas") == held(shelf.home)
    shelf.hold(WIND)
    last = shelf.hold(WIND, OIL)
    assert (sorted(shelf.found("wind and oil")), shelf.alias()) == (["oil", "wind"], shelf.place(last).collection)
    # The live one and the one before; of what died, and of what the last swap removed, one may wait for the next sweep.
    folders = {path.name for path in shelf.store.folder.iterdir()}
    assert set(shelf.collections()) >= folders
    assert (len(folders), len(shelf.collections())) == (2, 3)


@pytest.mark.process
def test_a_first_rebuild_that_dies_does_not_stand_in_the_way(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(VectorServer, "finish", dying)
        with pytest.raises(Killed):
            shelf.hold(OIL)
    last = shelf.hold(OIL)
    assert (shelf.found(), shelf.collections()) == (["oil"], [last])


@pytest.mark.process
def test_a_server_that_goes_away_is_named(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from milvus_lite.server_manager import server_manager_instance

    address = str(tmp_path / "away.db")
    built(home, OIL, vectors=address)
    snapshot = SnapshotStore(home).open()
    searcher = Searcher(snapshot, FakeEncoder())
    monkeypatch.setattr(vector_server, "SECONDS", 1)
    server_manager_instance.release_server(address)
    with pytest.raises(SearchServerError, match=r"away\.db cannot be searched"):
        searcher.search("oil")
    snapshot.catalog.close()


@pytest.mark.process
def test_a_lost_collection_is_named_and_filled_again_without_encoding(shelf: Shelf) -> None:
    shelf.hold(OIL, GAS)
    (shelf.home / GATE).write_text(json.dumps({"question": "oil", "releases": ["oil"]}) + "\n")
    shelf.lose(shelf.place().collection)
    with pytest.raises(IndexMismatchError, match=r"the collection \w+ at .* is gone; run `communique rebuild`"):
        shelf.found()
    report = built(shelf.home, OIL, GAS, vectors=shelf.address)
    assert (report.encoded_chunks, report.unchanged, shelf.found()) == (0, 2, ["oil"])


@pytest.mark.process
def test_a_collection_of_another_size_is_refused(shelf: Shelf) -> None:
    shelf.hold(OIL, GAS)
    server = server_at(shelf.address)
    server._client.delete(shelf.place().collection, ids=[0])
    with pytest.raises(IndexMismatchError, match="holds 1 chunks, not 2"):
        shelf.found()


@pytest.mark.process
def test_an_index_moves_to_a_server_and_back_without_encoding(shelf: Shelf) -> None:
    shelf.hold(OIL, GAS, vectors="")
    assert isinstance(shelf.store.open().searched, VectorStore)
    report = built(shelf.home, OIL, GAS, vectors=shelf.address)
    assert (report.encoded_chunks, shelf.found(), len(shelf.collections())) == (0, ["oil"], 1)
    alias = shelf.place().alias
    for _ in range(3):
        assert built(shelf.home, OIL, GAS).encoded_chunks == 0
    assert shelf.found() == ["oil"]
    assert Place.of(shelf.store.require()) is None
    assert not [name for name in server_at(shelf.address)._client.list_collections() if name.startswith(alias)]


@pytest.mark.process
def test_two_homes_leave_each_other_alone(shelf: Shelf, tmp_path: Path) -> None:
    shelf.hold(OIL)
    other = Shelf(tmp_path / "other", shelf.address)
    for releases in ([GAS], [GAS, WIND], [GAS]):
        other.hold(*releases)
    assert (shelf.found(), other.found("gas")) == (["oil"], ["gas"])
    assert shelf.place().alias != other.place().alias


def test_a_copied_home_is_another_one(tmp_path: Path) -> None:
    first, copy = tmp_path / "first", tmp_path / "copy"
    for home in (first, copy):
        home.mkdir()
        Ledger("same", ("http://127.0.0.1:1",)).save(home)
    assert Placing(first, "")._alias(Ledger.of(first)) != Placing(copy, "")._alias(Ledger.of(copy))


@pytest.mark.process
def test_a_server_that_is_away_leaves_the_index_as_it_was(home: Path) -> None:
    built(home, OIL)
    with pytest.raises(SearchServerError, match=r"http://127\.0\.0\.1:9 cannot be searched: .*; start it"):
        built(home, OIL, GAS, vectors="http://127.0.0.1:9")
    assert (held(home), answers(SnapshotStore(home).open(), "oil")) == (["oil"], ["oil"])


def test_without_the_library_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(SearchServerError, match=r'pymilvus is not installed; run `.*\[milvus\]"`'):
        VectorServer("http://127.0.0.1:9")


@pytest.mark.parametrize("content", ["", "{}", '{"address": 1}', "[]"])
def test_a_spoiled_note_is_named_with_the_command(content: str, tmp_path: Path) -> None:
    (tmp_path / "served.json").write_text(content)
    with pytest.raises(IndexMismatchError, match=r"served\.json is not readable; run `communique rebuild`"):
        Place.of(tmp_path)
