"""Releases searched and listed over a small index: best or newest first, in parts, inside a window."""

from datetime import date
from pathlib import Path

import pytest

from rag.releases import Releases
from tests.fakes import built, opened, release

OIL = release("oil", "Nobody knew why. The price of oil rose.", "2024-03-07", title="Oil prices")
GAS = release("gas", "«Газ» 😀: the price of gas fell in Almaty.", "2023-09-07", title="Gas prices")
WIND = release("wind", "The wind blew.", title="Wind")


@pytest.fixture
def releases(home: Path) -> Releases:
    built(home, OIL, GAS, WIND)
    return opened(home).releases


def test_a_search_tells_the_nearest_first_with_the_passage_it_was_found_by(releases: Releases) -> None:
    page = releases.search("What did gas do in Almaty?")
    best = page.found[0]
    assert (best.release.id, page.total, page.next) == ("gas", None, None)
    assert best.passage
    assert best.passage.text == best.release.text[best.passage.start : best.passage.end]
    assert best.score == max(found.score or 0 for found in page.found)


def test_a_list_has_all_the_newest_first_and_the_undated_last(releases: Releases) -> None:
    page = releases.listed()
    assert [found.release.id for found in page.found] == ["oil", "gas", "wind"]
    assert (page.total, page.found[0].score, page.found[0].passage) == (3, None, None)


@pytest.mark.parametrize("query", ["", "oil gas wind"])
def test_parts_follow_one_another_without_a_gap(releases: Releases, query: str) -> None:
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        page = releases.search(query, None, None, 1, after) if query else releases.listed(None, None, 1, after)
        seen += [found.release.id for found in page.found]
        after = page.next
    assert sorted(seen) == ["gas", "oil", "wind"]


def test_a_window_leaves_out_what_was_published_outside_it(releases: Releases) -> None:
    days = date(2024, 1, 1), date(2024, 3, 7)
    assert [found.release.id for found in releases.listed(*days).found] == ["oil"]
    assert [found.release.id for found in releases.search("gas", *days).found] == ["oil"]


def test_the_sentences_of_a_release_are_slices_of_it(releases: Releases) -> None:
    found = releases.sentences(OIL)
    assert [part.text for part in found] == ["Nobody knew why.", "The price of oil rose."]
    assert all(part.text == OIL.text[part.start : part.end] for part in found)
