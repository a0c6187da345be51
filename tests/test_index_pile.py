"""Releases put by: what comes back is what went in, from memory and from the disk, and no file is left to see."""

from dataclasses import astuple
from datetime import date
from pathlib import Path

import pytest

from index import pile
from index.pile import Chosen, Pile
from index.release import Origin, Release
from tests.fakes import release

RELEASES = [release(f"r{number}", f"Oil rose {number} times. 😀") for number in range(5)]


@pytest.mark.parametrize("in_memory", [1, 1_000_000])
def test_releases_come_back_as_they_were(in_memory: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pile, "IN_MEMORY", in_memory)
    put_by = Pile(tmp_path)
    for item in RELEASES:
        put_by.append(item)
        assert put_by[-1] == item  # Reading between does not disturb what is written next.
    assert (list(put_by), len(put_by), put_by[1:3]) == (RELEASES, 5, RELEASES[1:3])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "odd",
    [
        Release("", ""),
        Release("a", "b", "c", Origin.DERIVED, date(1, 1, 1), Origin.GIVEN, "ru", 'https://example.org/?a="b"', True),
        Release("last", "x", date=date.max, date_origin=Origin.DERIVED, title_origin=Origin.GIVEN),
        Release("signs", "\x00\x1f\u2028\\ \"'\r\n\t 😀 Қазақстан"),
        Release("halves", "\ud800 \udc00", "\ud83d\ude00"),  # two halves stay two: a span counts each
    ],
    ids=lambda odd: odd.id,
)
def test_every_field_comes_back_exactly(odd: Release) -> None:
    put_by = Pile()
    put_by.append(odd)
    back = put_by[0]
    assert [(type(value), value) for value in astuple(back)] == [(type(value), value) for value in astuple(odd)]
    assert back.digest == odd.digest


def test_beyond_the_end_there_is_nothing() -> None:
    with pytest.raises(IndexError):
        Pile()[0]


def test_some_are_chosen_in_an_order() -> None:
    chosen = Chosen(RELEASES, [3, 0, 4])
    assert (len(chosen), chosen[1], chosen[1:]) == (3, RELEASES[0], [RELEASES[0], RELEASES[4]])
    assert [item.id for item in chosen] == ["r3", "r0", "r4"]
