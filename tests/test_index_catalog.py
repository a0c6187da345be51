"""The catalog: what is written comes back, in order, and a spoiled file says so."""

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.catalog import Catalog, Coverage
from index.catalog_writer import CatalogWriter, Entry
from index.chunking import chunks, sentences
from index.errors import IndexMismatchError
from index.release import Release
from tests.fakes import release, tree

OLD = release("old", "Oil rose 😀. Gas fell.", "2023-09-07", title="Prices")
NEW = release("new", "Wind turned.", "2024-03-07")
UNDATED = release("undated", "«Мұнай» & <gas> 'quoted'.", title="")
MARCH = (date(2024, 3, 1), date(2024, 3, 31))


def entry(item: Release, *stated: tuple[date, date]) -> Entry:
    parts = sentences(item)
    return Entry(item, parts, chunks(item, parts, 12), stated)


def written(folder: Path, *entries: Entry) -> None:
    with CatalogWriter(folder / "catalog.sqlite") as writer:
        writer.withdraw([], [], date(2024, 3, 7))
        writer.insert(entries)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    written(tmp_path, entry(OLD, MARCH), entry(NEW), entry(UNDATED, MARCH, MARCH))
    found = Catalog(tmp_path / "catalog.sqlite")
    yield found
    found.close()


def test_releases_come_back_whole(catalog: Catalog) -> None:
    assert list(catalog.releases()) == [OLD, NEW, UNDATED]
    assert [catalog.release(item.id) for item in (NEW, UNDATED)] == [NEW, UNDATED]
    assert catalog.release("nobody") is None
    assert catalog.release_at(1) == NEW


def test_the_newest_come_first_and_undated_last(catalog: Catalog) -> None:
    assert [item.id for item in catalog.releases(newest_first=True)] == ["new", "old", "undated"]


def test_coverage_is_the_period_of_the_dated(catalog: Catalog) -> None:
    assert catalog.coverage() == Coverage(3, date(2023, 9, 7), date(2024, 3, 7))


def test_numbers_dates_and_digests(catalog: Catalog) -> None:
    assert catalog.numbers() == {"old": 0, "new": 1, "undated": 2}
    assert catalog.published().tolist() == [date(2023, 9, 7).toordinal(), date(2024, 3, 7).toordinal(), 0]
    assert catalog.digests() == {item.id: item.digest for item in (OLD, NEW, UNDATED)}


def test_stated_days_carry_their_release(catalog: Catalog) -> None:
    days = date(2024, 3, 1).toordinal(), date(2024, 3, 31).toordinal()
    assert catalog.stated_dates().tolist() == [[0, *days], [2, *days], [2, *days]]


def test_chunk_rows_run_on_through_the_releases(catalog: Catalog) -> None:
    assert catalog.chunk_places().tolist() == [[0, 0], [0, 12], [1, 0], [2, 0]]
    assert [chunk.text for chunk in catalog.chunks(OLD).values()] == ["Oil rose 😀.", "Gas fell."]
    assert list(catalog.chunks(NEW)) == [2]
    assert list(catalog.chunks(OLD).values()) == chunks(OLD, sentences(OLD), 12)


def test_sentences_are_slices_of_the_text(catalog: Catalog) -> None:
    assert catalog.sentences(OLD) == sentences(OLD)
    assert [OLD.text[s.start : s.end] for s in catalog.sentences(OLD)] == ["Oil rose 😀.", "Gas fell."]


def test_reading_writes_nothing(catalog: Catalog, tmp_path: Path) -> None:
    before = tree(tmp_path)
    list(catalog.releases())
    assert tree(tmp_path) == before


def test_threads_share_a_catalog(catalog: Catalog) -> None:
    found: list[Coverage] = []
    threads = [threading.Thread(target=lambda: found.append(catalog.coverage())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [coverage.releases for coverage in found] == [3] * 4


def test_an_empty_catalog_covers_nothing(tmp_path: Path) -> None:
    written(tmp_path)
    catalog = Catalog(tmp_path / "catalog.sqlite")
    assert catalog.coverage() == Coverage(0, None, None)
    catalog.close()


def test_a_missing_catalog_is_named_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(IndexMismatchError, match=r"catalog\.sqlite is missing .* `communique rebuild`"):
        Catalog(tmp_path / "catalog.sqlite")


@pytest.mark.parametrize("content", [b"", b"garbage" * 1_000])
def test_a_spoiled_catalog_is_named_with_the_command(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(content)
    with pytest.raises(IndexMismatchError, match=r"not a readable catalog; run `communique rebuild`"):
        Catalog(tmp_path / "catalog.sqlite")


def test_a_folder_may_hold_signs_that_mean_something_in_an_address(tmp_path: Path) -> None:
    folder = tmp_path / "a b?c#d%20é"
    folder.mkdir()
    written(folder, entry(NEW))
    catalog = Catalog(folder / "catalog.sqlite")
    assert catalog.coverage().releases == 1
    catalog.close()
