"""Texts that are the same again are told from texts of one template."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexMismatchError
from index.search import Searcher
from index.signatures import NUMBERS, Signatures, signature
from index.snapshots import SnapshotStore
from tests.fakes import FakeEncoder, built, release

WORDS = "The minister met the envoy of Norway in the old harbour and they spoke of oil, gas and the price of both. " * 6
OTHER = "Wind turbines were opened near the coast on a rainy day by nobody in particular while the gas ran out. " * 6


def text(count: int) -> str:
    """A text of `count` different sentences."""
    return " ".join(
        f"On day {number} the envoy number {number} spoke of oil and of harbour {number}." for number in range(count)
    )


def test_a_text_resembles_itself_whatever_its_spaces_and_case() -> None:
    assert (signature(WORDS) == signature(WORDS.upper().replace(" ", "  "))).all()


def test_resemblance_is_the_share_of_common_shingles() -> None:
    rows = Signatures(
        [signature(text(100)), signature(text(100) + " And one more."), signature(text(50)), signature(OTHER)]
    )
    assert rows.resemblance(0, 1) > 0.9
    assert 0.3 < rows.resemblance(0, 2) < 0.7
    assert rows.resemblance(0, 3) < 0.1


@pytest.mark.parametrize("short", ["", "oil", "oil gas"])
def test_short_texts_have_signatures(short: str) -> None:
    assert signature(short).shape == (NUMBERS,)


def test_signatures_are_kept_with_the_snapshot(tmp_path: Path) -> None:
    Signatures([signature(WORDS), signature(OTHER)]).save(tmp_path)
    assert np.array_equal(Signatures.open(tmp_path).rows[1], signature(OTHER))
    with pytest.raises(IndexMismatchError, match="rebuild"):
        Signatures.open(tmp_path / "nowhere")


def test_a_reissue_is_listed_with_the_release_that_is_shown(home: Path) -> None:
    first = release("first", text(60), "2024-03-01", title="Talks on oil")
    again = replace(first, id="again", text=first.text + " and so they parted.")
    built(home, first, again, release("other", OTHER + " oil", "2024-03-01", title="Talks on oil"))
    hits = Searcher(SnapshotStore(home).open(), FakeEncoder()).search("What did the envoy say of oil?")
    assert [hit.release.id for hit in hits] in (["first", "other"], ["again", "other"])
    assert {hits[0].release.id, *(found.id for found in hits[0].reissues)} == {"first", "again"}


def test_an_unchanged_release_keeps_its_signature(home: Path) -> None:
    built(home, release("one", WORDS), release("two", OTHER))
    built(home, release("zero", text(3)), release("two", OTHER))
    snapshot = SnapshotStore(home).open()
    assert (snapshot.signatures.rows[snapshot.numbers["two"]] == signature(OTHER)).all()
