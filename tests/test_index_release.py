"""Records: what a digest notices, and ids made of content."""

from dataclasses import replace
from datetime import date

import pytest

from index.release import Chunk, Origin, Release, Sentence
from tests.fakes import release

VISIT = release(day="2024-03-07")


@pytest.mark.parametrize(
    "change",
    [{"text": "Oil."}, {"title": "B"}, {"date": date(2024, 3, 8)}, {"date": None}, {"language": "ru"}, {"url": "u"}],
)
def test_a_digest_changes_with_what_a_reader_sees(change: dict[str, object]) -> None:
    assert replace(VISIT, **change).digest != VISIT.digest  # type: ignore[arg-type]


def test_a_digest_does_not_change_with_the_rest() -> None:
    assert replace(VISIT, id="other", date_origin=Origin.DERIVED).digest == VISIT.digest


def test_text_cannot_pass_for_a_title() -> None:
    assert Release("a", text="ab", title="c").digest != Release("a", text="a", title="bc").digest


def test_half_a_character_has_a_digest() -> None:
    assert len(Release("a", text="\ud800").digest) == 64


def test_ids_name_release_and_span() -> None:
    assert Sentence("visit", 3, 10, 14, "Oil.").id == "visit#10-14"
    assert Chunk("visit", 10, 14, "Oil.", "A").id == "visit#10-14"


def test_a_chunk_without_header_is_embedded_as_it_is() -> None:
    assert Chunk("visit", 0, 4, "Oil.", "").embedded_text == "Oil."
    assert Chunk("visit", 0, 4, "Oil.", "A (7 March 2024)").embedded_text == "A (7 March 2024)\nOil."
